"""Schedules of the standard in plain words."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.rules.timetables import day_of, said_at, said_on, timetable

ON = date(2026, 3, 2)
WEEKLY: dict[str, Any] = {"freq": "WEEKLY", "byday": "TU", "opens_at": "10:00"}


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ({}, "Tuesdays, from 10am"),
        ({"closes_at": "14:30:00"}, "Tuesdays, 10am to 2:30pm"),
        ({"opens_at": None, "closes_at": "12:00"}, "Tuesdays, until midday"),
        ({"opens_at": "00:00", "closes_at": "09:05Z"}, "Tuesdays, midnight to 9:05am"),
        ({"opens_at": "25:00"}, "Tuesdays"),
        ({"byday": "TH,FR", "interval": 2}, "Thursdays and Fridays every 2 weeks, from 10am"),
        ({"byday": "MO,TU,WE,TH,FR"}, "Weekdays, from 10am"),
        ({"byday": "MO,TU,WE,TH,FR,SA,SU"}, "Every day, from 10am"),
        ({"byday": "mo,we,fr"}, "Mondays, Wednesdays and Fridays, from 10am"),
        (
            {"freq": "MONTHLY", "byday": "1TU,-1FR"},
            "The first Tuesday and last Friday of the month, from 10am",
        ),
        ({"freq": "MONTHLY", "byday": "TU"}, "Every Tuesday of the month, from 10am"),
        (
            {"freq": "MONTHLY", "byday": None, "bymonthday": "3,17", "interval": "3"},
            "Day 3 and 17 of the month every 3 months, from 10am",
        ),
        ({"freq": "MONTHLY", "byday": None}, "Monthly, from 10am"),
        ({"byday": None}, "From 10am"),
        ({"description": "Ring the bell."}, "Tuesdays, from 10am. Ring the bell"),
        ({"valid_from": "2026-04-01"}, "Tuesdays, from 10am, from 1 April 2026"),
        ({"valid_from": "2026-01-01", "valid_to": "2026-03-02"}, "Tuesdays, from 10am"),
    ],
)
def test_a_schedule_is_one_readable_line(schedule: dict[str, Any], said: str) -> None:
    assert timetable([WEEKLY | schedule], ON) == (said,)


def test_lines_stand_in_the_order_of_the_week_each_once() -> None:
    friday = WEEKLY | {"byday": "FR", "opens_at": "09:00"}
    late = WEEKLY | {"opens_at": "18:00"}
    by_hand = {"description": "In school holidays"}
    lines = timetable([by_hand, friday, late, WEEKLY, WEEKLY, {}], ON)
    assert lines == (
        "Tuesdays, from 10am",
        "Tuesdays, from 6pm",
        "Fridays, from 9am",
        "In school holidays",
    )


@pytest.mark.parametrize("ended", [{"valid_to": "2026-03-01"}, {"until": "2025-12-31"}])
def test_what_is_over_is_not_said(ended: dict[str, Any]) -> None:
    assert timetable([WEEKLY | ended], ON) == ()


@given(st.times())
def test_a_time_reads_back_as_the_hour_and_minute_it_was(at: time) -> None:
    said = {"midday": "12pm", "midnight": "12am"}.get(said_at(at), said_at(at))
    hour, _, minute = said[:-2].partition(":")
    assert (int(hour) % 12 + 12 * said.endswith("pm"), int(minute or 0)) == (at.hour, at.minute)


def test_days_are_read_and_said_as_people_do() -> None:
    assert said_on(date(2026, 3, 9)) == "9 March 2026"
    assert day_of("2026-03-09T10:00:00Z") == date(2026, 3, 9)
    assert day_of("soon") is None
    assert day_of(None) is None


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from([*WEEKLY, "interval", "bymonthday", "notes"]), st.text()))
def test_whatever_stands_in_a_schedule_makes_at_most_one_line(schedule: dict[str, Any]) -> None:
    assert len(timetable([schedule], ON)) <= 1
