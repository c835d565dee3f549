"""One record, two tiers: what ends, what turns protected, and what only practitioners see."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from directory.terms.records import RecordKind
from tests.directory.feed.conftest import EDITED, Filling, put, put_one, some_services
from tests.directory.feed.making import (
    a_location,
    a_service,
    a_taxonomy,
    a_term,
    an_attribute,
    an_organization,
    uid,
)
from tests.directory.feed.reading import COLLECTIONS, OPEN, PROTECTED, ids, pages, rows, text_of
from tests.service import Service

SERVICE = uid("service", 1)
NEW = (101, 102, 103, 104)
GONE = {"id": SERVICE, "name": "Debt advice group 1", "status": "defunct"}


@pytest.fixture
def feed(filled: Filling) -> Service:
    """Six services; the clock stands a day after they were put on file."""
    service = filled(some_services(6))
    service.clock.passes(days=1)
    return service.as_client("oak-school")


def since(service: Service) -> str:
    return f"{OPEN}/services?modified_after={service.clock().date()}"


def edit(service: Service, **more: Any) -> None:
    put(service, [a_service(1, **more)], EDITED)


def test_what_ended_leaves_the_list_and_stays_a_tombstone(feed: Service) -> None:
    edit(feed, status="defunct")
    assert SERVICE not in ids(feed, f"{OPEN}/services")
    assert rows(feed, since(feed)) == [GONE]
    assert rows(feed, f"{since(feed)}&full=true") == [GONE]
    assert feed.get(f"{OPEN}/services/{SERVICE}") == GONE
    place = a_service(1)["service_at_locations"][0]["id"]
    assert place not in ids(feed, f"{OPEN}/service_at_locations")
    left = {"id": place, "service_id": SERVICE, "service": GONE}
    assert feed.get(f"{OPEN}/service_at_locations/{place}") == left
    assert SERVICE not in str(feed.get(f"{OPEN}/organizations/{uid('organization', 1)}"))


def test_practitioners_read_what_ended_in_full_and_marked(feed: Service) -> None:
    edit(feed, status="defunct")
    one = feed.get(f"{PROTECTED}/services/{SERVICE}")
    assert (one["archived"], one["status"]) == (True, "defunct")
    assert one["contacts"]
    assert SERVICE in ids(feed, f"{PROTECTED}/services")
    assert not [
        row
        for row in rows(feed, f"{PROTECTED}/services")
        if row["id"] != SERVICE and "archived" in row
    ]
    place = feed.get(f"{PROTECTED}/service_at_locations/{one['service_at_locations'][0]['id']}")
    assert place["service"]["archived"] is True


@pytest.mark.parametrize("audience", ["practitioners", ["oak-school"], ["elm-school"]])
def test_what_turns_protected_leaves_the_name_it_had_in_public(
    feed: Service, audience: Any
) -> None:
    edit(feed, name="Refuge", audience=audience)
    assert SERVICE not in ids(feed, f"{OPEN}/services")
    assert rows(feed, since(feed)) == [GONE]
    assert feed.get(f"{OPEN}/services/{SERVICE}") == GONE
    assert rows(feed, f"{since(feed)}&search=anything+at+all&age=99") == [GONE]


def test_practitioners_of_the_agencies_that_may_know_read_it_under_its_name(feed: Service) -> None:
    edit(feed, name="Refuge", audience=["oak-school"])
    assert feed.get(f"{PROTECTED}/services/{SERVICE}")["name"] == "Refuge"
    assert feed.get(f"{PROTECTED}/services?search=refuge")["total_items"] == 1
    feed.as_client("elm-school")
    assert feed.get(f"{PROTECTED}/services/{SERVICE}") == GONE
    assert feed.get(f"{PROTECTED}/services?search=refuge")["total_items"] == 0


def test_what_was_never_public_leaves_nothing(feed: Service) -> None:
    put(feed, [a_service(77, audience="practitioners")])
    put(feed, [a_service(77, audience="practitioners", status="defunct")], EDITED)
    assert rows(feed, f"{OPEN}/services?modified_after=1900-01-01&search=77") == []
    assert feed.call("GET", f"{OPEN}/services/{uid('service', 77)}").status_code == 404
    assert feed.get(f"{PROTECTED}/services/{uid('service', 77)}")["archived"] is True


def test_a_hidden_organization_hides_its_services_and_a_hidden_place_itself(feed: Service) -> None:
    hidden = {**an_organization(1), "audience": "practitioners"}
    put_one(feed, RecordKind.ORGANIZATION, hidden)
    assert set(ids(feed, f"{OPEN}/services")) == {uid("service", n) for n in (0, 2, 3, 5)}
    assert uid("organization", 1) not in ids(feed, f"{OPEN}/organizations")
    assert feed.call("GET", f"{OPEN}/organizations/{hidden['id']}").status_code == 404
    assert feed.get(f"{PROTECTED}/organizations/{hidden['id']}")["audience"] == "practitioners"
    put_one(feed, RecordKind.LOCATION, {**a_location(2), "audience": ["oak-school"]})
    place = a_service(2)["service_at_locations"][0]["id"]
    assert place not in ids(feed, f"{OPEN}/service_at_locations")
    assert feed.call("GET", f"{OPEN}/service_at_locations/{place}").status_code == 404
    assert "service_at_locations" not in feed.get(f"{OPEN}/services/{uid('service', 2)}")
    assert feed.get(f"{PROTECTED}/service_at_locations/{place}")["location"]["addresses"]


def test_a_hidden_address_hides_the_place_from_lists_too(feed: Service) -> None:
    refuge = a_location(2)
    refuge["addresses"][0]["audience"] = "practitioners"
    put_one(feed, RecordKind.LOCATION, refuge)
    place = a_service(2)["service_at_locations"][0]["id"]
    assert place not in ids(feed, f"{OPEN}/service_at_locations")
    assert place in ids(feed, f"{PROTECTED}/service_at_locations")
    row = next(one for one in rows(feed, f"{PROTECTED}/service_at_locations") if one["id"] == place)
    assert row["location"]["name"] == "Lantern House 2"


@pytest.mark.parametrize("hidden", ["service", "attribute", "term"])
def test_a_taxonomy_whose_every_term_is_hidden_is_hidden_too(feed: Service, hidden: str) -> None:
    kept = {"audience": "practitioners"}
    term = a_term("refuges", "Refuge") | (kept if hidden == "term" else {})
    attribute = an_attribute(SERVICE, term) | (kept if hidden == "attribute" else {})
    edit(feed, attributes=[attribute], **(kept if hidden == "service" else {}))
    own = term["taxonomy_id"]
    put_one(feed, RecordKind.TAXONOMY, a_taxonomy("refuges"))
    for said in (f"{OPEN}/taxonomies", f"{OPEN}/export"):
        assert own not in text_of(feed.call("GET", said))
    assert feed.call("GET", f"{OPEN}/taxonomies/{own}").status_code == 404
    assert own in ids(feed, f"{PROTECTED}/taxonomies")
    put_one(feed, RecordKind.TAXONOMY_TERM, a_term("refuges", "Advice"))
    assert own in ids(feed, f"{OPEN}/taxonomies")
    assert [one["name"] for one in feed.get(f"{OPEN}/taxonomies/{own}")["taxonomy_terms"]] == [
        "Advice"
    ]


def test_both_tiers_have_the_same_shapes(feed: Service) -> None:
    for collection in COLLECTIONS:
        for query in ("", "?full=true") if collection in COLLECTIONS[:3] else ("",):
            assert rows(feed, f"{OPEN}/{collection}{query}") == rows(
                feed, f"{PROTECTED}/{collection}{query}"
            )


def test_the_protected_tier_asks_for_its_scope_and_no_cache_keeps_it(feed: Service) -> None:
    answer = feed.call("GET", f"{PROTECTED}/services")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "ETag" not in answer.headers
    feed.as_client("oak-school", scopes=["echo.read"])
    for collection in COLLECTIONS:
        for method, path in (
            ("GET", collection),
            ("GET", f"{collection}/{SERVICE}"),
            ("POST", f"{collection}/search"),
        ):
            assert feed.call(method, f"{PROTECTED}/{path}").status_code == 403


def test_reading_changes_page_by_page_misses_nothing_that_others_write_meanwhile(
    feed: Service,
) -> None:
    def read() -> Iterator[str]:
        for number, page in enumerate(pages(feed, since(feed), per_page=2), 1):
            yield from (row["id"] for row in page["contents"])
            if number <= len(NEW):
                feed.clock.passes(seconds=1)
                put(feed, [a_service(NEW[number - 1]), a_service(number, alert="!")], EDITED)

    put(feed, [a_service(number, description="Changed") for number in range(6)], EDITED)
    started = feed.clock()
    seen = set(read())
    assert {uid("service", number) for number in range(6)} <= seen
    later = f"{OPEN}/services?modified_after={started.isoformat().replace('+', '%2B')}"
    assert {uid("service", number) for number in NEW} <= set(ids(feed, later))


def test_modified_after_takes_dates_and_instants_and_means_on_or_after(feed: Service) -> None:
    modified = [UUID(one) for one in ids(feed, f"{OPEN}/services?modified_after=2026-01-04")]
    assert {str(one) for one in modified} == {uid("service", n) for n in range(3, 6)}
    for written in ("2026-01-04T10:00:00Z", "2026-01-04T10:00:00.000+00:00", "2026-01-04 10:00"):
        assert len(ids(feed, f"{OPEN}/services?modified_after={written}")) == 3
    assert len(ids(feed, f"{OPEN}/services?modified_after=2026-01-04T10:00:00.001Z")) == 2


def test_a_change_of_what_belongs_to_a_service_is_a_change_of_it(feed: Service) -> None:
    feed.clock.passes(minutes=5)
    put_one(feed, RecordKind.LOCATION, {**a_location(3), "name": "New name"})
    moved = feed.clock() - timedelta(seconds=1)
    asked = f"{OPEN}/services?modified_after={moved.strftime('%Y-%m-%dT%H:%M:%SZ')}"
    assert ids(feed, asked) == [uid("service", 3)]
