"""Until when a deposit may be kept, with pencil and paper."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sharing.rules.retention import kept_until, months_after, pointer_fault
from sharing.terms.records import Kept, TooLong

AT = datetime(2026, 3, 31, 9, tzinfo=UTC)
SHORT, LONG = Kept("TEN-ISA", 2, 24), Kept("EH-ISA", 1, 72)


def on(year: int, month: int, day: int) -> datetime:
    return AT.replace(year=year, month=month, day=day)


def test_the_agreement_that_keeps_it_longest_says_until_when() -> None:
    assert kept_until([SHORT, LONG], None, None, AT) == on(2032, 3, 31)
    assert kept_until([SHORT], None, None, AT) == on(2028, 3, 31)


def test_months_count_from_the_end_of_a_record_that_has_one_ahead() -> None:
    assert kept_until([SHORT], None, on(2027, 1, 5), AT) == on(2029, 1, 5)
    assert kept_until([SHORT], None, on(2025, 1, 5), AT) == on(2028, 3, 31)


def test_a_source_may_wish_for_less_and_never_for_more() -> None:
    assert kept_until([LONG], on(2027, 1, 1), None, AT) == on(2027, 1, 1)
    assert kept_until([LONG], on(2032, 3, 31), None, AT) == on(2032, 3, 31)
    late = on(2032, 3, 31).replace(minute=1)
    assert kept_until([SHORT, LONG], late, None, AT) == TooLong(on(2032, 3, 31), LONG)


def test_without_an_agreement_it_is_a_year_or_what_is_wished_up_to_a_hundred() -> None:
    assert kept_until([], None, None, AT) == on(2027, 3, 31)
    assert kept_until([], on(2126, 3, 31), None, AT) == on(2126, 3, 31)
    assert kept_until([], on(2126, 4, 1), None, AT) == TooLong(on(2126, 3, 31), None)


@pytest.mark.parametrize(
    ("months", "expected"),
    [(1, on(2026, 4, 30)), (11, on(2027, 2, 28)), (23, on(2028, 2, 29)), (9, on(2026, 12, 31))],
)
def test_a_month_without_such_a_day_ends_on_its_last(months: int, expected: datetime) -> None:
    assert months_after(AT, months) == expected


def test_no_date_lies_beyond_the_calendar() -> None:
    assert months_after(on(9990, 3, 31), 1200) == on(9999, 3, 31)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"notes": "x"}, "notes"),
        ({"since": 2026}, "since"),
        ({"since": "x" * 201}, "since"),
        ({"status": "perhaps"}, "status"),
        ({"lead_practitioner": "Ann"}, "lead_practitioner"),
        ({"lead_practitioner": {"diary": "x"}}, "lead_practitioner/diary"),
        ({"lead_practitioner": {"name": 7}}, "lead_practitioner/name"),
    ],
)
def test_a_pointer_holds_nothing_more_than_whom_to_ring(
    content: dict[str, Any], where: str
) -> None:
    fault = pointer_fault(content)
    assert fault is not None
    assert fault[0] == where
    assert fault[1]


def test_a_pointer_may_say_since_when_and_whom_to_ring() -> None:
    lead = {"name": "A. Coordinator", "role": "nurse", "telephone": "01632 960101", "email": None}
    whole = {"since": "2026-01-05", "until": "2026-03-01", "status": "closed"}
    assert pointer_fault(whole | {"lead_practitioner": lead}) is None
    assert pointer_fault({}) is None
