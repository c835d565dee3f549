"""The words for what somebody says is wrong in a record (UK GDPR, Articles 16, 18 and 19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sharing.terms.events import WhatWasDone


class Rectified(StrEnum):
    """What the source made of it."""

    CORRECTED = "corrected"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRectification:
    """What is said to be wrong; `content` puts it right, or `reason` says why it stays."""

    subject: UUID
    record: UUID
    wrong: str
    said_by: UUID
    decided_by: str
    content: Mapping[str, Any] | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PastRecipient:
    """Who received that category before, by which disclosures, and what they did when they heard.

    `told_at` is None until the word that is on its way is left for them.
    """

    agency: str
    disclosures: tuple[UUID, ...]
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None
    done: WhatWasDone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectification:
    """A request as it is on file, with the list that Article 19 asks for."""

    id: UUID
    record: UUID
    new_record: UUID | None
    category: str
    outcome: Rectified
    disputed: bool
    wrong: str
    reason: str | None
    decided_by: str
    recorded_at: datetime
    recipients: tuple[PastRecipient, ...]
