"""Which entries cannot both be true, and what a printed number can be seen to be."""

from dataclasses import replace

import pytest

from directory.rules.coverage import (
    clashing_cover,
    clashing_coverage,
    clashing_parts,
    overlap,
)
from directory.rules.telephones import printed
from directory.terms.agencies import Interval
from directory.terms.contacts import Phone
from directory.terms.coverage import AreaKind, PlaceKind
from tests.directory.calling.builders import (
    ALWAYS,
    AT,
    EAST,
    GIPTON,
    HUNSLET,
    LATER,
    PAST,
    area,
    cover,
    coverage,
    number,
    part,
)

WEST = area("west", AreaKind.HUB_AREA)
NEW = replace(part(PlaceKind.WARD, GIPTON), id=number("new"))


def test_periods_overlap_where_they_share_an_instant() -> None:
    assert overlap(ALWAYS, PAST)
    assert overlap(Interval(AT), ALWAYS)
    assert not overlap(PAST, Interval(AT))
    assert not overlap(Interval(LATER), PAST)


def test_a_ward_is_in_one_area_of_a_kind_at_a_time() -> None:
    cluster = area("c", AreaKind.CLUSTER)

    assert list(clashing_parts(WEST, NEW, [EAST])) == [("east", EAST.parts[0].id)]
    assert list(clashing_parts(EAST, NEW, [EAST])) == [("east", EAST.parts[0].id)]
    assert not list(clashing_parts(cluster, NEW, [EAST])), "a cluster lies within a hub's area"
    assert not list(clashing_parts(replace(WEST, city="York"), NEW, [EAST]))
    assert not list(clashing_parts(WEST, replace(NEW, code=HUNSLET), [EAST]))
    assert not list(clashing_parts(WEST, EAST.parts[0], [EAST])), "an entry is no clash of its own"
    assert not list(clashing_parts(WEST, NEW, [replace(EAST, during=Interval(LATER, LATER))]))
    ended = replace(EAST, parts=(replace(EAST.parts[0], during=PAST),))
    assert not list(clashing_parts(WEST, replace(NEW, during=Interval(AT)), [ended]))


def test_two_of_one_role_need_an_order_and_nobody_answers_twice() -> None:
    hub, south = coverage("hub"), coverage("south")

    def clashes(new: object, role: str = "early_help_hub") -> list[object]:
        return list(clashing_coverage(new, role, [(hub, "early_help_hub")]))  # type: ignore[arg-type]  # builder

    assert clashes(south) == [hub.id]
    assert clashes(replace(hub, id=number("again"), position=4)) == [hub.id]
    assert clashes(hub) == []
    assert clashes(replace(south, position=1)) == []
    assert clashes(south, "cluster_manager") == []
    assert clashes(replace(south, place=HUNSLET)) == []
    assert clashes(replace(south, levels=frozenset({"universal"}))) == []
    assert clashes(replace(south, during=PAST)) == [hub.id]


def test_one_stands_in_at_a_time_and_nobody_for_whoever_stands_in_for_them() -> None:
    held = cover("hub", "south")

    assert list(clashing_cover(cover("hub", "manager"), [held])) == [held.id]
    assert list(clashing_cover(cover("south", "hub"), [held])) == [held.id]
    assert not list(clashing_cover(held, [held]))
    assert not list(clashing_cover(cover("south", "manager"), [held]))
    assert not list(clashing_cover(cover("hub", "x", Interval(AT)), [replace(held, during=PAST)]))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("0113 376 0336", Phone("0113 376 0336", "+441133760336")),
        ("(01904) 551-900", Phone("(01904) 551-900", "+441904551900")),
        ("+44 113 376 0336", Phone("+44 113 376 0336", "+441133760336")),
        ("101", Phone("101")),
        (
            "0113535899",
            Phone(
                "0113535899",
                fault="It has 10 digits, where a number of the UK has 11 and begins with 0.",
            ),
        ),
    ],
)
def test_what_is_visibly_wrong_with_a_number_is_said_and_not_repaired(
    said: str, read: Phone
) -> None:
    assert printed(said) == read
