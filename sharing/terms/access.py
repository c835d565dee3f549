"""The words for asking what is held of a person (UK GDPR, Articles 12 and 15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from consent.rules.receipts import Titles
from sharing.terms.rights import Retention
from sharing.terms.seeing import Told


class Capacity(StrEnum):
    """As whom somebody asks."""

    SELF = "self"
    PARENT = "parent"
    REPRESENTATIVE = "representative"


class PackState(StrEnum):
    """Whether a pack can be read, waits for a person, or was refused by one."""

    NEEDS_REVIEW = "needs_review"
    READY = "ready"
    REFUSED = "refused"


class Caution(StrEnum):
    """Why a person must look before a pack is told."""

    PARENT_ASKS = "parent_asks"
    """The child's own wishes, and serious harm: Data Protection Act 2018, schedule 3."""
    REPRESENTATIVE_ASKS = "representative_asks"
    CHILD_ASKS = "child_asks"
    HIDDEN = "hidden"
    SOURCE_WITHHOLDS = "source_withholds"


class Outcome(StrEnum):
    """What a reviewer decides."""

    RELEASE = "release"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """That somebody asked, as whom, how it was checked that it is they, and who took it down."""

    subject: UUID
    asked_by: UUID | None
    capacity: Capacity
    requester: str | None
    identity_check: str
    taken_by: str
    asked_on: date


@dataclass(frozen=True, slots=True)
class Review:
    """What a named person decided, for which agency, why, what the child wants, and what harms."""

    outcome: Outcome
    by: str
    agency: str
    reason: str
    wishes: str | None = None
    leave_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A pack as those see it who look after it; what it says is read apart from this."""

    id: UUID
    subject: UUID
    capacity: Capacity
    state: PackState
    cautions: tuple[Caution, ...]
    requester: str | None
    identity_check: str
    taken_by: str
    agency: str
    asked_on: date
    due: date
    extended_at: datetime | None
    extended_because: str | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    reason: str | None
    made_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that is held of the person, opened."""

    category: str
    source: str
    starts: datetime
    ends: datetime | None
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFile:
    """Everything that a pack is made from, before anything is left out."""

    subject: UUID
    asked_by: UUID | None
    asked_on: date
    capacity: Capacity
    about: Mapping[str, Any]
    told: tuple[Told, ...]
    consents: tuple[Mapping[str, Any], ...]
    records: tuple[Kept, ...]
    retention: tuple[Retention, ...]
    titles: Titles
    sensitive_agencies: frozenset[str]
    names_near: tuple[Mapping[str, str], ...]
    shielded_near: bool
    leave_out: frozenset[str] = frozenset()

    @property
    def to_themselves(self) -> bool:
        """Whether whoever reads it is the person it is about."""
        return self.capacity is Capacity.SELF
