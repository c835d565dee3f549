"""The words of a timeline: what happened around a subject, one line each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ItemKind(StrEnum):
    """What happened."""

    CONSENT = "consent"
    ESCALATION = "escalation"
    NOTICE = "notice"
    INVOLVEMENT = "involvement"
    DECISION_NOT_TO_SHARE = "decision_not_to_share"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and the pairs of source and category that decisions opened to them."""

    agency: str
    practitioner: str | None = None
    opened: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that happened: codes alone, nobody's words.

    `source` is whose knowledge it is, and `category` the one that a flow would have to carry for
    others to see it; None for what no flow carries. `parties` saw it happen, the source included.
    """

    id: UUID
    kind: ItemKind
    at: datetime
    source: str
    what: str
    other: str | None = None
    category: str | None = None
    parties: frozenset[str] = frozenset()
    ended_at: datetime | None = None
