"""The words of stepping up and down: a family is handed from early help to social care, or back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

HANDED_OVER: Final = "plan"
"""The category that the words of a handover belong to: what is to happen next with a family."""


class Direction(StrEnum):
    """From early help to social care, or from social care to early help."""

    STEP_UP = "step_up"
    STEP_DOWN = "step_down"


class Duty(StrEnum):
    """What a step up rests on: Children Act 1989, a child in need, or at risk of harm."""

    SECTION_17 = "section_17"
    SECTION_47 = "section_47"


PURPOSES: Final[Mapping[Direction, str]] = {
    Direction.STEP_UP: "safeguarding_enquiry",
    Direction.STEP_DOWN: "step_down_handover",
}


class State(StrEnum):
    """How an escalation stands, as its dates say."""

    AWAITING_AGREEMENT = "awaiting_agreement"
    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Ending(StrEnum):
    """How the agency that hands over ends what waits for the family."""

    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Next(StrEnum):
    """What follows from the decisions about everyone handed over."""

    COMPLETE = "complete"
    WAIT = "wait"
    DECLINE = "decline"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead practitioner, by their agency's own staff id, and how to reach them."""

    id: str
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEscalation:
    """A handover as the agency that hands over gives it."""

    direction: Direction
    from_agency: str
    to_agency: str
    from_lead: Lead
    to_lead: Lead
    basis: str
    duty: Duty | None
    reason: str
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationOnFile:
    """A handover without its words and without whom it is about."""

    id: UUID
    direction: Direction
    from_agency: str
    to_agency: str
    from_lead: Lead
    to_lead: Lead
    basis: str
    duty: Duty | None
    recorded_at: datetime
    completed_at: datetime | None
    declined_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def state(self) -> State:
        """How it stands."""
        if self.completed_at is not None:
            return State.COMPLETED
        if self.declined_at is not None:
            return State.DECLINED
        if self.withdrawn_at is not None:
            return State.WITHDRAWN
        return State.AWAITING_AGREEMENT


@dataclass(frozen=True, slots=True)
class SubjectRead:
    """One subject of a handover as the agency that takes over reads of them."""

    subject: UUID
    reason: str
    entry: UUID


@dataclass(frozen=True, slots=True)
class EscalationRead:
    """A handover with its words, about those of its subjects who may be told of."""

    escalation: EscalationOnFile
    subjects: tuple[SubjectRead, ...]
