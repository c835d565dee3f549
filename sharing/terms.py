"""The words of sharing: what an agreement opens, what is asked, and the two answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Final
from uuid import UUID

from consent.terms import ALL, ALWAYS, Member, Period, Policy, Subject

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


@dataclass(frozen=True, slots=True)
class Identifier:
    """One way an agency knows a subject: the scheme and the value, in its normal form."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Who stands behind a request, and how surely that is known."""

    id: str
    role: str
    assurance: Assurance


@dataclass(frozen=True, slots=True)
class Override:
    """A reasoned request to go past a missing consent ("breaking the glass")."""

    reason: str
    justification: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """The client that asks, as it is registered at this instant."""

    client_id: str
    agency: str
    purposes: frozenset[str]
    kinds: frozenset[str]
    may_override: bool
    token_id: str = ""
    signed_as: str | None = None


@dataclass(frozen=True, slots=True)
class DisclosureRequest:
    """What is asked, as it came: codes are unchecked until `rules.screen` has seen them."""

    asker: Asker
    recipient: str
    source: str
    kind: str
    purpose: str
    claimed_basis: str
    categories: tuple[str, ...]
    identifiers: tuple[Identifier, ...] = ()
    practitioner: Practitioner | None = None
    override: Override | None = None
    narrowed_to: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """One path of an agreement: who to whom, which categories, what for, on which basis."""

    id: UUID
    code: str
    sources: frozenset[str]
    recipients: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str]
    basis: LawfulBasis
    requires: Requirement
    kinds: frozenset[str] = frozenset({Kind.CONTENT})
    verbal: bool = False
    override: bool = False
    pierces_shield: bool = False
    practitioner: Assurance = Assurance.NONE


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of an agreement: when it is in force, who its members are, what it opens."""

    code: str
    version: int
    period: Period
    members: Mapping[str, tuple[Period, ...]]
    flows: tuple[Flow, ...]
    review_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgencyStanding:
    """When an agency may take part, and whether its very name is sensitive."""

    active: tuple[Period, ...] = (ALWAYS,)
    sensitive_service: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What rests on the asker and the agreements alone; loaded before anyone looks for the subject.

    `categories` says of each known category whether it is sensitive. `agreements` hold at least
    those with the recipient among their members, in the order in which they are to be tried.
    """

    purposes: frozenset[str]
    categories: Mapping[str, bool]
    agencies: Mapping[str, AgencyStanding]
    agreements: tuple[Agreement, ...]
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class Withhold:
    """That a source judged disclosure more harmful than silence, and recorded it."""

    id: UUID
    source: str
    categories: frozenset[str]
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class Holding:
    """That a source holds a category of record about the subject, for a while."""

    source: str
    category: str
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """What rests on the subject; the same shape, and empty, for one that nobody knows."""

    subject: Subject | None
    holdings: tuple[Holding, ...] = ()
    withholds: tuple[Withhold, ...] = ()
    household: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A flow that fits what is asked, and the agreement that opens it."""

    agreement: Agreement
    flow: Flow


@dataclass(frozen=True, slots=True)
class Screened:
    """A request that passed everything which rests on the asker: the paths left to try.

    `paths` is keyed by source and category; `refused` holds the categories that no path carries.
    """

    asked: DisclosureRequest
    paths: Mapping[tuple[str, str], tuple[Path, ...]]
    refused: Mapping[str, Reason]


@dataclass(frozen=True, slots=True)
class Grant:
    """One category from one source, and what its disclosure rests on."""

    source: str
    category: str
    path: Path
    ground: Ground
    consents: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to disclose these grants and nothing else. Only `rules.decide` makes one."""

    asked: DisclosureRequest
    grants: tuple[Grant, ...]
    refused: Mapping[str, Reason]
    withheld: Mapping[str, Ground]
    obligations: tuple[Obligation, ...]
    flags: tuple[Flag, ...]
    left_out: frozenset[UUID] = frozenset()
    facts_used: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A disclosure that must not happen: what the asker is told, and what is true."""

    asked: DisclosureRequest
    reason: Reason
    ground: Ground | None = None
    withheld: Mapping[str, Ground] = field(default_factory=dict)
    facts_used: tuple[UUID, ...] = ()


Decision = Permit | Refusal


@dataclass(frozen=True, slots=True)
class Opened:
    """One record as it was read out, under a permit."""

    id: UUID
    source: str
    category: str
    recorded_at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What was decided and logged; what was permitted may be told once that is committed.

    `records` are empty for a pointer, whose answer is `sources`.
    """

    id: UUID
    at: datetime
    leaf_hash: bytes
    permit: Permit
    records: tuple[Opened, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal, logged exactly as a permit is."""

    id: UUID
    at: datetime
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """One stretch of an agency's membership, to be recorded; `joined` None is now."""

    agency: str
    joined: datetime | None = None
    departed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDraft:
    """A flow to be opened by a version."""

    code: str
    sources: frozenset[str]
    recipients: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str]
    kinds: frozenset[str]
    basis: LawfulBasis
    requires: Requirement
    law: str | None
    special_condition: str | None
    verbal: bool
    override: bool
    pierces_shield: bool
    practitioner: Assurance


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A version of an agreement, before it is activated."""

    effective_from: datetime
    expires: datetime | None
    review_due: datetime | None
    flows: tuple[FlowDraft, ...]


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """An agreement to be recorded, with its first version and its members."""

    code: str
    title: str
    human_contact: str | None
    members: tuple[MemberDraft, ...]
    draft: Draft


@dataclass(frozen=True, slots=True)
class VersionOnFile:
    """A version as people read it; frozen once it has been activated."""

    version: int
    effective_from: datetime
    expires: datetime | None
    review_due: datetime | None
    activated_at: datetime | None
    superseded_at: datetime | None
    flows: tuple[FlowDraft, ...]


@dataclass(frozen=True, slots=True)
class AgreementOnFile:
    """An agreement as people read it: through all its versions, with all that were members."""

    code: str
    title: str
    human_contact: str | None
    terminated_at: datetime | None
    members: tuple[MemberDraft, ...]
    versions: tuple[VersionOnFile, ...]


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement in a list."""

    code: str
    title: str
    terminated_at: datetime | None
