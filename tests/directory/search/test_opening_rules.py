"""When a service is open: RFC 5545's rules in the standard's columns."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.rules.openings import (
    days_in_month,
    holds,
    is_open,
    monday,
    openings_of,
    ordinals,
    time_of,
)
from directory.terms.listings import Opening
from directory.terms.searching import Weekday

MARCH = [date(2026, 3, 1) + timedelta(days=n) for n in range(31)]
"""Of which the 2nd is a Monday."""
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def open_days(schedule: dict[str, Any], among: list[date] = MARCH) -> list[int]:
    """Return the days of March on which a schedule is open."""
    found = openings_of(schedule)
    return [day.day for day in among if any(is_open(one, day) for one in found)]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"freq": "WEEKLY", "byday": "MO"}, [2, 9, 16, 23, 30]),
        ({"freq": "WEEKLY", "byday": "TU,TH"}, [3, 5, 10, 12, 17, 19, 24, 26, 31]),
        ({"byday": "su"}, [1, 8, 15, 22, 29]),
        ({"freq": "WEEKLY", "byday": "MO", "valid_from": "2026-03-10"}, [16, 23, 30]),
        ({"freq": "WEEKLY", "byday": "MO", "valid_to": "2026-03-16"}, [2, 9, 16]),
        ({"freq": "WEEKLY", "byday": "MO", "until": "2026-03-09T23:00:00Z"}, [2, 9]),
        ({"freq": "WEEKLY", "byday": "MO", "dtstart": "2026-03-03"}, [9, 16, 23, 30]),
        (
            {"freq": "WEEKLY", "byday": "MO", "interval": 2, "dtstart": "2026-03-02"},
            [2, 16, 30],
        ),
        # Weeks begin on Monday: the Sunday after the first Monday is in the same week as it.
        (
            {"freq": "WEEKLY", "byday": "MO,SU", "interval": 2, "dtstart": "2026-03-02"},
            [2, 8, 16, 22, 30],
        ),
        ({"freq": "MONTHLY", "byday": "2MO"}, [9]),
        ({"freq": "MONTHLY", "byday": "-1FR"}, [27]),
        ({"freq": "MONTHLY", "byday": "+1TU, 3 TU"}, [3, 17]),
        ({"freq": "MONTHLY", "byday": "WE"}, [4, 11, 18, 25]),
        ({"freq": "MONTHLY", "bymonthday": "1,15,-1"}, [1, 15, 31]),
        ({"freq": "MONTHLY", "bymonthday": "10", "interval": 2, "dtstart": "2026-02-01"}, []),
        ({"freq": "MONTHLY", "bymonthday": "10", "interval": 3, "dtstart": "2025-12-01"}, [10]),
        ({"freq": "MONTHLY", "dtstart": "2026-01-20"}, [20]),
        ({"freq": "WEEKLY", "dtstart": "2026-02-04"}, [4, 11, 18, 25]),
        ({"dtstart": "2026-03-04"}, [4]),
        ({"freq": "WEEKLY", "byday": "MO", "count": 2, "dtstart": "2026-03-02"}, [2, 9]),
        ({"freq": "WEEKLY", "byday": "MO,WE", "count": 3, "dtstart": "2026-03-02"}, [2, 4, 9]),
        ({"freq": "WEEKLY", "byday": "MO", "count": 2}, [2, 9, 16, 23, 30]),
        ({"freq": "WEEKLY", "byday": "MO", "count": 0}, [2, 9, 16, 23, 30]),
        ({"freq": "WEEKLY", "byday": "MO", "interval": "two"}, [2, 9, 16, 23, 30]),
        ({"freq": "MONTHLY", "byday": "9MO"}, []),
        ({"freq": "MONTHLY", "bymonthday": "0,32"}, []),
        ({"description": "ring us"}, []),
        ({"freq": "MONTHLY"}, []),
    ],
)
def test_a_schedule_is_open_on_the_days_it_names(
    schedule: dict[str, Any], expected: list[int]
) -> None:
    assert open_days(schedule) == expected


def test_a_count_that_never_comes_full_ends_nothing() -> None:
    never = {"freq": "MONTHLY", "bymonthday": "31", "interval": 12, "dtstart": "2026-02-01"}
    assert openings_of(never | {"count": 3})[0].ends is None


def test_a_count_without_a_day_to_count_is_left_alone() -> None:
    assert openings_of({"freq": "MONTHLY", "byday": "9MO", "count": 3}) == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("09:30", time(9, 30)),
        ("09:30:00", time(9, 30)),
        ("T18:00Z", time(18)),
        ("09:00+00:00", time(9)),
        ("nine", None),
        (None, None),
        ("25:00", None),
    ],
)
def test_a_time_is_read_as_it_is_written(written: object, read: time | None) -> None:
    assert time_of(written) == read


def test_day_and_times_must_hold_of_one_opening() -> None:
    morning = Opening(weekday=0, opens=time(9), closes=time(12))
    assert holds(morning, Weekday.MONDAY, time(9), time(12))
    assert holds(morning, None, None, None)
    assert not holds(morning, Weekday.TUESDAY, None, None)
    assert not holds(morning, None, time(9, 1), None)
    assert not holds(morning, None, None, time(11, 59))
    assert not holds(Opening(weekday=0), None, time(9), None)
    assert not holds(Opening(weekday=0), None, None, time(9))


@given(days)
def test_every_day_is_one_of_its_weekday_in_its_month(day: date) -> None:
    first, last = ordinals(day)
    same = [n for n in range(1, days_in_month(day) + 1) if (n - day.day) % 7 == 0]
    assert same[first - 1] == same[last] == day.day
    assert monday(day) <= day < monday(day) + timedelta(days=7)
    assert monday(day).weekday() == 0


@given(days, st.integers(1, 6), st.sampled_from(list(Weekday)), st.integers(0, 1000))
def test_an_interval_leaves_out_whole_weeks(
    start: date, every: int, day: Weekday, passed: int
) -> None:
    schedule = {"freq": "WEEKLY", "byday": day.value, "interval": every, "dtstart": str(start)}
    (opening,) = openings_of(schedule)
    on = start + timedelta(days=passed)
    if is_open(opening, on):
        assert is_open(opening, on + timedelta(weeks=every))
        assert not any(is_open(opening, on + timedelta(weeks=n)) for n in range(1, every))
    else:
        together = (is_open(opening, on + timedelta(days=n)) for n in range(7 * every))
        assert sum(together) == 1
