"""What a reviewer of the log looks for: filters, and which duties count as overdue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sharing.terms.asking import Identifier
from sharing.terms.codes import Flag, Ground, Kind, LawfulBasis, Obligation, Reason
from sharing.terms.lines import Worker


class Outcome(StrEnum):
    """What came of an entry."""

    PERMIT = "permit"
    PARTIAL = "partial"
    DENY = "deny"
    PREVIEW = "preview"
    READ = "read"
    EXPORT = "export"
    ERASED = "erased"
    KEY = "key"
    RESTORE = "restore"
    PARTITIONED = "partitioned"
    REVIEW = "review"
    EXPORT_REQUESTED = "export_requested"
    EXPORT_APPROVED = "export_approved"


class EntryKind(StrEnum):
    """The kinds of entry, by the words that their leaves bear."""

    DECISION = "decision"
    PREVIEW = "preview"
    READING = "reading"
    ERASURE = "erasure"
    RETENTION = "retention"
    KEY = "key"
    RESTORE = "restore"
    PARTITIONED = "partitioned"
    REVIEW = "review"


class Duty(StrEnum):
    """Whether an entry brought a duty that is not met, or should have been by now."""

    OPEN = "open"
    OVERDUE = "overdue"


DUTY_DAYS: Final[Mapping[Obligation, int]] = {
    Obligation.CONFIRM_CONSENT_IN_WRITING: 14,
    Obligation.AGREEMENT_REVIEW_DUE: 28,
    Obligation.IG_REVIEW: 7,
    Obligation.NOTIFY_SOURCE: 1,
    Obligation.INFORM_SUBJECT: 7,
}
"""Days in which a duty is to be met; what is not listed stands for good and is never overdue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Filters that name a person: they travel in bodies only, and are sealed where they are kept.

    `family` widens the subject to everyone related to them or in one household with them.
    """

    practitioner: Worker | None = None
    subject: tuple[Identifier, ...] = ()
    family: bool = False


NOBODY: Final = Whom()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSearch:
    """What is looked for: an entry must fit every filter; `since <= at < until`."""

    since: datetime | None = None
    until: datetime | None = None
    agency: str | None = None
    source: str | None = None
    client: str | None = None
    purpose: str | None = None
    basis: LawfulBasis | None = None
    category: str | None = None
    outcome: Outcome | None = None
    code: Reason | None = None
    ground: Ground | None = None
    flag: Flag | None = None
    entry: EntryKind | None = None
    act: str | None = None
    kind: Kind | None = None
    agreement: str | None = None
    version: int | None = None
    override: bool | None = None
    out_of_hours: bool | None = None
    first_contact: bool | None = None
    duty: Duty | None = None
    whom: Whom = NOBODY


@dataclass(frozen=True, slots=True)
class FilterFault:
    """What is wrong with a filter, and what to do."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class LogReader:
    """Who reads the log: a client by its token, or a person who is signed in.

    `whole` says whether all of it is open to them, or what concerns their agency.
    """

    agency: str
    whole: bool
    client_id: str = ""
    token_id: str = ""
    person: str | None = None


@dataclass(frozen=True, slots=True)
class NewView:
    """A search to be kept by a name: filters as they come on the wire, and who keeps it."""

    name: str
    filters: Mapping[str, Any]
    owner: str
    agency: str


@dataclass(frozen=True, slots=True)
class View:
    """A search that an agency keeps: its filters as they come on the wire."""

    id: UUID
    name: str
    owner: str
    filters: Mapping[str, Any]
    made_at: datetime
