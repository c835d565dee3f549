"""The words for what past recipients must hear: something they hold no longer stands as it did."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

ANY: Final = "*"


class EventKind(StrEnum):
    """What happened after a disclosure."""

    CONSENT_WITHDRAWN = "consent.withdrawn"
    CONSENT_CORRECTED = "consent.corrected"
    RECORD_CORRECTED = "record.corrected"
    RECORD_WITHDRAWN = "record.withdrawn"
    RECORD_DISPUTED = "record.disputed"
    """The person says that it is wrong, and the source does not: read it with that in mind."""
    SUBJECT_ERASED = "subject.erased"
    """Everything about the person of these disclosures was erased here (UK GDPR, Article 17)."""
    HANDLE_WITH_CARE = "handle.with_care"
    """Someone is protected now: say nothing that could lead to them. It does not say from whom."""
    NOTICE_SENT = "notice.sent"
    NOTICE_CORRECTED = "notice.corrected"
    NOTICE_WITHDRAWN = "notice.withdrawn"
    NOTICE_OVERDUE = "notice.overdue"
    """The deadline has passed and nobody has read it: sender and recipient both hear of that."""
    NOTICE_ACKNOWLEDGED = "notice.acknowledged"
    ESCALATION_COMPLETED = "escalation.completed"
    ESCALATION_DECLINED = "escalation.declined"
    SHIELD_TOUCHED = "shield.touched"
    """Somebody asked about a person whom a shield of the agency protects; it is being looked at."""


ABOUT_CONSENT: Final = frozenset({EventKind.CONSENT_WITHDRAWN, EventKind.CONSENT_CORRECTED})


SAYS_WHICH: Final = frozenset(
    kind for kind in EventKind if kind.value.startswith(("notice.", "escalation."))
)
"""Kinds that name the notice or escalation: whoever hears of it is a party to it."""


class WhatWasDone(StrEnum):
    """What a recipient did when it heard."""

    DELETED = "deleted"
    CORRECTED = "corrected"
    RESTRICTED = "restricted"
    KEPT = "kept"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to a fact, and to whom it matters.

    `agencies` are those to tell if they received something, `ANY` for all; `not_to` never are.
    `source` and `category` narrow it to disclosures of that source that held that category.
    """

    kind: EventKind
    fact: UUID
    subjects: tuple[UUID, ...]
    agencies: frozenset[str] = frozenset({ANY})
    not_to: frozenset[str] = frozenset()
    source: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What one agency must hear: it knows whom it is about by its own disclosures."""

    id: UUID
    kind: EventKind
    at: datetime
    disclosures: tuple[UUID, ...]
    done: WhatWasDone | None = None
    acknowledged_at: datetime | None = None
    concerns: UUID | None = None
