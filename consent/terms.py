"""The words of consent: who said what, for whom, about whom, and who else could decide."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

ALL: Final = "*"
"""In a set of codes: every one. What it covers in a yes and in a no differs; see `rules.covers`."""


class ConsentKind(StrEnum):
    """What was asked: to take part in early help, or to let data be passed on."""

    FAMILY_AGREEMENT = "family_agreement"
    DATA_CONSENT = "data_consent"


class Answer(StrEnum):
    """What was said; there is no default (UK GDPR, Article 4(11))."""

    GIVEN = "given"
    REFUSED = "refused"


class Method(StrEnum):
    """How it was said; a verbal yes lapses unless confirmed in writing."""

    WRITTEN = "written"
    VERBAL = "verbal"


class ShieldMode(StrEnum):
    """`hidden`: as if there were no record. `masked`: the named categories only."""

    HIDDEN = "hidden"
    MASKED = "masked"


class ParentsDisagree(StrEnum):
    """The council's rule for a yes beside a no of two people with parental responsibility."""

    ANY_NO_BLOCKS = "any_no_blocks"
    ONE_YES_SUFFICES = "one_yes_suffices"


class Lack(StrEnum):
    """Why consent does not carry a disclosure; the further down, the more is on file."""

    NO_CONSENT = "no_consent"
    OUT_OF_SCOPE = "out_of_scope"
    EXPIRED = "expired"
    LAPSED_VERBAL = "lapsed_verbal"
    VERBAL_NOT_ACCEPTED = "verbal_not_accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Period:
    """`starts <= at < ends`; a missing bound is open."""

    starts: datetime | None = None
    ends: datetime | None = None


ALWAYS: Final = Period()


@dataclass(frozen=True, slots=True)
class Consent:
    """One recorded answer of one person, as it stands on file for one subject.

    `recipients`, `purposes`, `categories` and `sources` may hold `ALL`; "all partners" was
    expanded to the agencies of that day when it was recorded. `replaced_at` is when a later record
    that replaces this one was recorded, whether or not that one still speaks of this subject.
    """

    id: UUID
    kind: ConsentKind
    given_by: UUID
    answer: Answer
    method: Method
    recorded_at: datetime
    recipients: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str]
    sources: frozenset[str] = frozenset({ALL})
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    confirmed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParentalResponsibility:
    """That a person decides for the subject while it lasts, and until they lose their say."""

    person: UUID
    period: Period = ALWAYS
    no_say: Period | None = None


@dataclass(frozen=True, slots=True)
class CompetenceAssessment:
    """That someone judged, at an instant, whether a child can decide on one purpose (Gillick)."""

    purpose: str
    competent: bool
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shield:
    """Protection of a subject from every agency but those it does not affect."""

    id: UUID
    mode: ShieldMode
    period: Period
    unaffected: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConflictOfInterest:
    """That a practitioner must not see this subject: family, or otherwise barred."""

    practitioner: str
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class Subject:
    """What is on file about who decides for a subject, and what they said."""

    id: UUID
    adult: bool = False
    born: date | None = None
    responsible: tuple[ParentalResponsibility, ...] = ()
    assessments: tuple[CompetenceAssessment, ...] = ()
    consents: tuple[Consent, ...] = ()
    shields: tuple[Shield, ...] = ()
    conflicts: tuple[ConflictOfInterest, ...] = ()
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class Member:
    """A subject named in a household, with whatever protects them."""

    id: UUID
    shields: tuple[Shield, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that a council signs off, as they stand at one instant.

    `consent_renewal_months`: a yes without an end is put before the family again after these.
    """

    own_decision_age: int = 16
    verbal_grace_days: int = 14
    parents_disagree: ParentsDisagree = ParentsDisagree.ANY_NO_BLOCKS
    version: int = 0
    consent_renewal_months: int = 12


@dataclass(frozen=True, slots=True)
class Need:
    """What one flow needs for one category from one source: the yes that must stand."""

    kinds: frozenset[ConsentKind]
    recipient: str
    source: str
    purpose: str
    category: str
    sensitive_category: bool = False
    sensitive_source: bool = False
    verbal_accepted: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """To what a yes speaks: agencies by name, and what for; the rest may be `ALL`."""

    recipients: frozenset[str]
    sources: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stance:
    """What the deciders say at one instant, taken together."""

    lack: Lack | None
    carried_by: tuple[UUID, ...] = ()
    to_confirm: bool = False
    refusal_on_file: bool = False


class Became(StrEnum):
    """What happened to an answer, from when it was recorded to when it stopped counting."""

    GIVEN = "given"
    REFUSED = "refused"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
