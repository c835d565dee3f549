"""Agreements as the public reads them, as a controller records them, and what falls due."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sharing.terms.agreements import FlowDraft, Retention


@dataclass(frozen=True, slots=True)
class Named:
    """A code and what it is called."""

    code: str
    name: str


class Status(StrEnum):
    """Where an activated agreement stands at an instant."""

    PLANNED = "planned"
    IN_FORCE = "in_force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An agreement in the public register: nothing in it is about a person."""

    code: str
    title: str
    version: int
    status: Status
    bodies: tuple[Named, ...]
    purpose: str | None
    benefits: str | None
    summary: str | None
    data: tuple[Named, ...]
    retention: tuple[Retention, ...]
    starts: datetime
    review_due: datetime | None
    ends: datetime | None
    successor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """One flow of an agreement in force, as one of its agencies records it (Article 30)."""

    agreement: str
    version: int
    controller: str
    contact: str | None
    part: str
    flow: FlowDraft
    purpose: str | None
    retention: tuple[Retention, ...]
    security: str | None
    impact_assessment: str | None


class DueKind(StrEnum):
    """What is to be done about an agreement."""

    SIGN = "sign"
    REVIEW = "review"
    RENEW = "renew"


@dataclass(frozen=True, slots=True)
class AgreementDue:
    """One thing to see to, by when, and which agencies it waits for."""

    on: datetime
    agreement: str
    version: int
    kind: DueKind
    agencies: tuple[str, ...]
