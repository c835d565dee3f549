"""What source agencies deposit and hold back, as they send it and as it is on file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Depositor:
    """The client that deposits, and the source agency it speaks for."""

    client_id: str
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A record to be kept; all but its content is kept in clear. `starts` None is now."""

    source: str
    category: str
    content: Mapping[str, Any]
    starts: datetime | None = None
    ends: datetime | None = None
    retain_until: datetime | None = None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldBack:
    """What a source decides not to share, and why; `starts` None is now."""

    source: str
    categories: frozenset[str]
    starts: datetime | None = None
    ends: datetime | None = None
    reason: str
    by: str
    review_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many months an agreement in force keeps a category."""

    agreement: str
    version: int
    months: int


@dataclass(frozen=True, slots=True)
class TooLong:
    """That a deposit would stay longer than may be: until when it could, and who says so."""

    allowed: datetime
    by: Kept | None


class Removed(StrEnum):
    """Why the content of a record is gone."""

    PAST_RETENTION = "past_retention"


@dataclass(frozen=True, slots=True)
class RecordOnFile:
    """A deposit; its content is told only by a disclosure. What was removed has none any more."""

    id: UUID
    source: str
    category: str
    starts: datetime
    ends: datetime | None
    retain_until: datetime | None
    recorded_at: datetime
    replaces: UUID | None = None
    removed_at: datetime | None = None
    removed_because: Removed | None = None
    disputed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WithholdOnFile:
    """That a source holds categories back, until when, and when it looks at that again."""

    id: UUID
    source: str
    categories: frozenset[str]
    starts: datetime
    ends: datetime | None
    review_at: datetime | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeadPractitioner:
    """Whom to ring at an agency that is involved."""

    name: str | None = None
    role: str | None = None
    telephone: str | None = None
    email: str | None = None


class Act(StrEnum):
    """What a line of a bulk put does to an involvement."""

    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Involvement:
    """That an agency works with a subject since a day, and whom to ring there."""

    act: Act
    since: date | None = None
    until: date | None = None
    lead_practitioner: LeadPractitioner | None = None


class LineOutcome(StrEnum):
    """What came of one line; a line that was refused changed nothing."""

    OPENED = "opened"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LineDone:
    """One line of a bulk put: the record that stands for it now, or why nothing was done."""

    line: int
    outcome: LineOutcome
    record: UUID | None = None
    code: str | None = None
    detail: str | None = None


class NotSharedBecause(StrEnum):
    """Why a source decided not to share, in a word that can be counted."""

    RISK_OF_HARM = "risk_of_harm"
    NOT_NECESSARY = "not_necessary"
    NO_LAWFUL_BASIS = "no_lawful_basis"
    FAMILY_REFUSED = "family_refused"
    LAW_FORBIDS = "law_forbids"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecisionNotToShare:
    """That a source was asked for something and decided not to share it, as it records that."""

    source: str
    by: str
    asked_by: str
    purpose: str
    categories: frozenset[str]
    because: NotSharedBecause
    reason: str
    decided_by: str
    decided_role: str
    review_at: datetime
    family_told: bool
    not_told_because: str | None = None
    decided_at: datetime | None = None
    withhold: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionNotToShare:
    """A decision not to share as it is listed: whom it is about and its words stay sealed."""

    id: UUID
    source: str
    asked_by: str
    purpose: str
    categories: frozenset[str]
    because: NotSharedBecause
    decided_by: str
    decided_role: str
    decided_at: datetime
    family_told: bool
    review_at: datetime
    withhold: UUID | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class WholeDecision:
    """A decision not to share with its words, for its source and for IG leads."""

    decision: DecisionNotToShare
    reason: str | None
    not_told_because: str | None


@dataclass(frozen=True, slots=True)
class NotSharedCount:
    """How often a source decided so, for reports."""

    source: str
    because: NotSharedBecause
    decisions: int
    family_told: int
