"""The words of review: items of the queue, what is done to them, and by whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sharing.terms.scoring import Priority, RedFlag, Sighting, Why


class ReviewState(StrEnum):
    """How far a review has come; the last three are its outcomes."""

    NEW = "new"
    IN_REVIEW = "in_review"
    EXPLAINED = "explained"
    INAPPROPRIATE = "inappropriate"
    BREACH = "breach"


OUTCOMES: Final = (ReviewState.EXPLAINED, ReviewState.INAPPROPRIATE, ReviewState.BREACH)


OPEN: Final = (ReviewState.NEW, ReviewState.IN_REVIEW)


class ReviewAct(StrEnum):
    """What somebody did to an item; every act is kept."""

    QUEUED = "queued"
    OPENED = "opened"
    ASSIGNED = "assigned"
    NOTED = "noted"
    RECONCILED = "reconciled"
    REFERRED = "referred"
    BREACH_SAID = "breach_said"
    CLOSED = "closed"


class Hindrance(StrEnum):
    """Why somebody may not close an item."""

    CLOSED = "closed"
    NOT_OPENED = "not_opened"
    CONCERNED = "concerned"
    OWN_CLIENT = "own_client"
    OWN_LINE = "own_line"
    ANOTHER_NEEDED = "another_needed"
    BREACH_SAID = "breach_said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How somebody who would close an item stands to it, as far as this service knows."""

    state: ReviewState
    opened: bool
    concerned: bool = False
    own_client: bool = False
    own_line: bool = False
    breach_said_by_them: bool = False
    breach_said: bool = False


@dataclass(frozen=True, slots=True)
class Involvement:
    """One thing on file by which an agency had to do with a subject: a code and a day, no words."""

    what: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the file says of "was there an open involvement?", as a note, and what that suggests."""

    note: str
    proposed: ReviewState


@dataclass(frozen=True, slots=True)
class Examiner:
    """Who reviews: a client, or somebody who is signed in; `whole`: they may read all of the log.

    Exactly one of `client` and `person` is said.
    """

    agency: str
    whole: bool
    client: str | None = None
    person: str | None = None

    @property
    def name(self) -> str:
        """By which name they go here."""
        return self.person or self.client or ""


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """An item of the queue, without anybody's name; `sightings` say why it is there."""

    id: UUID
    number: int
    entry: UUID
    at: datetime
    recipient: str
    source: str | None
    why: tuple[Why, ...]
    score: int
    sightings: tuple[Sighting, ...]
    settings: int
    priority: Priority
    queued_at: datetime
    due: datetime
    state: ReviewState
    owner: str | None
    breach_said_by: str | None
    breach_said_at: datetime | None
    referred_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None

    @property
    def reference(self) -> str:
        """How people speak of it."""
        return f"R-{self.number:06}"


@dataclass(frozen=True, slots=True)
class ActOnFile:
    """What somebody did to an item; `note` is None where none was made, or it is not shown."""

    act: ReviewAct
    by: str
    agency: str
    at: datetime
    detail: str | None
    note: str | None
    noted: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items of the queue are wanted; None leaves a filter out."""

    states: tuple[ReviewState, ...] = OPEN
    overdue_at: datetime | None = None
    owner: str | None = None
    flag: RedFlag | None = None


@dataclass(frozen=True, slots=True)
class FlagOutcomes:
    """What became of the items that bore a flag: that is what its weight is tuned by."""

    flag: RedFlag
    open: int
    explained: int
    inappropriate: int
    breach: int

    @property
    def found_wrong_percent(self) -> int | None:
        """The share of closed items that were inappropriate or a breach; None of none."""
        closed = self.explained + self.inappropriate + self.breach
        wrong = self.inappropriate + self.breach
        return None if closed == 0 else round(100 * wrong / closed)
