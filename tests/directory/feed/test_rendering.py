"""How the feed writes what it shows, without a database."""

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
from tests.directory.feed.making import a_service, uid

OAK = Viewer("oak-school")
HERE = uid("sal", 1, 1)


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
