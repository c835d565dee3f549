"""Before the next school day, by the calendar on the wall (rule 37 of the domain)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sharing.rules.school_days import (
    bank_holidays,
    due_at,
    easter_sunday,
    is_school_day,
    local_day,
    next_school_day,
)
from sharing.terms.notices import BeforeNextSchoolDay, SchoolHoliday, WithinHours

EASTER_HOLIDAYS = SchoolHoliday("Easter", date(2026, 3, 28), date(2026, 4, 12))
# GOV.UK, "UK bank holidays", England and Wales; Open Government Licence v3.0.
PUBLISHED = {
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(happened: str, *holidays: SchoolHoliday) -> datetime:
    return due_at(BeforeNextSchoolDay(), at(happened), holidays)


@pytest.mark.parametrize("year", PUBLISHED)
def test_bank_holidays_are_those_that_the_government_publishes(year: int) -> None:
    assert sorted(f"{day:%m-%d}" for day in bank_holidays(year)) == PUBLISHED[year].split()


def test_what_happens_in_the_night_is_due_before_school_begins() -> None:
    assert due("2026-03-03T02:00") == at("2026-03-04T08:30")
    assert due("2026-03-02T23:59") == at("2026-03-03T08:30")


def test_weekends_bank_holidays_and_school_holidays_are_skipped() -> None:
    assert due("2026-03-06T18:00") == at("2026-03-09T08:30")
    assert due("2026-05-01T18:00") == at("2026-05-05T07:30")
    assert due("2026-03-27T18:00", EASTER_HOLIDAYS) == at("2026-04-13T07:30")


def test_the_deadline_is_by_the_local_clock() -> None:
    assert due("2026-10-22T18:00") == at("2026-10-23T07:30")
    assert due("2026-10-25T18:00") == at("2026-10-26T08:30")
    # Half past eleven at night by UTC is half past midnight in summer: the next day already.
    assert local_day(at("2026-06-01T23:30")) == date(2026, 6, 2)
    assert local_day(at("2026-12-01T23:30")) == date(2026, 12, 1)
    assert local_day(at("2026-03-29T00:59")) == date(2026, 3, 29)


def test_hours_are_hours_whatever_day_it_is() -> None:
    assert due_at(WithinHours(24), at("2026-12-24T12:00"), ()) == at("2026-12-25T12:00")


def test_holidays_without_end_are_not_believed() -> None:
    always = SchoolHoliday("for ever", date(2026, 1, 1), date(2030, 1, 1))
    assert next_school_day(date(2026, 3, 6), [always]) == date(2026, 3, 9)


@given(some.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_the_next_school_day_is_the_first_that_is_one(day: date) -> None:
    found = next_school_day(day, ())
    assert is_school_day(found, ())
    between = (day + timedelta(days=n) for n in range(1, (found - day).days))
    assert not any(is_school_day(one, ()) for one in between)


@given(some.integers(1900, 2100))
def test_easter_is_a_sunday_of_spring(year: int) -> None:
    easter = easter_sunday(year)
    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)
