"""Lists of the feed: their pages, their rows, and what is refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from directory.rules.standard import Answer, answer_faults, row_faults
from tests.directory.feed.conftest import (
    Filling,
    Making,
    put,
    put_vocabulary,
    some_services,
)
from tests.directory.feed.making import a_service, a_term, uid
from tests.directory.feed.reading import COLLECTIONS, OPEN, ids, in_order, pages, rows
from tests.service import Service

MANY = 37
ANSWERS = {
    "services": (Answer.SERVICES, Answer.SERVICE),
    "service_at_locations": (Answer.SERVICE_AT_LOCATIONS, Answer.SERVICE_AT_LOCATION),
    "organizations": (Answer.ORGANIZATIONS, Answer.ORGANIZATION),
    "taxonomies": (Answer.TAXONOMIES, Answer.TAXONOMY),
    "taxonomy_terms": (Answer.TAXONOMY_TERMS, Answer.TAXONOMY_TERM),
}


@pytest.fixture(scope="module")
def feed(making_service: Making) -> Iterator[Service]:
    """A feed that no test of this file changes."""
    with making_service() as service:
        put(service, some_services(MANY))
        put_vocabulary(service)
        yield service


def test_the_base_says_what_the_feed_is_with_the_slash_and_without(feed: Service) -> None:
    said = feed.get(OPEN)
    assert answer_faults(Answer.ABOUT, said) == []
    assert said["version"] == "HSDS-UK-3.0"
    assert said == feed.get(f"{OPEN}/")


@pytest.mark.long
def test_every_answer_has_the_form_that_the_standard_asks_for(feed: Service) -> None:
    for collection, (listed, single) in ANSWERS.items():
        page = feed.get(f"{OPEN}/{collection}?per_page=1000")
        assert answer_faults(listed, page) == []
        assert page["contents"]
        for row in page["contents"][:12]:
            one = feed.get(f"{OPEN}/{collection}/{row['id']}")
            assert answer_faults(single, one) == []
            assert one["id"] == row["id"]


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("per_page", [1, 4, 7, 36, 37, 38])
def test_pages_lose_no_row_and_repeat_none_and_their_numbers_add_up(
    feed: Service, collection: str, per_page: int
) -> None:
    total = feed.get(f"{OPEN}/{collection}")["total_items"]
    found, number = [], 0
    for number, page in enumerate(pages(feed, f"{OPEN}/{collection}", per_page), 1):
        assert page["total_items"] == total
        assert page["total_pages"] == -(-total // per_page)
        assert page["page_number"] == number
        assert page["size"] == len(page["contents"]) <= per_page
        assert page["first_page"] is (number == 1)
        assert page["last_page"] is (number == page["total_pages"])
        assert page["empty"] is False
        found += [row["id"] for row in page["contents"]]
    assert number == -(-total // per_page)
    assert len(found) == total
    assert in_order(found)


def test_a_page_past_the_end_is_an_honest_empty_page(feed: Service) -> None:
    page = feed.get(f"{OPEN}/services?page=999&per_page=10")
    assert page.pop("contents") == []
    assert page == {
        "total_items": MANY,
        "total_pages": 4,
        "page_number": 999,
        "size": 0,
        "first_page": False,
        "last_page": True,
        "empty": True,
    }


def test_a_feed_of_nothing_is_an_empty_page_everywhere(service: Service) -> None:
    for collection in COLLECTIONS:
        page = service.get(f"{OPEN}/{collection}")
        assert (page["total_items"], page["total_pages"], page["empty"]) == (0, 0, True)
        assert page["first_page"] is page["last_page"] is True


def test_a_row_has_what_there_is_one_of_and_no_lists(feed: Service) -> None:
    for collection in COLLECTIONS:
        for row in rows(feed, f"{OPEN}/{collection}"):
            assert not [name for name, value in _members(row) if isinstance(value, list)]
    row = feed.get(f"{OPEN}/services?search=17")["contents"][0]
    assert row["organization"] == {
        "id": uid("organization", 2),
        "name": "Lantern Trust 2",
        "description": "Lantern Trust 2 helps families.",
        "website": "https://example.org/org/2",
    }


def test_full_rows_are_nested_as_single_records_are(feed: Service) -> None:
    for collection in ("services", "service_at_locations", "organizations"):
        for row in feed.get(f"{OPEN}/{collection}?full=true&per_page=5")["contents"]:
            assert row == feed.get(f"{OPEN}/{collection}/{row['id']}")


def test_a_single_service_says_all_that_was_put_in_and_no_more(feed: Service) -> None:
    for number in (3, 4):
        given = a_service(number)
        assert feed.get(f"{OPEN}/services/{given['id']}") == given


def test_what_the_profile_lacks_and_hsds_has_comes_too(feed: Service) -> None:
    one = feed.get(f"{OPEN}/services/{uid('service', 5)}")
    assert one["contacts"][0]["phones"][0]["number"] == "01632 960005"
    assert one["contacts"][0]["email"] == "desk5@example.org"
    assert one["languages"][0]["name"] == "Polish"


def test_where_a_service_is_given_names_both_and_not_the_other_places(filled: Filling) -> None:
    two = a_service(7)["service_at_locations"] + [
        {**a_service(8)["service_at_locations"][0], "id": uid("other"), "service_id": uid("s")}
    ]
    here = two[0]["id"]
    schedules = [
        {"id": uid("here"), "service_at_location_id": here, "byday": "MO"},
        {"id": uid("there"), "service_at_location_id": uid("other"), "byday": "TU"},
        {"id": uid("both"), "byday": "WE"},
    ]
    feed = filled([a_service(7, service_at_locations=two, schedules=schedules)])
    one = feed.get(f"{OPEN}/service_at_locations/{here}")
    assert one["location"]["name"] == "Lantern House 7"
    assert one["service"]["id"] == one["service_id"] == uid("service", 7)
    assert "service_at_locations" not in one["service"]
    assert [when["byday"] for when in one["service"]["schedules"]] == ["MO", "WE"]


def test_minimal_rows_are_the_id_and_when_it_was_modified(feed: Service) -> None:
    for collection in ("services", "service_at_locations"):
        page = feed.get(f"{OPEN}/{collection}?minimal=true")
        assert page["size"] == MANY
        assert {frozenset(row) for row in page["contents"]} == {frozenset({"id", "last_modified"})}
    dates = {row["id"]: row["last_modified"] for row in rows(feed, f"{OPEN}/services?minimal=true")}
    assert dates[uid("service", 3)] == "2026-01-04T10:00:00.000Z"


def test_organizations_tell_of_their_services_as_much_as_is_asked(feed: Service) -> None:
    own = f"{OPEN}/organizations/{uid('organization', 1)}"
    told = feed.get(own)["services"]
    assert {one["id"] for one in told} == {uid("service", n) for n in range(1, MANY, 3)}
    assert all("schedules" not in one and one["name"] for one in told)
    assert all("schedules" in one for one in feed.get(f"{own}?full_service=true")["services"])
    full = feed.get(f"{OPEN}/organizations?full_service=true")
    assert answer_faults(Answer.ORGANIZATIONS, full) == []
    assert all("schedules" in one for row in full["contents"] for one in row["services"])
    assert all("organization_identifiers" in row for row in full["contents"])


def test_terms_are_found_by_taxonomy_parent_and_top(feed: Service) -> None:
    hubs, naps = uid("taxonomy", "dfe-family-hubs"), uid("term", "dfe-family-hubs", "Naps")
    sleep = uid("term", "dfe-family-hubs", "Sleep")
    every = ids(feed, f"{OPEN}/taxonomy_terms")
    assert len(every) == 8
    assert ids(feed, f"{OPEN}/taxonomy_terms?parent_id={sleep}") == [naps]
    assert set(ids(feed, f"{OPEN}/taxonomy_terms?top_only=true")) == set(every) - {naps}
    assert len(ids(feed, f"{OPEN}/taxonomy_terms?taxonomy_id={hubs}&top_only=true")) == 4
    assert ids(feed, f"{OPEN}/taxonomy_terms?search=nap") == [naps]
    (level,) = rows(feed, f"{OPEN}/taxonomies?search=LEVEL need")
    assert level["name"] == "level-of-need"
    assert len(feed.get(f"{OPEN}/taxonomies/{hubs}")["taxonomy_terms"]) == 5


def test_a_taxonomy_that_only_terms_speak_of_is_listed_too(filled: Filling) -> None:
    feed = filled(some_services(5))
    named = {row["id"]: row["name"] for row in rows(feed, f"{OPEN}/taxonomies")}
    assert named == {uid("taxonomy", name): name for name in ("dfe-family-hubs", "level-of-need")}
    for one in named:
        whole = feed.get(f"{OPEN}/taxonomies/{one}")
        assert answer_faults(Answer.TAXONOMY, whole) == []
        assert whole["taxonomy_terms"]
    assert ids(feed, f"{OPEN}/taxonomies?search=family") == [uid("taxonomy", "dfe-family-hubs")]


def test_words_find_organizations_whatever_their_accents_and_endings(filled: Filling) -> None:
    named = {"id": uid("o", "cafe"), "name": "Café Trusts", "description": "Helps"}
    plain = a_service(1, organization=named, organization_id=named["id"])
    feed = filled([plain, a_service(2)])
    for words in ("cafe", "CAFÉ trust", "trusts cafe"):
        assert ids(feed, f"{OPEN}/organizations?search={words}") == [named["id"]]
    assert ids(feed, f"{OPEN}/organizations?search=nonsense") == []


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_lines_are_every_row_there_is_without_pages(feed: Service, collection: str) -> None:
    answer = feed.call("GET", f"{OPEN}/{collection}?format=ndjson&per_page=3&page=2")
    assert answer.mimetype == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.get_data().splitlines()]
    assert lines == rows(feed, f"{OPEN}/{collection}")
    asked = feed.call("GET", f"{OPEN}/{collection}", headers={"Accept": "application/x-ndjson"})
    assert asked.get_data() == answer.get_data()


def test_full_lines_are_whole_records(feed: Service) -> None:
    answer = feed.call("GET", f"{OPEN}/services?format=ndjson&full=true")
    lines = [json.loads(line) for line in answer.get_data().splitlines()]
    assert sorted(lines, key=lambda one: one["name"]) == sorted(
        some_services(MANY), key=lambda one: one["name"]
    )
    assert not [fault for line in lines for fault in row_faults(Answer.SERVICE, line)]


def test_what_is_empty_is_left_out_and_what_is_mandatory_never(filled: Filling) -> None:
    bare = {
        **a_service(1),
        "description": "",
        "alert": None,
        "languages": [],
        "organization": {"id": uid("organization", 1), "name": "Lantern", "email": None},
    }
    bare["attributes"] = [
        {"id": uid("a"), "taxonomy_term": {**a_term("t", "Sleep"), "description": ""}}
    ]
    feed = filled([bare])
    one = feed.get(f"{OPEN}/services/{bare['id']}")
    assert not {"description", "alert", "languages"} & one.keys()
    assert one["organization"]["description"] == "Lantern"
    assert one["attributes"][0]["taxonomy_term"]["description"] == "Sleep"
    assert answer_faults(Answer.SERVICE, one) == []


def test_members_come_in_the_order_of_the_standard_and_ours_after_them(filled: Filling) -> None:
    feed = filled([a_service(1, zebra="z", audience="public")])
    one = feed.get(f"{OPEN}/services/{uid('service', 1)}")
    names = list(one)
    assert names[:4] == ["id", "organization_id", "name", "description"]
    assert names[-1] == "zebra"
    assert list(one["contacts"][0]) == ["id", "service_id", "name", "email", "phones"]


@pytest.mark.parametrize(
    ("collection", "query", "parameter", "says"),
    [
        ("services", "bogus=1", "bogus", "no parameter of this name"),
        ("services", "page=0", "page", "from 1 to"),
        ("services", "page=x", "page", "whole number"),
        ("services", "page=1.5", "page", "whole number"),
        ("services", "page=1&page=2", "page", "once"),
        ("services", "per_page=1001", "per_page", "from 1 to 1000"),
        ("services", "per_page=0", "per_page", "from 1 to 1000"),
        ("services", "full=yes", "full", "true or false"),
        ("services", "minimal=1", "minimal", "true or false"),
        ("services", "format=xml", "format", "json or ndjson"),
        ("services", "search=", "search", "blank"),
        ("services", f"search={'x' * 201}", "search", "200 characters"),
        ("services", "taxonomy_term_id=7", "taxonomy_term_id", "UUID"),
        ("services", "taxonomy_id=7", "taxonomy_id", "UUID"),
        ("services", "organization_id=", "organization_id", "UUID"),
        ("services", "minimum_age=-1", "minimum_age", "from 0 to 150"),
        ("services", "maximum_age=old", "maximum_age", "age in years"),
        ("services", "age=151", "age", "from 0 to 150"),
        ("services", "age=NaN", "age", "age in years"),
        ("services", "start_time=25:00", "start_time", "time of day"),
        ("services", "end_time=9am", "end_time", "time of day"),
        ("services", "day=someday", "day", "day of the week"),
        ("services", "modified_after=yesterday", "modified_after", "date and time"),
        ("services", "modified_after=2026-02-30", "modified_after", "date and time"),
        ("services", "open_on=2026-02-30", "open_on", "real date"),
        ("services", "free=maybe", "free", "true or false"),
        ("services", "postcode=nowhere", "postcode", "postcode"),
        ("services", "postcode=LS8 5NG", "postcode", "not known"),
        ("services", "proximity=-1&postcode=LS8 5NG", "proximity", "from 0 to"),
        ("services", "proximity=100", "proximity", "postcode"),
        ("services", "minimal=true&full=true", "minimal", "both minimal and full"),
        ("services", "full_service=true", "full_service", "no parameter of this name"),
        ("service_at_locations", "top_only=true", "top_only", "no parameter of this name"),
        ("organizations", "taxonomy_id=x", "taxonomy_id", "no parameter of this name"),
        ("organizations", "full_service=maybe", "full_service", "true or false"),
        ("taxonomies", "full=true", "full", "no parameter of this name"),
        ("taxonomy_terms", "parent_id=top", "parent_id", "UUID"),
        ("taxonomy_terms", "top_only=maybe", "top_only", "true or false"),
    ],
)
def test_a_bad_or_unknown_parameter_is_named_with_what_is_allowed(
    feed: Service, collection: str, query: str, parameter: str, says: str
) -> None:
    answer = feed.call("GET", f"{OPEN}/{collection}?{query}")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    (error,) = answer.get_json()["errors"]
    assert error["parameter"] == parameter
    assert says in error["detail"]


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("wanted", [uid("nobody"), "7", "a/b"])
def test_an_unknown_id_is_a_404_problem(feed: Service, collection: str, wanted: str) -> None:
    answer = feed.call("GET", f"{OPEN}/{collection}/{wanted}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_single_record_takes_no_parameters(feed: Service) -> None:
    answer = feed.call("GET", f"{OPEN}/services/{uid('service', 1)}?full=true")
    assert answer.get_json()["errors"][0]["parameter"] == "full"


def _members(document: Any) -> list[tuple[str, Any]]:
    found = list(document.items())
    return found + [
        pair for _, value in found if isinstance(value, dict) for pair in _members(value)
    ]
