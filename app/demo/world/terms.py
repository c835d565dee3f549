"""The words of the demonstration's plan. Every `at` is when the fact is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.demo.world.charter import PlannedAgency, PlannedAgreement, PlannedClient


class State(StrEnum):
    """What a family's file shows; each state has at least one family."""

    NONE = "none"
    VERBAL_FRESH = "verbal_fresh"
    VERBAL_LAPSED = "verbal_lapsed"
    CONFIRMED = "confirmed"
    WRITTEN = "written"
    RENEWAL_DUE = "renewal_due"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    REPLACED = "replaced"
    PARENTS_DISAGREE = "parents_disagree"
    STEP_PARENT_ONLY = "step_parent_only"
    WHOLE_FAMILY = "whole_family"
    COMPETENT_YES = "competent_yes"
    COMPETENT_NO = "competent_no"
    NOT_ASSESSED = "not_assessed"
    SIXTEEN = "sixteen"
    SIXTEEN_OWN_WORD = "sixteen_own_word"
    ADULT_WITHOUT_SAY = "adult_without_say"
    SHIELDED_HIDDEN = "shielded_hidden"
    SHIELDED_MASKED = "shielded_masked"
    SIBLING_SHIELDED = "sibling_shielded"
    SENSITIVE_BY_NAME = "sensitive_by_name"
    SENSITIVE_ONLY = "sensitive_only"
    CHARITY_CONSENT = "charity_consent"
    CHARITY_AGREEMENT_ONLY = "charity_agreement_only"
    JOINED_LATER = "joined_later"
    STEP_DOWN = "step_down"
    WITHHELD = "withheld"
    POLICE_NOTICE = "police_notice"
    CONFLICT_OF_INTEREST = "conflict_of_interest"


class Oddity(StrEnum):
    """What an information governance lead should notice in the log."""

    OUT_OF_HOURS = "out_of_hours"
    MANY_IN_AN_HOUR = "many_in_an_hour"
    SHIELDED_CHILD = "shielded_child"
    SAME_OVERRIDE_TEXT = "same_override_text"
    THREE_REFUSALS = "three_refusals"
    SEVERAL_ASKERS = "several_askers"
    PROBING = "probing"
    AFTER_WITHDRAWAL = "after_withdrawal"


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Someone who does not exist. `identifiers` are pairs of scheme and value."""

    key: str
    family: str
    given: str
    surname: str
    born: date
    adult: bool
    identifiers: tuple[tuple[str, str], ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class PlannedRelationship:
    """Who an adult is to a child, and whether they hold parental responsibility."""

    at: datetime
    child: str
    person: str
    kind: str
    parental_responsibility: bool


@dataclass(frozen=True, slots=True)
class PlannedNoSay:
    """From when an adult's word about a child no longer counts, and what shows it."""

    at: datetime
    child: str
    person: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PlannedHousehold:
    """Who lives with a child."""

    at: datetime
    child: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedConsent:
    """One answer; `key` is what another names in `replaces`."""

    at: datetime
    key: str
    subjects: tuple[str, ...]
    given_by: str
    kind: str = "family_agreement"
    capacity: str = "parental_responsibility"
    answer: str = "given"
    method: str = "written"
    recipients: tuple[str, ...] = ("eh-hub", "oak-school")
    purposes: tuple[str, ...] = ("early_help_support",)
    categories: tuple[str, ...] = ("*",)
    sources: tuple[str, ...] = ("*",)
    valid_until: datetime | None = None
    replaces: str | None = None
    language: str = "en"
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedConfirmation:
    """That a verbal yes was put in writing."""

    at: datetime
    consent: str


@dataclass(frozen=True, slots=True)
class PlannedWithdrawal:
    """That a consent was taken back."""

    at: datetime
    consent: str


@dataclass(frozen=True, slots=True)
class PlannedAssessment:
    """Whether a child can decide on one purpose, and who judged so."""

    at: datetime
    subject: str
    purpose: str
    competent: bool
    role: str
    agency: str


@dataclass(frozen=True, slots=True)
class PlannedShield:
    """Protection of subjects; `categories` for a masked one only."""

    at: datetime
    subjects: tuple[str, ...]
    mode: str
    categories: tuple[str, ...]
    unaffected: tuple[str, ...]
    reason: str
    set_by: str


@dataclass(frozen=True, slots=True)
class PlannedConflictOfInterest:
    """A practitioner who must not see a subject."""

    at: datetime
    subject: str
    practitioner: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlannedWithhold:
    """A source's decision not to share."""

    at: datetime
    source: str
    subject: str
    categories: tuple[str, ...]
    reason: str
    ends: datetime


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """What a source deposits; in `household` content, members are named by their keys."""

    at: datetime
    source: str
    subject: str
    category: str
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One request for a disclosure. `subject` is a key, or a number that nobody has."""

    at: datetime
    client: str
    subject: str
    source: str
    purpose: str
    basis: str
    categories: tuple[str, ...]
    practitioner: str
    role: str
    kind: str = "content"
    override: tuple[str, str] | None = None
    oddity: Oddity | None = None


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """What the police told a school of a child, and when the school read and answered it."""

    at: datetime
    subject: str
    recipient: str
    summary: str
    read_at: datetime | None = None
    done: str = "noted"


@dataclass(frozen=True, slots=True)
class PlannedEscalation:
    """A child handed over, at once or once the family agrees."""

    at: datetime
    direction: str
    subject: str
    source: str
    to: str
    basis: str
    duty: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class PlannedSettling:
    """That the worker looked which families that are to be handed over have agreed by now."""

    at: datetime


@dataclass(frozen=True, slots=True)
class PlannedNotShared:
    """That a source was asked and decided not to share, without telling the family."""

    at: datetime
    source: str
    subject: str
    asked_by: str
    categories: tuple[str, ...]
    because: str
    reason: str
    not_told_because: str
    review_at: datetime


@dataclass(frozen=True, slots=True)
class Try:
    """A request that shows a family's state, and the answer to expect."""

    client: str
    source: str
    purpose: str
    basis: str
    categories: tuple[str, ...]
    expect: Mapping[str, object]
    kind: str = "content"
    role: str = "member"
    practitioner: str | None = None
    override: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PlannedFamily:
    """One invented family; `child` is whom its state is about."""

    key: str
    surname: str
    state: State
    child: str


Fact = (
    PlannedRelationship
    | PlannedNoSay
    | PlannedHousehold
    | PlannedConsent
    | PlannedConfirmation
    | PlannedWithdrawal
    | PlannedAssessment
    | PlannedShield
    | PlannedConflictOfInterest
    | PlannedWithhold
    | PlannedRecord
    | PlannedRequest
    | PlannedNotice
    | PlannedEscalation
    | PlannedSettling
    | PlannedNotShared
)


@dataclass(frozen=True, slots=True)
class World:
    """All of it. `facts` are in the order in which they happened, and all before `at`."""

    at: datetime
    seed: int
    purposes: Mapping[str, str]
    categories: Mapping[str, tuple[str, bool]]
    agencies: tuple[PlannedAgency, ...]
    agreements: tuple[PlannedAgreement, ...]
    clients: tuple[PlannedClient, ...]
    families: tuple[PlannedFamily, ...]
    persons: Mapping[str, PlannedPerson]
    facts: tuple[Fact, ...] = field(default=())
