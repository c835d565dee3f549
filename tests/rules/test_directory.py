from datetime import UTC, datetime

import pytest

from directory.rules.agencies import Cut, covers, cuts, opening
from directory.rules.contacts import dialable
from directory.rules.words import folded
from directory.terms.agencies import Interval
from directory.terms.contacts import Phone

JANUARY, MARCH, MAY, JULY = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 3, 5, 7))


def test_an_interval_holds_its_start_and_not_its_end() -> None:
    march_to_may = Interval(MARCH, MAY)

    assert [covers(march_to_may, at) for at in (JANUARY, MARCH, MAY, JULY)] == [
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("active", "away", "expected"),
    [
        (
            [Interval(JANUARY)],
            Interval(MARCH),
            (Cut(Interval(JANUARY), MARCH, None),),
        ),
        (
            [Interval(JANUARY)],
            Interval(MARCH, MAY),
            (Cut(Interval(JANUARY), MARCH, Interval(MAY)),),
        ),
        (
            [Interval(JANUARY, JULY)],
            Interval(MARCH, MAY),
            (Cut(Interval(JANUARY, JULY), MARCH, Interval(MAY, JULY)),),
        ),
        (
            [Interval(MARCH, MAY)],
            Interval(JANUARY, JULY),
            (Cut(Interval(MARCH, MAY), MARCH, None),),
        ),
        (
            [Interval(JANUARY, MARCH), Interval(MAY)],
            Interval(MARCH),
            (Cut(Interval(MAY), MAY, None),),
        ),
        ([Interval(JANUARY, MARCH)], Interval(MARCH), ()),
        ([Interval(MARCH, MARCH)], Interval(JANUARY), ()),
    ],
)
def test_suspending_takes_a_period_out_of_the_active_ones(
    active: list[Interval], away: Interval, expected: tuple[Cut, ...]
) -> None:
    assert cuts(active, away) == expected


@pytest.mark.parametrize(
    ("active", "starts", "expected"),
    [
        ([], MARCH, Interval(MARCH)),
        ([Interval(JANUARY, MARCH)], MARCH, Interval(MARCH)),
        ([Interval(JANUARY, MARCH), Interval(MAY)], MARCH, Interval(MARCH, MAY)),
        ([Interval(JANUARY, MARCH), Interval(MAY, MAY)], MARCH, Interval(MARCH)),
        ([Interval(JANUARY)], MARCH, None),
    ],
)
def test_reinstating_opens_a_period_up_to_the_next(
    active: list[Interval], starts: datetime, expected: Interval | None
) -> None:
    assert opening(active, starts) == expected


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        (None, False),
        (Phone("01632 960123", "+441632960123"), True),
        (Phone("0163296012", fault="one digit short"), False),
        (Phone("01632 960123", "+441632960123", fault="disconnected"), False),
    ],
)
def test_only_a_whole_number_without_a_fault_can_be_dialled(
    phone: Phone | None, *, expected: bool
) -> None:
    assert dialable(phone) is expected


def test_words_are_compared_without_case_accents_and_spacing() -> None:
    assert folded("  Café\nSTRASSE ") == folded("cafe straße") == "cafe strasse"
