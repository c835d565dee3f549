"""What the official validator does with a feed, done again: level 1, level 2, no warning.

It reads the base, then of each collection the first page, the middle one and the last, then up to
ten records by id, and holds every body against the standard's schemas.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from directory.rules.standard import Answer, answer_faults
from tests.directory.feed.conftest import Making, put, put_vocabulary, some_services
from tests.directory.feed.reading import OPEN
from tests.service import Service

LEVEL_1 = (("services", Answer.SERVICES, Answer.SERVICE),)
LEVEL_2 = (
    ("taxonomies", Answer.TAXONOMIES, Answer.TAXONOMY),
    ("taxonomy_terms", Answer.TAXONOMY_TERMS, Answer.TAXONOMY_TERM),
    ("service_at_locations", Answer.SERVICE_AT_LOCATIONS, Answer.SERVICE_AT_LOCATION),
    ("organizations", Answer.ORGANIZATIONS, Answer.ORGANIZATION),
)
MOST_IDS = 10


@pytest.fixture(scope="module", params=[1, 120])
def feed(making_service: Making, request: pytest.FixtureRequest) -> Iterator[Service]:
    with making_service() as service:
        put(service, some_services(request.param))
        put_vocabulary(service)
        yield service


@pytest.mark.parametrize("base", [OPEN, f"{OPEN}/"])
@pytest.mark.long
def test_the_official_checks_find_nothing_to_warn_of(feed: Service, base: str) -> None:
    about = read(feed, base)
    assert answer_faults(Answer.ABOUT, about) == []
    assert about["version"].startswith("HSDS-UK-3.")
    for collection, listed, single in chain(LEVEL_1, LEVEL_2):
        warnings = list(checked(feed, f"{base.rstrip('/')}/{collection}", listed, single))
        assert warnings == []


def checked(service: Service, path: str, listed: Answer, single: Answer) -> Iterator[str]:
    """Yield what the validator would say of a collection."""
    first = read(service, path)
    last = first["total_pages"]
    middle = {last // 2} if last > 2 else set()
    ids: list[str] = []
    for number in sorted({1, last} | middle):
        page = read(service, f"{path}?page={number}")
        yield from map(str, answer_faults(listed, page))
        yield from envelope_faults(page, number, first["total_items"])
        ids += [row["id"] for row in page["contents"]]
    if not ids:
        yield f"{path} is empty"
    for one in ids[:: max(1, len(ids) // MOST_IDS)][:MOST_IDS]:
        yield from map(str, answer_faults(single, read(service, f"{path}/{one}")))


def envelope_faults(page: dict[str, Any], number: int, total: int) -> Iterator[str]:
    if page["page_number"] != number or page["total_items"] != total:
        yield f"page {number} is another"
    if page["first_page"] is not (number == 1):
        yield f"page {number} says whether it is the first, wrongly"
    if page["last_page"] is not (number == page["total_pages"]):
        yield f"page {number} says whether it is the last, wrongly"
    if page["size"] != len(page["contents"]) or page["empty"] is not (not page["contents"]):
        yield f"page {number} does not hold what it says"


def read(service: Service, path: str) -> Any:
    answer = service.call("GET", path, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), path
    return answer.get_json()
