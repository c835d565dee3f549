"""The search, in plain Python over nested documents: what `find` and `matching` must agree with.

It shares the rules of openings and distances, which have tests of their own, and nothing else.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from directory.rules.audience import seen_by
from directory.rules.distance import band, metres
from directory.rules.freshness import freshness
from directory.rules.openings import holds, is_open, openings_of
from directory.terms.places import Place
from directory.terms.records import Viewer
from directory.terms.searching import Freshness, ServiceSearch

Document = dict[str, Any]
_FRESHNESS = list(Freshness)
SYNONYMS = {"asd": {"asd", "autism"}, "autism": {"asd", "autism"}}


@dataclass(frozen=True)
class Answer:
    """What a search finds: names in order for people, and in no order for the feed."""

    people: list[str]
    feed: set[str]


def answer(
    documents: Iterable[Document],
    search: ServiceSearch,
    viewer: Viewer,
    place: Place | None,
    on: date,
) -> Answer:
    """Return what a search must find among these documents."""
    seen = [one for one in (seen_by(document, viewer) for document in documents) if one is not None]
    met = [one for one in seen if _meets(one, search, place)]
    shown = [one for one in met if one["status"] in {"active", "temporarily closed"}]
    ranked = sorted(shown, key=lambda one: _rank(one, search, place, on))
    return Answer(
        [one["name"] for one in ranked],
        {one["name"] for one in met if one["status"] != "defunct"},
    )


def _meets(one: Document, search: ServiceSearch, place: Place | None) -> bool:
    return all(
        (
            _speaks(one, search),
            _suits(one, search),
            _opens(one, search),
            _is_near(one, search, place),
            search.free is None or search.free == (one.get("fees") == "Free"),
            search.language is None or search.language in _codes(one),
            all(str(term) in _terms(one) for term in search.taxonomy_term_ids),
        )
    )


def _words(*texts: str) -> set[str]:
    return set(re.findall("[a-z]+", " ".join(texts).lower()))


def _weights(one: Document) -> list[set[str]]:
    """Return the words of the name; of name and topics; and of all."""
    topics = [attribute["taxonomy_term"]["name"] for attribute in one.get("attributes", ())]
    places = [at["location"]["name"] for at in one.get("service_at_locations", ())]
    told = [one["name"], *topics, one["organization"]["name"]]
    whole = [*told, one.get("description", ""), *places]
    return [_words(one["name"]), _words(*told), _words(*whole)]


def _held(typed: Iterable[str], words: set[str]) -> bool:
    return all(SYNONYMS.get(word, {word}) & words for word in typed)


def _speaks(one: Document, search: ServiceSearch) -> bool:
    return search.words is None or _held(_words(search.words), _weights(one)[-1])


def _suits(one: Document, search: ServiceSearch) -> bool:
    youngest, oldest = one.get("minimum_age"), one.get("maximum_age")
    if search.minimum_age is not None and not (
        youngest is not None and youngest >= search.minimum_age
    ):
        return False
    if search.maximum_age is not None and not (oldest is not None and oldest <= search.maximum_age):
        return False
    age = Decimal(0) if search.age is None else search.age
    return search.age is None or (youngest or 0) <= age <= (150 if oldest is None else oldest)


def _opens(one: Document, search: ServiceSearch) -> bool:
    openings = [
        opening for schedule in one.get("schedules", ()) for opening in openings_of(schedule)
    ]
    hours = search.start_time, search.end_time
    at_times = [opening for opening in openings if holds(opening, None, *hours)]
    day, on = search.day, search.open_on
    return (
        (hours == (None, None) or bool(at_times))
        and (day is None or any(holds(opening, day, None, None) for opening in at_times))
        and (on is None or any(is_open(opening, on) for opening in at_times))
    )


def _is_near(one: Document, search: ServiceSearch, place: Place | None) -> bool:
    if place is None:
        return True
    named = {area["uri"].rpartition("/")[2] for area in one.get("service_areas", ())}
    if named and not named & {place.ward, place.district}:
        return False
    away = _away(one, place)
    return search.proximity is None or (away is not None and away <= search.proximity)


def _away(one: Document, place: Place) -> float | None:
    here = place.latitude, place.longitude
    there = (at["location"] for at in one.get("service_at_locations", ()))
    return min((metres(here, (it["latitude"], it["longitude"])) for it in there), default=None)


def _codes(one: Document) -> set[str]:
    return {language["code"] for language in one.get("languages", ())}


def _terms(one: Document) -> set[str]:
    return {attribute["taxonomy_term"]["id"] for attribute in one.get("attributes", ())}


def _rank(one: Document, search: ServiceSearch, place: Place | None, on: date) -> tuple[Any, ...]:
    words = _weights(one)
    typed = _words(search.words or "")
    in_words = next(number for number, held in enumerate(words) if _held(typed, held))
    away = None if place is None else _away(one, place)
    assured = one.get("assured_date")
    aged = _FRESHNESS.index(freshness(date.fromisoformat(assured) if assured else None, on))
    exact = float("inf") if away is None else away
    return (
        in_words if search.words else 0,
        0 if place is None else band(away),
        aged,
        round(exact, 2) if place else 0,
        one["name"].lower(),
        one["id"],
    )
