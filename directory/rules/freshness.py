"""How long ago somebody vouched for a record, and when it has to be looked at again.

Boundaries are counted back from the day of asking, as PostgreSQL's `day - interval '3 months'` is,
so that a query can compare with a date: the 30 November is not three months before the 28 February.
"""

from calendar import monthrange
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from directory.terms.searching import Freshness

FRESH_MONTHS: Final = 3
"""Open Referral UK asks for an assurance under three months old."""
AGEING_MONTHS: Final = 12
_HALF_A_MONTH: Final = timedelta(days=15)
_ZONES: Final = timedelta(days=1)
_MONTHS_OF_A_YEAR: Final = 12


class Stage(IntEnum):
    """How far a record has aged, as reminders count it."""

    NONE = 0
    SOON = 1
    AGEING = 2
    HALF_A_YEAR = 3
    STALE = 4


def freshness(assured_on: date | None, on: date) -> Freshness:
    """Say how fresh a record is on a day: fresh under three months, ageing to twelve, else stale.

    A day that has not come vouches for nothing, but for one that time zones explain.
    """
    if assured_on is None or assured_on > on + _ZONES:
        return Freshness.STALE
    if assured_on > fresh_after(on):
        return Freshness.FRESH
    return Freshness.AGEING if assured_on > ageing_after(on) else Freshness.STALE


def fresh_after(on: date) -> date:
    """Return the day after which a record must have been assured to be fresh."""
    return months_before(on, FRESH_MONTHS)


def ageing_after(on: date) -> date:
    """Return the day after which a record must have been assured not to be stale."""
    return months_before(on, AGEING_MONTHS)


def next_check(assured_on: date | None, on: date) -> date:
    """Return the day by which somebody should look again: the last on which the record is fresh.

    What nobody has vouched for, or nobody can have, is to be looked at now.
    """
    if assured_on is None or assured_on > on + _ZONES:
        return on
    last = assured_on
    while freshness(assured_on, last + timedelta(days=28)) is Freshness.FRESH:
        last += timedelta(days=28)
    while freshness(assured_on, last + timedelta(days=1)) is Freshness.FRESH:
        last += timedelta(days=1)
    return last


def stage(assured_on: date, on: date) -> Stage:
    """Return the newest stage of ageing that a record has come to: each is worth one reminder."""
    if assured_on <= months_before(on, AGEING_MONTHS):
        return Stage.STALE
    if assured_on <= months_before(on, AGEING_MONTHS // 2):
        return Stage.HALF_A_YEAR
    if assured_on <= months_before(on, FRESH_MONTHS):
        return Stage.AGEING
    return Stage.SOON if assured_on <= soon_before(on) else Stage.NONE


def soon_before(on: date) -> date:
    """Return the day up to which what was assured has half a month or less of being fresh."""
    return months_before(on + _HALF_A_MONTH, FRESH_MONTHS)


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of a month that has no such."""
    count = day.year * _MONTHS_OF_A_YEAR + day.month - 1 - months
    year, month = divmod(count, _MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
