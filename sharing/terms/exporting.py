"""The words for taking the log out whole: how much of it, who asks, and who else agrees."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Openings(StrEnum):
    """How much of what opens the commitments of entries an export holds."""

    FACTS = "facts"
    PEOPLE = "people"


class ExportState(StrEnum):
    """How far a request for an export has come; it ends taken, or past its time."""

    WAITING = "waiting"
    APPROVED = "approved"
    TAKEN = "taken"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """That somebody wants the whole log, and who else agreed; names are of clients or people.

    `expires_at` is until when it can be approved, and once it is, until when it can be taken.
    """

    id: UUID
    openings: Openings
    reason: str
    agency: str
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    approved_by: str | None = None
    approved_agency: str | None = None
    approved_at: datetime | None = None
    taken_at: datetime | None = None
