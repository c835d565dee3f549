"""The words for changing what the directory says: drafts, reports, and how two versions differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from directory.terms.agencies import DirectoryError
from directory.terms.quality import Quality
from directory.terms.records import Authorship, Document, Origin, RecordKind
from directory.terms.searching import Freshness

ANYBODY: Final = "anybody"
"""The author of what came without a name, by a public page."""


class UnknownDraft(DirectoryError):
    """No draft has this id, or none that this caller may see."""

    advice = "No draft has this id. GET /v1/directory/drafts lists those there are."


class UnknownReport(DirectoryError):
    """No report has this id, or none that this caller may see."""

    advice = "No report has this id. GET /v1/directory/reports lists those there are."


class ChangeKind(StrEnum):
    """What became of a part of a document."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two documents, at a JSON pointer (RFC 6901).

    The pointer leads into the new document; the last step of what was removed, into the old list.
    `before` and `after` are None where there is nothing; of what moved, they are the order of ids.
    """

    pointer: str
    kind: ChangeKind
    before: Any = None
    after: Any = None


class Decision(StrEnum):
    """What became of a draft."""

    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DraftState(StrEnum):
    """Which drafts are sought."""

    WAITING = "waiting"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Part:
    """One record of a draft; `base` is the number of the version it was made from, 0 if none."""

    kind: RecordKind
    document: Document
    base: int

    @property
    def id(self) -> UUID:
        """The id of the record."""
        return UUID(str(self.document["id"]))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that somebody proposes: a whole document, nested or as records are kept.

    `author` is the id of a client or person, `agency` theirs: they change only what it may see.
    `origin` is restored where the document is an earlier version's.
    """

    kind: RecordKind
    document: Document
    author: str
    agency: str | None
    note: str | None = None
    owner: str | None = None
    origin: Origin = Origin.EDITED


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who decided on a draft, when, and what they said."""

    decision: Decision
    by: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that waits for a second person, or was decided on. The record itself comes last.

    `author` is the id of a client or person, or `ANYBODY`.
    """

    id: UUID
    kind: RecordKind
    record: UUID
    parts: tuple[Part, ...]
    origin: Origin
    author: str
    made_at: datetime
    agency: str | None = None
    note: str | None = None
    owner: str | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class PartDifference:
    """How one record of a draft, or of a version, differs from what it is compared with."""

    kind: RecordKind
    id: UUID
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class DraftSeen:
    """A draft as one viewer may see it; `whole` says that nothing of the change is hidden."""

    draft: Draft
    differences: tuple[PartDifference, ...]
    document: Mapping[str, Any]
    whole: bool
    tag: str


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """A version with how it differs from the one before, as one viewer may see it."""

    number: int
    by: Authorship
    at: datetime
    document: Mapping[str, Any] | None = None
    changes: tuple[Change, ...] = ()


class ReportAbout(StrEnum):
    """Which part of a record somebody says is wrong."""

    NAME = "name"
    DESCRIPTION = "description"
    OPENING_TIMES = "opening_times"
    COST = "cost"
    AGES = "ages"
    CONTACT = "contact"
    PLACE = "place"
    CLOSED = "closed"
    OTHER = "other"


class ReportState(StrEnum):
    """Which reports are sought."""

    WAITING = "waiting"
    RESOLVED = "resolved"


class ReportOutcome(StrEnum):
    """What became of a report."""

    CORRECTED = "corrected"
    NOTHING_WRONG = "nothing_wrong"
    PASSED_ON = "passed_on"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an editor makes of a report, and what they say of it."""

    outcome: ReportOutcome
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NewReport:
    """What somebody says is wrong. `correction` are fields of the record as they should be.

    `sender` tells one sender from another for a day, and nothing else; `client` is the id of the
    program that sent it, with the agency it speaks for. `trusted` says that whoever vouches for
    the record sent it, though they may not see it here.
    """

    kind: RecordKind
    record: UUID
    about: ReportAbout
    text: str
    reply_to: str | None = None
    correction: Mapping[str, Any] | None = None
    sender: bytes | None = None
    client: str | None = None
    agency: str | None = None
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Something that somebody says is wrong with a record, as it was in that version.

    `reply_to` is kept until the report is resolved. `draft` is the correction they proposed.
    """

    id: UUID
    kind: RecordKind
    record: UUID
    version: int
    about: ReportAbout
    text: str
    recorded_at: datetime
    reply_to: str | None = None
    client: str | None = None
    draft: UUID | None = None
    outcome: ReportOutcome | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How one service is kept: who answers for it, when it is to be checked, what it lacks."""

    id: UUID
    name: str
    status: str
    owner: str | None
    assured_on: date | None
    next_check: date
    freshness: Freshness
    quality: Quality
    version: int
    drafts: int
    reports: int


@dataclass(frozen=True, slots=True)
class UpkeepCounts:
    """How many services there are of each freshness, of those that the viewer may see."""

    fresh: int
    ageing: int
    stale: int


@dataclass(frozen=True, slots=True)
class Handover:
    """Which agency is to answer for a record."""

    kind: RecordKind
    record: UUID
    owner: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """That somebody vouched for a service."""

    id: UUID
    assured_on: date
    next_check: date
    version: int
