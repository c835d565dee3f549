"""The closed lists of sharing: kinds, bases, requirements, public codes and private grounds."""

from enum import IntEnum, StrEnum
from typing import Final

from consent.terms import ALL

EVERY_SOURCE: Final = ALL
INVOLVEMENT: Final = "involvement"
HOUSEHOLD: Final = "household"
CONTACT: Final = "contact"
NONE_REQUIRED: Final = "none"


class Kind(StrEnum):
    """What is asked for: the record itself, or only which agencies are involved."""

    CONTENT = "content"
    POINTER = "pointer"


class LawfulBasis(StrEnum):
    """UK GDPR, Article 6(1)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"


class Requirement(StrEnum):
    """What a flow needs besides its lawful basis."""

    NONE = "none"
    FAMILY_AGREEMENT = "family_agreement"
    DATA_CONSENT = "data_consent"


class OverrideReason(StrEnum):
    """Why a missing consent may be passed over; each use is reviewed."""

    RISK_OF_SIGNIFICANT_HARM = "risk_of_significant_harm"
    VITAL_INTERESTS = "vital_interests"
    SERIOUS_CRIME = "serious_crime"
    COURT_ORDER = "court_order"


class Assurance(IntEnum):
    """How surely a request names its practitioner; a flow may ask for more than none."""

    NONE = 0
    STATED = 1
    SIGNED = 2
    SIGNED_IN = 3


class Reason(StrEnum):
    """The public codes, in the order they are checked."""

    REQUEST_INVALID = "request_invalid"
    AGENCY_NOT_ACTIVE = "agency_not_active"
    CLIENT_NOT_PERMITTED = "client_not_permitted"
    JUSTIFICATION_REQUIRED = "justification_required"
    NO_AGREEMENT = "no_agreement"
    FLOW_NOT_COVERED = "flow_not_covered"
    BASIS_NOT_ACCEPTED = "basis_not_accepted"
    NOT_AVAILABLE = "not_available"


class Ground(StrEnum):
    """What is true, for the log only: why something was refused, or what a permit rests on."""

    NO_RECORD = "no_record"
    NO_CONSENT = "no_consent"
    OUT_OF_SCOPE = "out_of_scope"
    EXPIRED = "expired"
    LAPSED_VERBAL = "lapsed_verbal"
    VERBAL_NOT_ACCEPTED = "verbal_not_accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CONFLICT = "conflict"
    SHIELDED = "shielded"
    SOURCE_WITHHELD = "source_withheld"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    STATUTORY = "statutory"
    AGREEMENT = "agreement"
    CONSENT = "consent"
    OVERRIDE = "override"


class Obligation(StrEnum):
    """A duty that comes with a permit and must be closed."""

    CONFIRM_CONSENT_IN_WRITING = "confirm_consent_in_writing"
    AGREEMENT_REVIEW_DUE = "agreement_review_due"
    IG_REVIEW = "ig_review"
    NOTIFY_SOURCE = "notify_source"
    INFORM_SUBJECT = "inform_subject"
    DO_NOT_REVEAL_LOCATION = "do_not_reveal_location"


class Flag(StrEnum):
    """What a reviewer of the log should see at a glance."""

    REFUSAL_ON_FILE = "refusal_on_file"
    SHIELD_PIERCED = "shield_pierced"
