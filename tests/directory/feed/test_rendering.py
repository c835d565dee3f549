"""How the feed writes what it shows, without a database."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.rules.forms import form_of
from directory.rules.rendering import (
    envelope,
    row,
    row_at_location,
    tombstone,
    whole,
    whole_at_location,
    written,
)
from directory.terms.records import ANYONE, Viewer
from tests.directory.feed.making import a_location, a_service, a_term, an_attribute, uid

OAK = Viewer("oak-school")
HERE = uid("sal", 1, 1)
Shown = Callable[[dict[str, Any], Viewer], dict[str, Any]]


def whole_service(service: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    told = whole("service", service, viewer)
    assert told is not None
    return told


def whole_at_open_place(service: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    told = whole_at_location(service, HERE, viewer)
    assert told is not None
    nested: dict[str, Any] = told["service"]
    return nested


def test_what_nobody_may_see_is_nothing_in_every_shape() -> None:
    kept = a_service(1, audience="practitioners")
    assert row("service", kept, ANYONE) is None
    assert whole("service", kept, ANYONE) is None
    assert row_at_location(kept, HERE, ANYONE) is None
    assert whole_at_location(kept, HERE, ANYONE) is None
    assert whole("service", kept, OAK) == kept


def test_a_place_that_is_hidden_or_not_there_is_nothing() -> None:
    service = a_service(1)
    assert row_at_location(service, uid("elsewhere"), ANYONE) is None
    assert whole_at_location(service, uid("elsewhere"), ANYONE) is None
    service["service_at_locations"][0]["location"]["addresses"][0]["audience"] = ["oak-school"]
    assert row_at_location(service, HERE, ANYONE) is None
    assert whole_at_location(service, HERE, ANYONE) is None
    for told in (row_at_location(service, HERE, OAK), whole_at_location(service, HERE, OAK)):
        assert told is not None
        assert told["location"]["name"] == "Lantern House 1"


def a_service_at_a_refuge() -> dict[str, Any]:
    """Return a service at an open place and at a hidden one, at which several things are said."""
    service = a_service(1)
    (openly,) = service["service_at_locations"]
    refuge = a_location(2) | {"audience": "practitioners"}
    there = {"id": uid("sal", "refuge"), "location_id": refuge["id"], "location": refuge}
    service["service_at_locations"] = [openly, there]
    by_place = {"service_at_location_id": there["id"].upper()}
    by_location = {"location_id": refuge["id"]}
    term = a_term("refuges", "Refuge")
    return service | {
        "schedules": [{"id": uid("there"), **by_place}, {"id": uid("open"), "byday": "MO"}],
        "phones": [{"id": uid("phone"), "number": "01632 960001", **by_location}],
        "contacts": [
            {"id": uid("c1"), "name": "Refuge desk", **by_place},
            {"id": uid("c2"), "name": "Desk", "phones": [{"id": uid("p2"), **by_location}]},
            {"id": uid("c3"), "name": "Door", "location_id": openly["location_id"]},
        ],
        "attributes": [an_attribute(refuge["id"], term)],
        "program": {"id": uid("program"), **by_place},
    }


@pytest.mark.parametrize("shown", [whole_service, whole_at_open_place])
def test_what_is_said_to_be_at_a_hidden_place_is_hidden_with_it(shown: Shown) -> None:
    service = a_service_at_a_refuge()
    told = shown(service, ANYONE)
    assert told["schedules"] == [{"id": uid("open"), "byday": "MO"}]
    assert not told.keys() & {"phones", "attributes", "program"}
    assert told["contacts"] == [
        {"id": uid("c2"), "name": "Desk"},
        {"id": uid("c3"), "name": "Door", "location_id": a_location(1)["id"]},
    ]
    known = shown(service, OAK)
    assert len(known["contacts"]) == 3
    assert known.keys() >= {"phones", "attributes", "program"}


def test_a_place_that_is_open_elsewhere_is_still_named() -> None:
    service = a_service(1)
    (openly,) = service["service_at_locations"]
    hidden = {"id": uid("hidden"), "audience": ["oak-school"]}
    service["service_at_locations"] = [openly, {**openly, **hidden}]
    service["phones"] = [
        {"id": uid("p1"), "location_id": openly["location_id"]},
        {"id": uid("p2"), "service_at_location_id": uid("hidden")},
    ]
    told = whole_service(service, ANYONE)
    assert [one["id"] for one in told["phones"]] == [uid("p1")]


def test_an_attribute_is_hidden_with_its_term() -> None:
    term = a_term("refuges", "Refuge") | {"audience": "practitioners"}
    service = a_service(1, attributes=[an_attribute(uid("service", 1), term)])
    assert "attributes" not in whole_service(service, ANYONE)
    assert whole_service(service, OAK)["attributes"]


def test_an_id_is_the_same_in_capitals() -> None:
    service = a_service(1)
    service["service_at_locations"][0]["id"] = HERE.upper()
    assert whole_at_location(service, HERE, ANYONE) is not None


def test_a_place_of_a_service_without_times_has_none() -> None:
    told = whole_at_location(a_service(1, schedules=None), HERE, ANYONE)
    assert told is not None
    assert "schedules" not in told["service"]


def test_only_what_ended_is_marked_and_only_for_practitioners() -> None:
    for viewer, status, marked in (
        (OAK, "defunct", True),
        (OAK, "active", False),
        (ANYONE, "defunct", False),
    ):
        told = whole("service", a_service(1, status=status), viewer)
        assert told is not None
        assert told.get("archived", False) is marked


def test_a_tombstone_says_id_name_and_status_and_nothing_else() -> None:
    assert tombstone(uid("x"), "Sleep") == {"id": uid("x"), "name": "Sleep", "status": "defunct"}


def test_what_has_no_name_either_keeps_an_empty_description() -> None:
    assert written("taxonomy", {"id": "1"}) == {"id": "1", "description": ""}
    assert written("taxonomy", {"id": "1", "name": "T", "description": None})["description"] == "T"


def test_objects_that_the_standard_does_not_know_are_passed_on_without_what_is_empty() -> None:
    told = written("service", {"unknown": {"b": [None, "", {"c": None}], "a": 0, "z": False}})
    assert told == {"unknown": {"a": 0, "z": False}}
    assert form_of("unknown").rank == {}


@given(st.integers(0, 500), st.integers(1, 60), st.integers(1, 50))
def test_the_numbers_of_a_page_agree_with_each_other(total: int, page: int, per_page: int) -> None:
    size = max(0, min(per_page, total - (page - 1) * per_page))
    told = envelope(total, page, per_page, [{"id": str(number)} for number in range(size)])
    assert told["size"] == len(told["contents"]) == size
    assert told["empty"] is (size == 0)
    assert told["first_page"] is (page == 1)
    assert (told["total_pages"] - 1) * per_page < total <= told["total_pages"] * per_page or (
        total == told["total_pages"] == 0
    )
    assert told["last_page"] is (page * per_page >= total)
