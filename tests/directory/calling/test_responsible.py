"""The rule that says whom to call: its table of cases, and what holds whatever is on file."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.rules.responsible import (
    IMMEDIATE_DANGER,
    SAFEGUARDING_LEAD_FIRST,
    responsible,
)
from directory.terms.agencies import Interval
from directory.terms.coverage import (
    FRONT_DOORS,
    AreaKind,
    CallingAnswer,
    CallingFacts,
    PlaceKind,
    UnknownLevel,
)
from directory.terms.places import Place
from directory.terms.records import ANYONE, Viewer
from directory.terms.searching import Freshness
from tests.directory.calling.builders import (
    AT,
    CITY,
    DOOR,
    DOOR_FOR_ALL,
    EAST,
    GIPTON,
    HUB,
    HUB_FOR_EAST,
    HUNSLET,
    LATER,
    LEEDS,
    MANAGER,
    PAST,
    PLACE,
    SOUTH,
    area,
    codes,
    contact,
    cover,
    coverage,
    facts,
    part,
    question,
)

OAK = Viewer("oak")


def answer(given_facts: CallingFacts, viewer: Viewer = ANYONE, **asked: Any) -> CallingAnswer:
    said = responsible(question(**asked), given_facts, viewer, AT)
    assert isinstance(said, CallingAnswer), said
    return said


def test_early_help_is_for_the_hub_of_the_area_that_the_ward_is_in() -> None:
    said = answer(facts())

    assert codes(said) == ["hub"]
    assert said.contacts[0].why == (
        "It answers for the hub area East, which this place is in, at the level “Targeted”."
    )
    assert (said.city, said.ward, said.district) == ("Leeds", "Gipton & Harehills", "Leeds")
    assert (said.mapped, said.covered, said.urgent, said.first) == (True, True, False, ())
    assert [one.code for one in said.areas] == ["east", "leeds"]


def test_a_cluster_manager_comes_before_the_hub_if_one_is_named() -> None:
    known = facts(
        coverage=(DOOR_FOR_ALL, HUB_FOR_EAST, coverage("manager", "east", kind=PlaceKind.AREA))
    )
    nobody = replace(MANAGER, facts=replace(MANAGER.facts, phone=None))
    held = replace(nobody, facts=replace(nobody.facts, holder="R. Ashgrove"))

    assert codes(answer(known)) == ["manager", "hub"]
    assert codes(answer(replace(known, contacts=(HUB, nobody)))) == ["hub"]
    assert codes(answer(replace(known, contacts=(HUB, held)), OAK)) == ["manager", "hub"]
    assert codes(answer(replace(known, contacts=(HUB, held)))) == ["hub"], "nobody may know of whom"


@pytest.mark.parametrize("level", ["targeted", "early_help"])
def test_a_level_is_asked_for_in_the_citys_words_or_in_the_common_ones(level: str) -> None:
    own = facts(coverage=(coverage("hub", levels=frozenset({"targeted"})),))
    common = facts(coverage=(coverage("hub", levels=frozenset({"early_help"})),))

    assert codes(answer(own, level=level)) == codes(answer(common, level=level)) == ["hub"]


def test_what_the_city_says_of_its_levels_is_said_along() -> None:
    assert answer(facts(), level="targeted").notes == ("A conversation.",)
    assert answer(facts(), level="targeted").level == "Targeted"
    assert answer(facts(), level="early_help").level == "early_help"


def test_a_level_that_the_city_does_not_know_is_refused_with_those_it_does() -> None:
    said = responsible(question("4"), facts(), ANYONE, AT)

    assert said == UnknownLevel("4", ("universal", "early_help", "specialist", "targeted"))


@pytest.mark.parametrize(
    "asked", [{"level": "specialist"}, {"at_risk": True}, {"level": None, "at_risk": True}]
)
def test_significant_harm_and_specialist_need_are_for_the_front_door_first(
    asked: dict[str, Any],
) -> None:
    said = answer(facts(), **asked)

    assert said.first == (SAFEGUARDING_LEAD_FIRST, IMMEDIATE_DANGER)
    assert said.contacts[0].contact == DOOR
    assert said.contacts[0].front_door
    assert said.contacts[0].why == (
        "It is the front door, and answers for all of Leeds, at the level “Specialist”."
    )
    assert said.mapped


def test_where_a_child_is_at_risk_the_others_come_after_the_front_door() -> None:
    assert codes(answer(facts(), at_risk=True)) == ["door", "hub"]


def test_a_front_door_that_no_coverage_names_is_found_all_the_same() -> None:
    said = answer(facts(coverage=(replace(DOOR_FOR_ALL, during=PAST),)), level=None, at_risk=True)

    assert codes(said)[0] == "door"
    assert not said.contacts[0].by_coverage
    assert not said.mapped


def test_without_any_front_door_that_is_said() -> None:
    said = answer(facts(contacts=(HUB,)), at_risk=True)

    assert "No front door of Leeds is on file: call the council's social care." in said.notes
    assert IMMEDIATE_DANGER in said.first


def test_a_front_door_answers_in_its_turn_where_nobody_is_at_risk() -> None:
    door = coverage("door", LEEDS, kind=PlaceKind.DISTRICT)
    said = answer(facts(coverage=(door, HUB_FOR_EAST)))

    assert codes(said) == ["hub", "door"]
    assert not said.contacts[1].front_door


def test_the_narrower_comes_first_then_the_order_then_the_role() -> None:
    rows = (
        coverage("door", LEEDS, kind=PlaceKind.DISTRICT),
        coverage("south", position=2),
        coverage("hub", position=1),
        coverage("manager", "LS85NG", kind=PlaceKind.POSTCODE, position=9),
    )

    said = answer(facts(coverage=rows))

    assert codes(said) == ["manager", "hub", "south", "door"]
    assert "this very postcode" in said.contacts[0].why
    assert "the ward Gipton & Harehills" in said.contacts[1].why


def test_a_postcode_can_be_taken_out_of_the_area_that_its_ward_is_in() -> None:
    west = area("west", AreaKind.HUB_AREA, part(PlaceKind.POSTCODE, "LS85NG"))
    rows = (HUB_FOR_EAST, coverage("south", "west", kind=PlaceKind.AREA))
    known = facts(areas=(CITY, EAST, west), coverage=rows)

    assert codes(answer(known)) == ["south"]
    assert codes(answer(known, place=replace(PLACE, postcode="LS8 5NH"))) == ["hub"]


def test_the_same_contact_point_is_listed_once() -> None:
    assert codes(answer(facts(coverage=(HUB_FOR_EAST, coverage("hub"))))) == ["hub"]


def test_an_unknown_level_does_not_keep_the_front_door_from_whoever_worries() -> None:
    assert codes(answer(facts(), level="9", at_risk=True))[0] == "door"


def test_whoever_has_a_safeguarding_lead_is_told_whom_to_speak_to_first() -> None:
    lead = contact("lead", "designated_safeguarding_lead")
    known = facts(leads=(lead, replace(lead, ends=AT)))
    elsewhere = replace(known, areas=())

    assert answer(known, level="specialist").leads == (lead,)
    assert answer(elsewhere, at_risk=True).leads == (lead,)
    assert answer(known).leads == ()


def test_what_has_ended_or_not_begun_does_not_count() -> None:
    ended = facts(coverage=(replace(HUB_FOR_EAST, during=PAST),))
    to_come = facts(coverage=(replace(HUB_FOR_EAST, during=Interval(LATER)),))
    area_ended = facts(areas=(CITY, replace(EAST, during=PAST)))
    part_ended = facts(areas=(CITY, replace(EAST, parts=(part(PlaceKind.WARD, GIPTON, PAST),))))
    gone = facts(contacts=(replace(HUB, ends=AT), SOUTH))

    for known in (ended, to_come, area_ended, part_ended, gone):
        assert not answer(known).mapped


def test_where_nobody_is_on_file_that_is_said_and_every_hub_is_listed() -> None:
    said = answer(facts(), place=replace(PLACE, ward=HUNSLET))

    assert codes(said) == ["hub", "south"]
    assert not said.mapped
    assert said.notes == (
        "Nobody is on file for just this place: these are all the hubs of Leeds.",
    )
    assert said.contacts[0].why == (
        "Nobody is on file for just this place, so every hub of Leeds is listed."
    )


def test_a_place_of_which_only_half_is_known_says_so() -> None:
    said = answer(facts(), place=Place("LS8 9ZZ", 53.8, -1.5, LEEDS, None, approximate=True))

    assert "approximate" in said.notes[0]
    assert codes(said) == ["hub", "south"]
    assert said.ward is None


@pytest.mark.parametrize("at_risk", [False, True])
def test_outside_the_cities_the_district_is_named_and_not_covered(at_risk: bool) -> None:  # noqa: FBT001  (a case of the table)
    there = Place("BD1 1AA", 53.8, -1.7, "E08000032", "E05")
    known = facts(areas=(), names={"E08000032": "Bradford"})

    said = answer(known, place=there, at_risk=at_risk)

    assert (said.covered, said.city, said.district, said.contacts) == (False, None, "Bradford", ())
    assert said.notes[0].startswith("This place is in Bradford, which is not covered here.")
    assert (IMMEDIATE_DANGER in said.first) is at_risk
    assert isinstance(responsible(question("9", place=there), known, ANYONE, AT), UnknownLevel)


def test_each_sees_those_that_they_may_know_of() -> None:
    rows = tuple(coverage(code) for code in ("hub", "south", "manager"))
    known = facts(
        coverage=rows,
        contacts=(
            HUB,
            replace(SOUTH, facts=replace(SOUTH.facts, audience="practitioners")),
            replace(MANAGER, facts=replace(MANAGER.facts, audience=("oak",))),
        ),
    )

    assert codes(answer(known)) == ["hub"]
    assert codes(answer(known, Viewer("elm"))) == ["hub", "south"]
    assert codes(answer(known, OAK)) == ["manager", "hub", "south"]


def test_contact_points_of_another_city_are_not_called() -> None:
    york = replace(SOUTH, facts=replace(SOUTH.facts, city="York"))

    said = answer(facts(contacts=(york, HUB), coverage=(coverage("south"),)))

    assert codes(said) == ["hub"]


def test_whoever_stands_in_comes_before_whoever_is_away() -> None:
    known = facts(covers=(cover("hub", "south", Interval(PAST.starts, LATER), "Ring Mondays"),))

    first, away = answer(known).contacts

    assert (first.contact, first.stands_in_for, first.note) == (SOUTH, "hub", "Ring Mondays")
    assert first.why.startswith("It stands in for hub, who is away. It answers for the hub area")
    assert (away.contact, away.away, away.away_until) == (HUB, True, LATER)


def test_whoever_stands_in_can_be_away_too_and_two_cannot_wait_for_each_other() -> None:
    line = facts(covers=(cover("hub", "manager"), cover("manager", "south")))
    circle = facts(covers=(cover("hub", "south"), cover("south", "hub")))
    hidden = facts(covers=(cover("hub", "nobody"),))

    assert codes(answer(line)) == ["south", "hub"]
    assert codes(answer(circle)) == ["hub"]
    assert codes(answer(hidden)) == ["hub"]
    assert answer(hidden).contacts[0].away
    assert not answer(facts(covers=(cover("hub", "south", PAST),))).contacts[0].away


def test_a_front_door_keeps_its_place_and_who_stands_in_follows() -> None:
    said = answer(facts(covers=(cover("door", "south"),)), level="specialist")

    assert codes(said) == ["door", "south"]


def test_what_is_invented_says_so() -> None:
    known = facts(coverage=(replace(HUB_FOR_EAST, invented=True),))
    by_area = facts(areas=(CITY, replace(EAST, invented=True)))
    person = contact("manager", "cluster_manager", invented=True)
    by_contact = facts(contacts=(person,), coverage=(coverage("manager"),))

    for one in (known, by_area, by_contact):
        said = answer(one)
        assert said.contacts[0].invented
        assert any("invented here, for the demonstration" in note for note in said.notes)
    assert not answer(facts()).contacts[0].invented


def test_how_fresh_each_is_is_said() -> None:
    fresh = replace(HUB, facts=replace(HUB.facts, assured_on=AT.date()))

    assert answer(facts(contacts=(fresh,))).contacts[0].freshness is Freshness.FRESH
    assert answer(facts()).contacts[0].freshness is Freshness.STALE


_PERIODS = st.sampled_from(
    [Interval(PAST.starts), PAST, Interval(LATER), Interval(PAST.starts, LATER)]
)
_ROLES = ("duty_and_advice", "front_door", "early_help_hub", "cluster_manager", "advice_point")
_CONTACTS = tuple(contact(f"c{n}", role) for n, role in enumerate(_ROLES))
_ROWS = st.lists(
    st.builds(
        coverage,
        st.sampled_from([one.facts.code for one in _CONTACTS]),
        st.sampled_from([GIPTON, LEEDS, "east", "LS85NG"]),
        kind=st.sampled_from(list(PlaceKind)),
        levels=st.sets(st.sampled_from(["universal", "targeted", "specialist"]), min_size=1).map(
            frozenset
        ),
        during=_PERIODS,
        position=st.integers(0, 3),
    ),
    max_size=8,
)
_COVERS = st.lists(
    st.builds(
        cover,
        st.sampled_from([one.facts.code for one in _CONTACTS]),
        st.sampled_from([one.facts.code for one in _CONTACTS]),
        _PERIODS,
    ),
    max_size=4,
)
_LEVELS_ASKED = st.sampled_from([None, "universal", "early_help", "targeted", "specialist"])


@settings(max_examples=60)
@given(_ROWS, _COVERS, _LEVELS_ASKED, st.sets(st.sampled_from(_CONTACTS)), _PERIODS)
def test_at_risk_has_the_front_door_first_whatever_else_is_on_file(
    rows: list[Any], covers: list[Any], level: str | None, known: set[Any], during: Interval
) -> None:
    contacts = tuple({DOOR, *known})
    world = facts(
        coverage=tuple(rows),
        covers=tuple(covers),
        contacts=contacts,
        areas=(CITY, replace(EAST, during=during)),
    )

    said = answer(world, level=level, at_risk=True)

    assert said.contacts[0].front_door
    assert said.contacts[0].contact.facts.acts_as in FRONT_DOORS
    assert said.first[0] == SAFEGUARDING_LEAD_FIRST
    assert len(set(codes(said))) == len(codes(said))


@given(
    _ROWS,
    _COVERS,
    _LEVELS_ASKED.filter(bool),
    st.sampled_from(["public", "practitioners", ("oak",)]),
)
def test_nobody_is_called_whom_the_asker_may_not_know_of(
    rows: list[Any], covers: list[Any], level: str, audience: Any
) -> None:
    kept = tuple(replace(one, facts=replace(one.facts, audience=audience)) for one in _CONTACTS)
    said = answer(facts(coverage=tuple(rows), covers=tuple(covers), contacts=kept), level=level)

    assert audience == "public" or said.contacts == ()
