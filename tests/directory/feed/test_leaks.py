"""Nothing that is kept from somebody stands in any byte that they are sent.

Parts of invented services are kept from some, at random; every text in such a part is a token that
stands nowhere else. Anyone's answers hold none of them, practitioners' all that they may know.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.directory.feed.conftest import Making, put
from tests.directory.feed.making import (
    a_location,
    a_service,
    a_term,
    an_attribute,
    an_organization,
    uid,
)
from tests.directory.feed.reading import COLLECTIONS, OPEN, PROTECTED, text_of
from tests.service import Service

OAK, ELM = ["oak-school"], ["elm-school"]
KEPT = st.sampled_from(["practitioners", OAK, ELM, [], "nonsense", ["practitioners"]])
FEWER = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # what was found says enough: each try is a crawl
)
SAID_IN_FORMS = {
    *("id", "status", "location_type", "address_type", "freq", "byday", "audience", "dtstart"),
    *("opens_at", "closes_at", "last_modified", "assured_date"),
}
"""Members whose values are not free."""
NUMBERS, TOKENS = count(1000, 2), count(1000)  # every other: those have as many parts


@pytest.fixture(scope="module")
def crowd(making_service: Making) -> Iterator[Service]:
    """One application for all examples: what one leaves behind is there for the next."""
    with making_service() as service:
        yield service.as_client("oak-school")


def a_service_of_its_own(number: int) -> dict[str, Any]:
    """Return a service that shares nothing with another, with two places."""
    made = a_service(number, organization=an_organization(number))
    made["organization_id"] = made["organization"]["id"]
    terms = [a_term(f"taxonomy {number}", f"term {number} {which}") for which in range(3)]
    made["attributes"] = [an_attribute(made["id"], term) for term in terms[:2]]
    made["contacts"][0]["attributes"] = [an_attribute(made["contacts"][0]["id"], terms[2])]
    made["service_at_locations"] = [
        {
            "id": uid("sal", number, place),
            "service_id": made["id"],
            "location_id": place["id"],
            "location": place,
            "schedules": [{"id": uid("when", number, place["id"]), "description": "Mornings"}],
        }
        for place in (a_location(2 * number), a_location(2 * number + 1))
    ]
    made["schedules"] += [
        {"id": uid("there", number, one["id"]), "service_at_location_id": one["id"]}
        for one in made["service_at_locations"]
    ]
    return made


def parts(document: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a document, the outer ones first."""
    if isinstance(document, list):
        for one in document:
            yield from parts(one)
    elif isinstance(document, dict):
        yield document
        for value in document.values():
            yield from parts(value)


def hides(part: dict[str, Any]) -> bool:
    """Whether a part is kept from anyone, or cannot be shown without something that is."""
    kept = part.get("audience", "public") != "public"
    whole = [*part.get("addresses", ()), part.get("location"), part.get("organization")]
    return kept or any(hides(one) for one in whole if one)


def tokened(document: Any, tokens: list[str], *, hidden: bool = False) -> Any:
    """Return a document in which every text that anyone must not see is a token."""
    if isinstance(document, list):
        return [tokened(one, tokens, hidden=hidden) for one in document]
    if isinstance(document, dict):
        inside = hidden or hides(document)
        return {
            name: value
            if name in SAID_IN_FORMS or name.endswith("_id")
            else tokened(value, tokens, hidden=inside)
            for name, value in document.items()
        }
    if not hidden or not isinstance(document, (str, float)):
        return document
    tokens.append(token := f"{next(TOKENS)}977")
    if isinstance(document, float):
        return float(f"53.{token}")
    forms = {"@": f"tok{token}@example.org", "://": f"https://example.org/tok{token}"}
    return next((made for sign, made in forms.items() if sign in document), f"tok{token}")


@given(st.data())
@FEWER
@pytest.mark.long
def test_no_anonymous_byte_holds_what_is_kept_from_anyone(
    crowd: Service, data: st.DataObject
) -> None:
    number, tokens = next(NUMBERS), []
    service = a_service_of_its_own(number)
    every = list(parts(service))
    for which in data.draw(st.lists(st.integers(0, len(every) - 1), max_size=4)):
        every[which]["audience"] = data.draw(KEPT)
    service = tokened(service, tokens)
    put(crowd, [service])
    if data.draw(st.booleans()):
        put(crowd, [service | {"status": "defunct"}])
    for path in addresses(service):
        said = text_of(crowd.call("GET", path))
        found = [token for token in tokens if token in said]
        assert not found, (path, found)
        assert "audience" not in said or "422" in said
    for token in tokens[:3]:
        for collection in COLLECTIONS[:3]:
            page = crowd.get(f"{OPEN}/{collection}?search=tok{token}")
            assert page["total_items"] == 0


@given(st.data())
@FEWER
@pytest.mark.long
def test_practitioners_see_what_is_kept_for_them_and_others_do_not(
    crowd: Service, data: st.DataObject
) -> None:
    tokens: list[str] = []
    service = a_service_of_its_own(next(NUMBERS))
    every = list(parts(service))
    for which in data.draw(st.lists(st.integers(0, len(every) - 1), min_size=1, max_size=4)):
        every[which]["audience"] = OAK
    service = tokened(service, tokens)
    put(crowd, [service])
    for agency, sees in (("oak-school", True), ("elm-school", False)):
        crowd.as_client(agency)
        paths = (f"services/{service['id']}", "services?full=true&per_page=1000", "export")
        for path in paths:
            said = text_of(crowd.call("GET", f"{PROTECTED}/{path}"))
            assert {token in said for token in tokens} <= {sees}
    crowd.as_client("oak-school")


def addresses(service: dict[str, Any]) -> Iterator[str]:
    """Yield every address of the feed that could tell anyone something of a service."""
    for collection in COLLECTIONS:
        yield f"{OPEN}/{collection}?per_page=1000"
        yield f"{OPEN}/{collection}?format=ndjson"
        for part in parts(service):
            yield f"{OPEN}/{collection}/{part['id']}"
    for collection in ("services", "service_at_locations"):
        yield f"{OPEN}/{collection}?full=true&per_page=1000"
        yield f"{OPEN}/{collection}?full=true&format=ndjson&modified_after=1900-01-01"
        yield f"{OPEN}/{collection}?minimal=true&modified_after=1900-01-01&per_page=1000"
        yield f"{OPEN}/{collection}?organization_id={service['organization_id']}&full=true"
    for shape in ("full", "full_service"):
        yield f"{OPEN}/organizations?{shape}=true&per_page=1000"
    yield f"{OPEN}/organizations/{service['organization_id']}?full_service=true"
    yield f"{OPEN}/export"
