"""The words of statutory notices: what must be told, to whom, and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sharing.terms.asking import Identifier


class NoticeCode(StrEnum):
    """What a notice is about."""

    DOMESTIC_ABUSE_INCIDENT = "domestic_abuse_incident"
    CHILD_MISSING = "child_missing"
    CHILD_FOUND = "child_found"
    SCHOOL_EXCLUSION = "school_exclusion"


@dataclass(frozen=True, slots=True)
class BeforeNextSchoolDay:
    """By half past eight, local time, of the first school day after it happened."""

    hour: int = 8
    minute: int = 30


@dataclass(frozen=True, slots=True)
class WithinHours:
    """Within so many hours after it happened, whatever day that is."""

    hours: int


Deadline = BeforeNextSchoolDay | WithinHours


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice: the flow it needs to be covered by, its deadline and the law behind it.

    Each to be confirmed by the partnership's information governance lead.
    """

    code: NoticeCode
    title: str
    purpose: str
    category: str
    deadline: Deadline
    law: str


KINDS: Final[Mapping[NoticeCode, NoticeKind]] = {
    one.code: one
    for one in (
        NoticeKind(
            NoticeCode.DOMESTIC_ABUSE_INCIDENT,
            "The police attended domestic abuse where a child lives",
            "safeguarding_notification",
            "police_incidents",
            BeforeNextSchoolDay(),
            "Victims and Prisoners Act 2024 (telling a school before the next school day)",
        ),
        NoticeKind(
            NoticeCode.CHILD_MISSING,
            "A child is missing from home or care",
            "safeguarding_notification",
            "safeguarding_concern",
            WithinHours(24),
            "Children Act 2004, section 11; statutory guidance on missing children, 2014",
        ),
        NoticeKind(
            NoticeCode.CHILD_FOUND,
            "A child who was missing is back; an interview is due within 72 hours",
            "safeguarding_notification",
            "safeguarding_concern",
            WithinHours(72),
            "Children Act 2004, section 11; statutory guidance on missing children, 2014",
        ),
        NoticeKind(
            NoticeCode.SCHOOL_EXCLUSION,
            "A school has excluded a child",
            "safeguarding_notification",
            "attendance",
            BeforeNextSchoolDay(),
            "Education Act 2002, section 51A",
        ),
    )
}


class Done(StrEnum):
    """What a recipient did about a notice."""

    SUPPORT_OFFERED = "support_offered"
    PASSED_TO_SAFEGUARDING_LEAD = "passed_to_safeguarding_lead"
    KNOWN_ALREADY = "known_already"
    NOT_HERE = "not_here"
    NOTED = "noted"


class Box(StrEnum):
    """Which notices of an agency a list holds."""

    RECEIVED = "received"
    SENT = "sent"


class Shown(StrEnum):
    """Which of them."""

    ALL = "all"
    WAITING = "waiting"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class SchoolHoliday:
    """Days without school, the first and the last included, for every school alike."""

    title: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A notice as its sender gives it; `happened_at` None is now."""

    sender: str
    client_id: str
    recipient: str
    kind: NoticeKind
    basis: str
    identifiers: tuple[Identifier, ...]
    content: Mapping[str, Any]
    happened_at: datetime | None = None
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOnFile:
    """A notice without its content, which only a reading tells: nobody is named in it."""

    id: UUID
    kind: NoticeCode
    sender: str
    recipient: str
    basis: str
    happened_at: datetime
    sent_at: datetime
    deadline: datetime
    corrects: UUID | None
    entry_id: UUID
    read_at: datetime | None
    acknowledged_at: datetime | None
    done: Done | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeRead:
    """A notice as its recipient reads it: `entry` is the line of the log that says so."""

    notice: NoticeOnFile
    subject: UUID
    content: Mapping[str, Any]
    entry: UUID
