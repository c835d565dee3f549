"""Notices with a deadline, families handed over, and a decision not to share, among the families.

A few of each: one that went as it should, and one that somebody should see to.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from app.demo.world.calendar import Calendar
from app.demo.world.families import Grown
from app.demo.world.terms import (
    Fact,
    PlannedEscalation,
    PlannedNotice,
    PlannedNotShared,
    PlannedSettling,
    State,
)

_ATTENDED: Final = "Officers attended an argument at home; the child was upstairs and is safe."
_AGAIN: Final = "Officers attended again; the child was at home."


def facts_of(grown: Iterable[Grown], calendar: Calendar) -> Iterator[Fact]:
    """Yield what happened to the first family of each state that these need."""
    first = {one.family.state: one.family.child for one in reversed(list(grown))}
    yield from _notices(first[State.POLICE_NOTICE], calendar)
    yield from _handovers(first, calendar)
    yield PlannedNotShared(
        calendar.ago(20, 11),
        "oak-school",
        first[State.WITHHELD],
        asked_by="hv-trust",
        categories=("contact",),
        because="risk_of_harm",
        reason="A parent's new address would become known through a relative.",
        not_told_because="Telling the family would tell the relative.",
        review_at=calendar.ahead(40),
    )


def _notices(child: str, calendar: Calendar) -> Iterator[Fact]:
    """Yield one notice that the school answered, and one that it has not read in time."""
    sent = calendar.ago(18, 7)
    yield PlannedNotice(
        sent,
        child,
        "elm-school",
        _ATTENDED,
        read_at=sent + timedelta(minutes=50),
        done="support_offered",
    )
    yield PlannedNotice(calendar.ago(9, 6), child, "elm-school", _AGAIN)


def _handovers(first: dict[State, str], calendar: Calendar) -> Iterator[Fact]:
    """Yield a step up, a step down that the family agreed to later, and one that still waits."""
    yield PlannedEscalation(
        calendar.ago(11, 15),
        "step_up",
        first[State.NONE],
        "oak-school",
        "csc",
        basis="legal_obligation",
        duty="section_17",
        reason="Missed meals and no answer at home; early help alone is not enough.",
    )
    yield PlannedEscalation(
        calendar.ago(8, 9),
        "step_down",
        first[State.STEP_DOWN],
        "csc",
        "eh-hub",
        basis="public_task",
        duty=None,
        reason="Enquiry closed; the family would like help with routines and housing.",
    )
    yield PlannedSettling(calendar.ago(6, 16))
    yield PlannedEscalation(
        calendar.ago(3, 14),
        "step_down",
        first[State.REFUSED],
        "csc",
        "eh-hub",
        basis="public_task",
        duty=None,
        reason="Enquiry closed; the family is to be asked whether it wants help.",
    )
