"""What source agencies deposit and hold back, as they send it and as it is on file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class RecordOnFile:
    """A deposit; its content is told only by a disclosure."""

    id: UUID
    source: str
    category: str
    starts: datetime
    ends: datetime | None
    retain_until: datetime | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class WithholdOnFile:
    """A decision not to share."""

    id: UUID
    source: str
    categories: frozenset[str]
    starts: datetime
    ends: datetime | None
