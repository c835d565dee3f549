"""What is done to a proposed document: nobody takes out, or tells, what they cannot see."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.rules.audience import seen_by
from directory.rules.drafting import (
    contacts_of,
    kept_for_others,
    leaks,
    misplaced,
    naming,
    places_naming,
    sees_whole,
    with_private_contacts,
)
from directory.terms.records import ANYONE, RecordKind, Viewer

OAK, ELM = Viewer("oak"), Viewer("elm")
AUDIENCES = st.sampled_from([None, "public", "practitioners", ["oak"], ["elm"], ["oak", "elm"]])


def part(name: str, more: dict[str, Any], audience: object) -> dict[str, Any]:
    return {"id": name} | more | ({} if audience is None else {"audience": audience})


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    def parts(depth: int) -> list[dict[str, Any]]:
        names = draw(st.lists(st.sampled_from("vwxyz"), unique=True, max_size=3))
        return [
            part(
                name,
                {"n": draw(st.integers(1, 2))}
                | ({"phones": parts(depth - 1)} if depth and draw(st.booleans()) else {})
                | ({"more": part("m", {}, draw(AUDIENCES))} if draw(st.booleans()) else {}),
                draw(AUDIENCES),
            )
            for name in names
        ]

    return {"id": "s", "name": draw(st.sampled_from("ab")), "schedules": parts(1)}


@settings(deadline=None)
@given(documents(), documents())
def test_whatever_oak_proposes_others_keep_what_oak_cannot_see(held: Any, proposed: Any) -> None:
    seen = seen_by(held, OAK)
    made = kept_for_others(held, seen or {}, seen_by(proposed, OAK) or {})
    kept = {one["id"]: one for one in made.get("schedules", ())}
    shown = {one["id"] for one in (seen or {}).get("schedules", ())}
    for one in held["schedules"]:
        if one["id"] not in shown:
            assert kept[one["id"]] == one


@settings(deadline=None)
@given(documents())
def test_proposing_what_one_sees_changes_nothing(held: Any) -> None:
    seen = seen_by(held, OAK) or {}
    made = kept_for_others(held, seen, deepcopy(seen))
    for viewer in (ANYONE, OAK, ELM):
        assert by_id(seen_by(made, viewer)) == by_id(seen_by(held, viewer))


def by_id(value: Any) -> Any:
    """Return a document whose lists are in the order of ids: hidden parts come last."""
    if isinstance(value, dict):
        return {name: by_id(one) for name, one in value.items()}
    return sorted(map(by_id, value), key=repr) if isinstance(value, list) else value


def test_a_part_that_is_hidden_is_neither_taken_out_nor_replaced() -> None:
    secret = part("x", {"n": 1}, ["elm"])
    held = {"id": "s", "schedules": [secret, part("y", {}, None)], "more": part("m", {}, ["elm"])}
    seen = seen_by(held, OAK) or {}
    mine = {"id": "s", "schedules": [part("x", {"n": 9}, None), "odd"], "more": {"id": "mine"}}
    made = kept_for_others(held, seen, mine)
    assert made == {"id": "s", "schedules": [secret, "odd"], "more": held["more"]}


def test_what_is_hidden_keeps_its_place() -> None:
    def shut(name: str) -> dict[str, Any]:
        return part(name, {}, ["elm"])

    held = {"l": [shut("a"), part("b", {}, None), shut("c"), shut("d"), part("e", {}, None)]}
    seen = seen_by(held, OAK) or {}
    mine = {"l": [*seen["l"], {"id": "f"}]}
    assert [one["id"] for one in kept_for_others(held, seen, mine)["l"]] == list("abcdef")
    gone = {"l": [seen["l"][1]]}
    assert [one["id"] for one in kept_for_others(held, seen, gone)["l"]] == list("acde")


def test_a_list_without_ids_is_changed_only_by_who_sees_all_of_it() -> None:
    held = {"l": [{"n": 1}, {"n": 2, "audience": ["elm"]}]}
    for viewer, wanted in ((OAK, held["l"]), (ELM, [])):
        seen = seen_by(held, viewer) or {}
        assert kept_for_others(held, seen, {"l": []}) == {"l": wanted}


def test_what_its_author_sees_can_be_changed_and_taken_out() -> None:
    held = {"id": "s", "more": {"n": 1}, "other": {"n": 1}, "tags": ["a"], "gone": [{"id": "z"}]}
    mine = {"id": "s", "more": {"n": 2}, "tags": ["b"]}
    assert kept_for_others(held, held, mine) == mine


@pytest.mark.parametrize(
    ("document", "viewer", "whole"),
    [
        ({"id": "s", "phones": [], "x": None, "tags": ["a"]}, OAK, True),
        ({"id": "s", "contacts": [part("c", {}, "practitioners")]}, OAK, True),
        ({"id": "s", "contacts": [part("c", {}, "practitioners")]}, ANYONE, False),
        ({"id": "s", "contacts": [part("c", {}, ["elm"])]}, OAK, False),
        (part("s", {}, ["elm"]), OAK, False),
    ],
)
def test_whether_anything_is_hidden(document: Any, viewer: Viewer, whole: bool) -> None:  # noqa: FBT001  (a column)
    assert sees_whole(document, viewer) is whole


def test_a_new_contact_is_for_practitioners_unless_it_says_otherwise() -> None:
    held = {"contacts": [part("old", {}, None), part("few", {}, ["oak"])]}
    given = {
        "contacts": [{"id": "new"}, part("open", {}, "public"), {"id": "old"}, {"id": "few"}, 3],
        "service_at_locations": [{"id": "p", "contacts": [{"name": "no id"}]}],
        "odd": {"contacts": "none"},
    }
    made = with_private_contacts(given, contacts_of(held))
    assert made["contacts"] == [
        part("new", {}, "practitioners"),
        part("open", {}, "public"),
        {"id": "old"},
        part("few", {}, ["oak"]),
        3,
    ]
    assert made["service_at_locations"][0]["contacts"][0]["audience"] == "practitioners"
    assert made["odd"] == given["odd"]


def test_contacts_are_found_wherever_they_stand() -> None:
    document = {"a": [{"contacts": [{"id": "x"}, 3, {}]}], "contacts": {"id": "y"}}
    assert contacts_of(document) == {"x": {"id": "x"}}


def test_each_audience_that_names_an_agency_is_found() -> None:
    document = {
        "audience": ["oak", "ash"],
        "odd": {"audience": [["ash"], {"x": "ash"}]},
        "phones": [part("p", {}, ["ash"]), part("q", {}, "public")],
    }
    found = list(places_naming(document, frozenset({"ash"})))
    assert found == ["/audience/1", "/phones/0/audience/0"]


def refuge(description: str, **more: Any) -> dict[str, Any]:
    address = {"id": "a", "address_1": "12 Holly Walk", "postal_code": "LS8 5NG"}
    hidden = {"id": "l", "name": "Rose House", "addresses": [address | {"audience": ["elm"]}]}
    places = [{"id": "p", "location": hidden}]
    return {"id": "s", "description": description, "service_at_locations": places} | more


@pytest.mark.parametrize(
    "description",
    ["Come to 12 Holly Walk.", "on HOLLY WALK, by the park", "LS8 5NG", "ring (ls85ng)"],
)
def test_what_anyone_may_read_must_not_repeat_a_hidden_address(description: str) -> None:
    assert list(leaks(refuge(description))) == ["/description"]


@pytest.mark.parametrize(
    "description", ["A safe place in LS8.", "Holly's walk", "12 beds", "Ring first."]
)
def test_other_words_are_no_address(description: str) -> None:
    assert list(leaks(refuge(description))) == []


def test_a_leak_is_named_where_it_stands_in_the_whole_document() -> None:
    contacts = [part("c", {"name": "LS8 5NG"}, ["elm"]), {"id": "d", "name": "LS8 5NG"}]
    odd = [["LS8 5NG"], {"name": "no id: LS8 5NG"}, 3]
    found = list(leaks(refuge("", contacts=contacts, odd=odd)))
    assert found == ["/contacts/1/name", "/odd", "/odd/name"]


def test_what_is_public_elsewhere_is_no_secret_and_what_nobody_reads_tells_nothing() -> None:
    office = {"id": "b", "address_1": "12 Holly Walk", "postal_code": "LS8 5NG"}
    assert list(leaks(refuge("LS8 5NG", office={"id": "o", "addresses": [office]}))) == []
    assert list(leaks(refuge("LS8 5NG", audience="practitioners"))) == []


def test_a_number_for_an_address_is_no_secret() -> None:
    assert list(leaks({"description": "12 beds", "x": part("h", {"address_1": "12"}, "no")})) == []


def test_each_field_of_a_name_is_found_with_its_place() -> None:
    document = {"x_id": "1", "l": [{"x_id": "2"}, {"x_id": None}], "x": {"x_id": 4}}
    assert list(naming(document, "x_id")) == [("/x_id", "1"), ("/l/0/x_id", "2"), ("/x/x_id", "4")]


def test_what_only_services_have_is_out_of_place_elsewhere() -> None:
    document = {"name": "A", "status": "active", "assured_date": "2026-01-01"}
    assert list(misplaced(RecordKind.SERVICE, document)) == []
    assert list(misplaced(RecordKind.LOCATION, document)) == ["/status", "/assured_date"]
