"""Nothing that is kept from somebody can be found, counted, ranked or suggested for them."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from directory.models.search import ListingLabelRow, ListingWordRow
from directory.queries.places import place_of
from directory.queries.searching import find, matching
from directory.queries.suggesting import suggestions
from directory.terms.records import ANYONE, Viewer
from directory.terms.searching import Found, ServiceSearch, Weekday
from tests.directory.search.builders import (
    LEEDS,
    a_service,
    a_term,
    at,
    covering,
    names,
    postcodes,
    put,
    weekly,
)
from tests.service import MONDAY

OAK, ELM = Viewer("oak"), Viewer("elm")
REFUGE = at(
    53.8240,
    -1.5020,
    name="Hawthorn House",
    addresses=[{"id": "a", "address_1": "7 Zephyr Close", "postal_code": "LS8 5NG"}],
    accessibility=[{"id": "b", "description": "Sensory garden"}],
    audience=["oak"],
)
SECRET = {
    "name": "Wisteria sanctuary",
    "description": "Xylophone sessions in Quechua.",
    "organization": "Juniper Trust",
    "audience": ["oak"],
    "attributes": [a_term("Kintsugi")],
    "languages": [{"id": "c", "code": "qu", "name": "Quechua"}],
    "schedules": [weekly("SU")],
    "minimum_age": 21,
}


@pytest.fixture
def filled(session: Session) -> Session:
    """A refuge whose place only Oak may know, and a service that only Oak may know of."""
    postcodes(session)
    open_part = {"description": "Somewhere safe", "service_areas": covering(LEEDS)}
    inside = weekly("SA") | {"service_at_location_id": REFUGE["id"]}
    refuge = a_service(
        "Safe nights", service_at_locations=[REFUGE], schedules=[inside], **open_part
    )
    put(session, refuge, a_service("Play", description="Stay"), a_service(**SECRET))
    return session


def search(session: Session, viewer: Viewer, **asked: Any) -> Found:
    return find(session, ServiceSearch(**asked), viewer, page=1, size=50, at=MONDAY)


def found(session: Session, viewer: Viewer, **asked: Any) -> list[str]:
    """Return the names of what is found; the feed must know the same."""
    hits = [one.service for one in search(session, viewer, **asked).hits]
    place = place_of(session, asked["postcode"]) if "postcode" in asked else None
    matched = session.scalars(matching(ServiceSearch(**asked), viewer, place)).all()
    assert set(matched) == set(hits)
    return names(session, hits)


def test_words_of_what_is_kept_back_find_it_for_whom_it_is_kept_alone(filled: Session) -> None:
    kept = ("Zephyr", "zephyr close", "Hawthorn", "LS8 5NG", "wisteria", "xylophone", "juniper")
    for words in (*kept, "kintsugi"):
        assert found(filled, OAK, words=words) != [], words
        for viewer in (ANYONE, ELM):
            assert found(filled, viewer, words=words) == [], words
            assert search(filled, viewer, words=words) == search(filled, viewer, words="qqqq")


def test_near_spellings_of_what_is_kept_back_lead_nobody_to_it(filled: Session) -> None:
    for words in ("zephir", "hawthron", "wisterai", "xylofone", "kintsugy"):
        assert search(filled, OAK, words=words).total == 1, words
        for viewer in (ANYONE, ELM):
            assert search(filled, viewer, words=words) == search(filled, viewer, words="qqqq")


def test_no_suggestion_completes_what_is_kept_back(filled: Session) -> None:
    for prefix in ("zep", "hawth", "wist", "xyl", "junip", "kint", "quech"):
        assert suggestions(filled, prefix, OAK) != [], prefix
        assert suggestions(filled, prefix, ANYONE) == suggestions(filled, prefix, ELM) == []


def test_no_distance_from_anywhere_places_a_refuge(filled: Session) -> None:
    for postcode in ("LS8 5NG", "LS12 2AB", "YO1 7HH"):
        for metres in (100, 500, 5_000, 50_000, 200_000):
            for viewer in (ANYONE, ELM):
                assert found(filled, viewer, postcode=postcode, proximity=metres) == []


def test_a_refuge_is_found_by_what_it_covers_and_says_no_distance(filled: Session) -> None:
    for viewer in (ANYONE, ELM):
        hits = search(filled, viewer, postcode="LS8 5NG", words="safe").hits
        assert [(one.metres, one.at_location) for one in hits] == [(None, None)]
        assert not any("LS8" in reason for reason in hits[0].reasons)
    near = search(filled, OAK, postcode="LS8 5NG", words="safe").hits
    assert near[0].metres is not None
    assert near[0].metres < 200


def test_no_condition_singles_out_what_is_kept_back(filled: Session) -> None:
    conditions: list[dict[str, Any]] = [
        {"accessibility": "sensory garden"},
        {"language": "qu"},
        {"day": Weekday.SATURDAY},
        {"day": Weekday.SUNDAY},
        {"taxonomy_term_ids": (a_term("Kintsugi")["taxonomy_term"]["id"],)},
    ]
    for asked in conditions:
        assert found(filled, OAK, **asked) != [], asked
        assert found(filled, ANYONE, **asked) == found(filled, ELM, **asked) == []


def test_facets_and_counts_are_those_of_what_the_viewer_may_see(filled: Session) -> None:
    anyone, elm, oak = (search(filled, one) for one in (ANYONE, ELM, OAK))
    assert (anyone.total, elm.total, oak.total) == (2, 2, 3)
    assert anyone.facets == elm.facets
    assert not {"language", "topic", "accessibility", "day"} & anyone.facets.keys()
    assert [one.label for one in oak.facets["language"]] == ["Quechua"]
    assert [one.label for one in oak.facets["accessibility"]] == ["Sensory garden"]


def test_what_a_viewer_may_not_see_is_as_if_no_service_had_it(filled: Session) -> None:
    assert search(filled, OAK, language="quechua").notes == ()
    for viewer in (ANYONE, ELM):
        (hidden,) = search(filled, viewer, language="quechua").notes
        (unheard,) = search(filled, viewer, language="klingon").notes
        assert hidden.replace("quechua", "klingon") == unheard
        assert "speaks 'klingon'" in unheard


def test_what_is_hidden_later_is_forgotten_at_once(filled: Session) -> None:
    assert search(filled, ANYONE, words="stay").total == 1
    put(filled, a_service("Play", description="Stay", audience="practitioners"))
    assert search(filled, ANYONE, words="stay") == search(filled, ANYONE, words="qqqq")
    assert search(filled, ANYONE, words="stey").notes == ()
    assert suggestions(filled, "pla", ANYONE) == []
    assert search(filled, ELM, words="stay").total == 1
    assert suggestions(filled, "pla", ELM) != []


def test_an_agency_finds_each_service_once(filled: Session) -> None:
    for viewer in (ANYONE, ELM, OAK):
        ids = filled.scalars(matching(ServiceSearch(), viewer, None)).all()
        assert len(ids) == len(set(ids))


_WORDS_COUNTED = text("""
select viewer, word, count(*)
from listing_said join listing on key = listing, unnest(listing_said.words) word
where ts_lexize('english_stem', word) <> '{}' group by 1, 2
""")
_LABELS_COUNTED = text("""
select viewer, one->>0, one->>1, count(*)
from listing_said join listing on key = listing, jsonb_array_elements(labels) one group by 1, 2, 3
""")


def lists(session: Session) -> Iterator[tuple[Any, ...]]:
    """Yield what the lists of words and labels hold, and what they should."""
    word, label = ListingWordRow, ListingLabelRow
    words = select(word.viewer, word.word, word.services)
    labels = select(label.viewer, label.what, label.key, label.services)
    for held, counted in ((words, _WORDS_COUNTED), (labels, _LABELS_COUNTED)):
        yield set(map(tuple, session.execute(held))), set(map(tuple, session.execute(counted)))


def test_the_lists_of_words_and_labels_are_exact_whatever_changes(filled: Session) -> None:
    changes: list[dict[str, Any]] = [
        {"description": "Stay longer"},
        {"audience": ["elm"]},
        {"audience": None, "status": "defunct"},
        {"status": "active", "organization": "Beacon"},
        {"attributes": [a_term("Kintsugi")]},
    ]
    for change in changes:
        put(filled, a_service(**({"name": "Play"} | change)))
        for held, counted in lists(filled):
            assert held == counted
    assert filled.scalar(select(func.min(ListingWordRow.services))) == 1
