"""What an information governance lead should find among the ordinary requests."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.demo.world.asking import (
    ATTENDANCE,
    CHARITY,
    HEALTH_HUB,
    PLAN_OAK,
    POINTER_ELM,
    POINTER_OAK,
    request,
)
from app.demo.world.calendar import Calendar
from app.demo.world.families import Grown
from app.demo.world.records import school_of
from app.demo.world.terms import Oddity, PlannedRequest, State


def odd_requests(
    grown: Sequence[Grown], calendar: Calendar, unknown_numbers: Sequence[str]
) -> Iterator[PlannedRequest]:
    """Yield every odd request; `unknown_numbers` are such as nobody has."""
    odd = _Oddities(grown, calendar)
    yield from odd.out_of_hours()
    yield from odd.many_in_an_hour()
    yield from odd.shielded_child()
    yield from odd.same_override_text()
    yield from odd.three_refusals()
    yield from odd.several_askers()
    yield from odd.probing(unknown_numbers)
    yield from odd.after_withdrawal()


class _Oddities:
    """Each method yields a handful of requests that belong together."""

    def __init__(self, grown: Sequence[Grown], calendar: Calendar) -> None:
        self._calendar = calendar
        self._grown = grown

    def _child(self, state: State) -> str:
        return next(one.family.child for one in self._grown if one.family.state is state)

    def _workday(self, days: int, hour: int, minute: int = 0) -> datetime:
        while not self._calendar.working(days):
            days += 1
        return self._calendar.ago(days, hour, minute)

    def out_of_hours(self) -> Iterator[PlannedRequest]:
        """One practitioner asks at night."""
        for days, hour, minute in ((17, 23, 41), (10, 2, 14), (3, 23, 8)):
            at = self._calendar.ago(days, hour, minute)
            asked = request(ATTENDANCE, self._child(State.WRITTEN), at, 11)
            yield replace(asked, oddity=Oddity.OUT_OF_HOURS)

    def many_in_an_hour(self) -> Iterator[PlannedRequest]:
        """One practitioner looks up a whole school in an hour."""
        start = self._workday(5, 15, 30)
        pupils = [one.family.child for one in self._grown if school_of(one) == "oak-school"]
        for number, child in enumerate(pupils[:24]):
            asked = request(POINTER_OAK, child, start + timedelta(minutes=2 * number), 15)
            yield replace(asked, oddity=Oddity.MANY_IN_AN_HOUR)

    def shielded_child(self) -> Iterator[PlannedRequest]:
        """Two schools look for a child whose place is a secret."""
        child = self._child(State.SHIELDED_HIDDEN)
        for errand, days, staff in ((PLAN_OAK, 21, 12), (POINTER_ELM, 6, 6), (PLAN_OAK, 2, 12)):
            asked = request(errand, child, self._workday(days, 11, 25), staff)
            yield replace(asked, oddity=Oddity.SHIELDED_CHILD)

    def same_override_text(self) -> Iterator[PlannedRequest]:
        """One practitioner overrides four times in the same words; another has a reason."""
        states = (State.WRITTEN, State.CONFIRMED, State.EXPIRED, State.RENEWAL_DUE)
        override = ("vital_interests", "Urgent, parent could not be reached by telephone")
        for state, days in zip(states, (28, 19, 11, 4), strict=True):
            asked = request(HEALTH_HUB, self._child(state), self._workday(days, 16, 50), 5)
            yield replace(asked, override=override, oddity=Oddity.SAME_OVERRIDE_TEXT)
        reasoned = (
            "risk_of_significant_harm",
            "Baby floppy on a home visit, ambulance called, crew asks for known conditions",
        )
        asked = request(HEALTH_HUB, self._child(State.VERBAL_FRESH), self._workday(14, 12, 5), 2)
        yield replace(asked, override=reasoned)

    def three_refusals(self) -> Iterator[PlannedRequest]:
        """One practitioner tries one child three times."""
        child = self._child(State.CHARITY_AGREEMENT_ONLY)
        for minute in (2, 9, 31):
            asked = request(CHARITY, child, self._workday(13, 14, minute), 2)
            yield replace(asked, oddity=Oddity.THREE_REFUSALS)

    def several_askers(self) -> Iterator[PlannedRequest]:
        """Three people of one school try one child on one day."""
        child = self._child(State.PARENTS_DISAGREE)
        for staff, hour in ((4, 9), (8, 11), (13, 15)):
            asked = request(PLAN_OAK, child, self._workday(7, hour, 12), staff)
            yield replace(asked, oddity=Oddity.SEVERAL_ASKERS)

    def probing(self, unknown_numbers: Sequence[str]) -> Iterator[PlannedRequest]:
        """One practitioner tries number after number that nobody has."""
        start = self._workday(9, 12, 3)
        for minute, number in enumerate(unknown_numbers):
            asked = request(POINTER_ELM, number, start + timedelta(minutes=minute), 4)
            yield replace(asked, oddity=Oddity.PROBING)

    def after_withdrawal(self) -> Iterator[PlannedRequest]:
        """Someone asks two hours after the family said no."""
        child = self._child(State.WITHDRAWN)
        asked = request(PLAN_OAK, child, self._calendar.ago(8, 16, 30), 3)
        yield replace(asked, oddity=Oddity.AFTER_WITHDRAWAL)
