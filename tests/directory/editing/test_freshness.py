"""Freshness: its boundaries by pencil and paper, and what holds of every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.rules.freshness import (
    Stage,
    ageing_after,
    fresh_after,
    freshness,
    months_before,
    next_check,
    soon_before,
    stage,
)
from directory.terms.searching import Freshness

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
MARCH = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("assured", "on", "said"),
    [
        (date(2026, 3, 2), MARCH, Freshness.FRESH),
        (date(2025, 12, 3), MARCH, Freshness.FRESH),
        (date(2025, 12, 2), MARCH, Freshness.AGEING),
        (date(2025, 3, 3), MARCH, Freshness.AGEING),
        (date(2025, 3, 2), MARCH, Freshness.STALE),
        (None, MARCH, Freshness.STALE),
        (date(2026, 3, 3), MARCH, Freshness.FRESH),  # it is tomorrow elsewhere
        (date(2026, 3, 4), MARCH, Freshness.STALE),
        (date(2099, 1, 1), MARCH, Freshness.STALE),
        (date(2025, 11, 28), date(2026, 2, 28), Freshness.AGEING),
        (date(2025, 11, 29), date(2026, 2, 28), Freshness.FRESH),
        (date(2024, 2, 29), date(2025, 2, 28), Freshness.AGEING),
        (date(2024, 2, 29), date(2025, 3, 1), Freshness.STALE),
    ],
)
def test_a_record_is_as_fresh_as_its_last_assurance(
    assured: date | None, on: date, said: Freshness
) -> None:
    assert freshness(assured, on) is said


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 15), 12, date(2025, 12, 15)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_are_counted_as_a_calendar_counts_them(
    day: date, months: int, earlier: date
) -> None:
    assert months_before(day, months) == earlier


@pytest.mark.parametrize(
    ("assured", "reached"),
    [
        (date(2026, 1, 1), Stage.NONE),
        (date(2025, 12, 18), Stage.NONE),
        (date(2025, 12, 17), Stage.SOON),
        (date(2025, 12, 3), Stage.SOON),
        (date(2025, 12, 2), Stage.AGEING),
        (date(2025, 9, 3), Stage.AGEING),
        (date(2025, 9, 2), Stage.HALF_A_YEAR),
        (date(2025, 3, 3), Stage.HALF_A_YEAR),
        (date(2025, 3, 2), Stage.STALE),
    ],
)
def test_each_stage_of_ageing_begins_on_its_day(assured: date, reached: Stage) -> None:
    assert stage(assured, MARCH) is reached


@settings(deadline=None)
@given(DAYS, DAYS)
def test_a_record_only_ever_ages(assured: date, on: date) -> None:
    order = [Freshness.FRESH, Freshness.AGEING, Freshness.STALE]
    if on >= assured:
        later = freshness(assured, on + timedelta(days=1))
        assert order.index(later) >= order.index(freshness(assured, on))
        assert stage(assured, on + timedelta(days=1)) >= stage(assured, on)


@settings(deadline=None)
@given(DAYS, DAYS)
def test_boundaries_and_stages_tell_what_the_rule_tells(assured: date, on: date) -> None:
    if assured <= on:
        said = freshness(assured, on)
        assert (said is Freshness.FRESH) == (assured > fresh_after(on))
        assert (said is Freshness.STALE) == (assured <= ageing_after(on))
        assert (stage(assured, on) >= Stage.AGEING) == (said is not Freshness.FRESH)
        assert (stage(assured, on) > Stage.NONE) == (assured <= soon_before(on))


@settings(deadline=None)
@given(DAYS)
def test_a_record_is_fresh_up_to_its_next_check_and_no_longer(assured: date) -> None:
    last = next_check(assured, assured)
    assert freshness(assured, last) is Freshness.FRESH
    assert freshness(assured, last + timedelta(days=1)) is Freshness.AGEING


@pytest.mark.parametrize("assured", [None, date(2030, 1, 1)])
def test_what_nobody_vouched_for_is_to_be_checked_now(assured: date | None) -> None:
    assert next_check(assured, MARCH) == MARCH
