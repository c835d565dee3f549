"""The search, its suggestions and its synonyms, as programs ask for them."""

from typing import Any

import pytest

from directory.actions.keeping import appoint
from directory.queries.records import changes
from directory.terms.keeping import OPERATOR
from tests.directory.editing.builders import enter
from tests.directory.search.builders import a_service, at, postcodes, put
from tests.service import MONDAY, Service

SEARCH, SUGGESTIONS = "/v1/directory/search", "/v1/directory/suggestions"
SYNONYMS = "/v1/directory/synonyms"


@pytest.fixture
def filled(service: Service) -> Service:
    """Three services, one of them for Oak alone, asked for by Oak."""
    with service.parts.database.transaction() as session:
        put(
            session,
            a_service("Play group", service_at_locations=[at(53.8240, -1.5020)], fees="Free"),
            a_service("Play for some", audience=["oak"], description="Snoezelen"),
            a_service("Sleep"),
        )
    return service.as_client("oak")


def search(service: Service, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = service.post(SEARCH, asked, status=200)
    return found


def test_a_search_gives_services_with_reasons_facets_and_totals(filled: Service) -> None:
    found = search(filled, words="play", size=1)
    assert (found["total"], found["total_is_exact"], found["page"], found["size"]) == (
        2,
        True,
        1,
        1,
    )
    (hit,) = found["hits"]
    assert hit["service"]["name"] == "Play for some"
    assert hit["reasons"][0] == "'play' is in the name"
    assert (hit["metres"], hit["at_location"], hit["freshness"]) == (None, None, "fresh")
    assert found["facets"]["free"] == [{"value": "true", "label": "Free", "count": 1}]
    assert search(filled, words="play", size=1, facets=False) == found | {"facets": {}}
    assert (
        search(filled, words="play", size=1, page=2)["hits"][0]["service"]["name"] == "Play group"
    )


def test_each_agency_finds_what_its_practitioners_may_see(filled: Service) -> None:
    assert search(filled, words="snoezelen")["total"] == 1
    filled.as_client("elm")
    assert search(filled, words="snoezelen") == search(filled, words="xqzzyw")
    assert search(filled)["total"] == 2
    assert filled.post(SUGGESTIONS, {"prefix": "snoe"}, status=200) == {"items": []}


def test_answers_are_kept_by_nobody_on_the_way(filled: Service) -> None:
    for path, body in ((SEARCH, {}), (SUGGESTIONS, {"prefix": "pla"})):
        assert filled.call("POST", path, json=body).headers["Cache-Control"] == "no-store"


def test_a_place_is_taken_in_any_spelling(filled: Service) -> None:
    with filled.parts.database.transaction() as session:
        postcodes(session)
    found = search(filled, postcode="ls85ng", proximity=500)
    assert [one["service"]["name"] for one in found["hits"]] == ["Play group"]
    assert found["hits"][0]["metres"] < 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"word": "play"}, "#/word"),
        ({"words": ""}, "#/words"),
        ({"age": -1}, "#/age"),
        ({"age": True}, "#/age"),
        ({"day": "Moonday"}, "#/day"),
        ({"open_on": "soon"}, "#/open_on"),
        ({"page": 0}, "#/page"),
        ({"size": 101}, "#/size"),
        ({"taxonomy_term_id": ["x"]}, "#/taxonomy_term_id/0"),
        ({"proximity": 100}, "#/proximity"),
    ],
)
def test_what_cannot_be_read_is_said_where_it_stands(
    filled: Service, body: dict[str, Any], pointer: str
) -> None:
    answer = filled.call("POST", SEARCH, json=body)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.get_json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("postcode", "code"), [("nonsense", "postcode_malformed"), ("AB99 9ZZ", "postcode_unknown")]
)
def test_a_postcode_that_is_none_is_refused(filled: Service, postcode: str, code: str) -> None:
    answer = filled.call("POST", SEARCH, json={"postcode": postcode})
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)


def test_nothing_is_found_without_the_scope(filled: Service) -> None:
    filled.as_client("oak", scopes=["agreement.read"])
    for method, path in (("POST", SEARCH), ("POST", SUGGESTIONS), ("GET", SYNONYMS)):
        assert filled.call(method, path, json={}).status_code == 403
    filled.as_client("oak", scopes=["directory.read"])
    assert filled.call("POST", SYNONYMS, json={"phrases": ["a b", "c d"]}).status_code == 403


def test_suggestions_come_in_order_and_by_kind(filled: Service) -> None:
    items = filled.post(SUGGESTIONS, {"prefix": "pla", "limit": 2}, status=200)["items"]
    assert items == [
        {"text": "play", "what": "word"},
        {"text": "Play for some", "what": "service"},
    ]


def editor(service: Service) -> Service:
    """An editor of an agency that keeps the directory for all."""
    with service.parts.database.transaction() as session:
        enter(session, "oak")
        appoint(session, "oak", MONDAY, OPERATOR, MONDAY)
    return service.as_client("oak", scopes=["directory.read", "directory.write"], client_id="ada")


def test_editors_keep_synonyms_that_count_at_once(filled: Service) -> None:
    editor(filled)
    assert search(filled, words="frolic")["total"] == 0
    with filled.parts.database.reading() as session:
        before = changes(session)
    made = filled.post(SYNONYMS, {"phrases": ["Frolic", "Play", "messing about"]})
    assert made["phrases"] == ["frolic", "messing about", "play"]
    assert made["author"] == "ada"
    with filled.parts.database.reading() as session:
        assert changes(session) == before + 1
    for words in ("frolic", "messing about"):
        assert search(filled, words=words)["total"] == 2
    reasons = search(filled, words="frolic")["hits"][0]["reasons"]
    assert reasons[0] == "'play', for 'frolic', is in the name"
    assert filled.get(f"{SYNONYMS}/{made['id']}") == made
    assert filled.call("DELETE", f"{SYNONYMS}/{made['id']}").status_code == 204
    assert search(filled, words="frolic")["total"] == 0
    for method in ("GET", "DELETE"):
        assert filled.call(method, f"{SYNONYMS}/{made['id']}").status_code == 404


def test_synonyms_are_listed_page_by_page(filled: Service) -> None:
    listed: list[dict[str, Any]] = []
    path = f"{SYNONYMS}?size=20"
    while path:
        page = filled.get(path)
        listed += page["items"]
        cursor = page["page"]["next"]
        path = f"{SYNONYMS}?size=20&cursor={cursor}" if cursor else ""
    assert len({one["id"] for one in listed}) == len(listed) > 50
    assert any({"asd", "autism"} <= set(one["phrases"]) for one in listed)


@pytest.mark.parametrize(
    ("phrases", "code"),
    [
        (["play", "PLAY!"], "phrase_not_searchable"),
        (["play", "the"], "phrase_not_searchable"),
        (["play", "!!"], "phrase_not_searchable"),
        (["play", "ASD"], "synonym_taken"),
        (["play"], "request_invalid"),
        (["play", "play"], "request_invalid"),
        ("play", "request_invalid"),
    ],
)
def test_phrases_that_cannot_be_synonyms_are_refused(
    filled: Service, phrases: object, code: str
) -> None:
    answer = editor(filled).call("POST", SYNONYMS, json={"phrases": phrases})
    assert (answer.get_json()["code"], answer.status_code) == (
        code,
        409 if "taken" in code else 422,
    )
    assert answer.get_json()["errors"][0]["pointer"] == "#/phrases"
