"""The words of people's rights: erasure, holds, and how long things are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ErasureGround(StrEnum):
    """Why a person is erased: UK GDPR, Article 17(1), points (a) to (f)."""

    NO_LONGER_NEEDED = "no_longer_needed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"
    LEGAL_OBLIGATION = "legal_obligation"
    CHILD_ONLINE = "child_online"


class RetentionCode(StrEnum):
    """The classes of what is kept, each with a period of its own."""

    RECORD = "record"
    CONSENT = "consent"
    DISCLOSURE_OPENING = "disclosure_opening"
    ACCESS_PACK = "access_pack"
    DECISION_NOT_TO_SHARE = "decision_not_to_share"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Actor:
    """The client that acts, for its agency, and its token's id."""

    client: str
    agency: str
    token: str


@dataclass(frozen=True, slots=True)
class ErasureOrder:
    """That a person is to be erased, why, by what authority, and who decided it."""

    subject: UUID
    ground: ErasureGround
    authority: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What stands in the way of an erasure: a hold, or a class whose period still runs."""

    what: str
    retention: RetentionCode | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure destroyed, or would; `entry` says so in the log, if it happened.

    `stopped_by` is what stands in the way of one that was only asked about.
    """

    entry: UUID | None
    erased: Mapping[str, int]
    told: int
    stopped_by: tuple[Hindrance, ...] = ()

    @property
    def dry_run(self) -> bool:
        """Whether nothing was erased."""
        return self.entry is None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHold:
    """A hold on one subject, or on what concerns an agency and began within a period."""

    subject: UUID | None = None
    agency: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    reason: str
    authority: str
    set_by: str


@dataclass(frozen=True, slots=True)
class Words:
    """Why something was done, and by what authority; None once it is erased."""

    reason: str | None
    authority: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold as it is on file, with its end if it has one."""

    id: UUID
    subject: UUID | None
    agency: str | None
    starts: datetime | None
    ends: datetime | None
    words: Words
    set_by: str
    recorded_at: datetime
    recorded_by: str
    released_at: datetime | None
    released_by: str | None
    release: Words


@dataclass(frozen=True, slots=True)
class NewRetention:
    """How long a class is to be kept; `erasable`: a person may be erased before that."""

    code: RetentionCode
    months: int
    erasable: bool
    signed_by: str
    authority: str
    starts: datetime | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a class is kept, as it was signed off."""

    code: RetentionCode
    months: int
    erasable: bool
    signed_by: str
    authority: str
    starts: datetime
    recorded_at: datetime
