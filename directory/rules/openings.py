"""When a service is open, read from the standard's schedules (RFC 5545's rules in their columns).

A schedule becomes one opening for each day it names. Days are counted within the period of the
schedule, and every so many weeks or months from its first day.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, Final

from directory.terms.listings import Opening
from directory.terms.searching import Weekday

WEEKDAYS: Final = tuple(Weekday)
_DAY: Final = re.compile(r"([+-]?\d{1,2})?\s*(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER: Final = re.compile(r"[+-]?\d{1,2}")
_TIME: Final = re.compile(r"T?([01]\d|2[0-3]):([0-5]\d)")
_MOST_COUNTED: Final = 1000
_FURTHEST: Final = timedelta(days=366 * 20)
_WEEK: Final = 7
_MONTHS: Final = 12
_LAST_DAY_OF_MONTH: Final = 31
_WEEKS_OF_A_MONTH: Final = 5


def openings_of(schedule: Mapping[str, Any]) -> tuple[Opening, ...]:
    """Return the openings of a schedule; one that names no day has one on no known day."""
    first = day_of(schedule.get("dtstart"))
    starts = _latest(day_of(schedule.get("valid_from")), first)
    ends = _earliest(day_of(schedule.get("valid_to")), day_of(schedule.get("until")))
    frequency = str(schedule.get("freq") or "").upper()
    whole = Opening(
        opens=time_of(schedule.get("opens_at")),
        closes=time_of(schedule.get("closes_at")),
        starts=starts,
        ends=ends,
        monthly=frequency == "MONTHLY",
        every=_every(schedule.get("interval")),
        anchor=first or starts,
    )
    named = tuple(_days_named(schedule, whole, frequency))
    return _counted(named, schedule.get("count"))


def is_open(opening: Opening, on: date) -> bool:
    """Say whether an opening falls on a day."""
    if opening.starts is not None and on < opening.starts:
        return False
    if opening.ends is not None and on > opening.ends:
        return False
    return _names(opening, on) and _in_turn(opening, on)


def holds(opening: Opening, day: Weekday | None, starts: time | None, ends: time | None) -> bool:
    """Say whether an opening is on this weekday, from this time or later, to that or earlier."""
    if day is not None and opening.weekday != WEEKDAYS.index(day):
        return False
    if starts is not None and (opening.opens is None or opening.opens < starts):
        return False
    return ends is None or (opening.closes is not None and opening.closes <= ends)


def day_of(written: object) -> date | None:
    """Return the date that a text begins with; None if it does not."""
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None


def time_of(written: object) -> time | None:
    """Return the hours and minutes that a text begins with; None if it does not."""
    found = _TIME.match(str(written).strip())
    return None if found is None else time(int(found[1]), int(found[2]))


def ordinals(on: date) -> tuple[int, int]:
    """Return which of its weekday in the month a day is, from its beginning and from its end."""
    return (on.day - 1) // _WEEK + 1, -((days_in_month(on) - on.day) // _WEEK + 1)


def days_in_month(on: date) -> int:
    """Return how many days the month of a day has."""
    return monthrange(on.year, on.month)[1]


def monday(on: date) -> date:
    """Return the first day of a day's week."""
    return on - timedelta(days=on.weekday())


def _days_named(schedule: Mapping[str, Any], whole: Opening, frequency: str) -> Iterator[Opening]:
    by_day = _DAY.findall(str(schedule.get("byday") or "").upper())
    by_number = _NUMBER.findall(str(schedule.get("bymonthday") or ""))
    for which, day in by_day:
        ordinal = int(which) if which and whole.monthly else None
        if ordinal is None or 0 < abs(ordinal) <= _WEEKS_OF_A_MONTH:
            yield replace(whole, weekday=WEEKDAYS.index(Weekday(day)), ordinal=ordinal)
    for number in map(int, () if by_day else by_number):
        if 0 < abs(number) <= _LAST_DAY_OF_MONTH:
            yield replace(whole, month_day=number, monthly=True)
    if not by_day and not by_number:
        yield _by_first_day(whole, frequency)


def _by_first_day(whole: Opening, frequency: str) -> Opening:
    """Return the opening of a schedule that names no day: its first day stands for the rest."""
    if whole.anchor is None:
        return whole
    if frequency == "MONTHLY":
        return replace(whole, month_day=whole.anchor.day)
    ends = whole.ends if frequency else whole.anchor  # without a frequency it happens once
    return replace(whole, weekday=whole.anchor.weekday(), ends=ends)


def _counted(openings: tuple[Opening, ...], count: object) -> tuple[Opening, ...]:
    """Return openings that end with the day on which they have happened so often."""
    if not isinstance(count, int | float) or not 0 < count <= _MOST_COUNTED:
        return openings
    first = openings[0].anchor if openings else None
    if first is None:
        return openings
    left, on = int(count), first
    while on < first + _FURTHEST:
        left -= any(is_open(one, on) for one in openings)
        if left == 0:
            return tuple(replace(one, ends=_earliest(one.ends, on)) for one in openings)
        on += timedelta(days=1)
    return openings


def _names(opening: Opening, on: date) -> bool:
    if opening.month_day is not None:
        return opening.month_day in (on.day, on.day - days_in_month(on) - 1)
    if opening.weekday != on.weekday():
        return False
    return opening.ordinal is None or opening.ordinal in ordinals(on)


def _in_turn(opening: Opening, on: date) -> bool:
    if opening.every == 1 or opening.anchor is None:
        return True
    if opening.monthly:
        passed = (on.year - opening.anchor.year) * _MONTHS + on.month - opening.anchor.month
    else:
        passed = (monday(on) - monday(opening.anchor)).days // _WEEK
    return passed % opening.every == 0


def _every(interval: object) -> int:
    known = isinstance(interval, int | float) and 1 <= interval <= _MOST_COUNTED
    return int(interval) if known and isinstance(interval, int | float) else 1


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
