"""Finding services: for other programs all that match, for people the best of them, in order."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import islice
from math import inf
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, not_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from directory.models.search import ListingRow
from directory.queries.candidates import CLOSE_BY, MOST, Form, close_by
from directory.queries.conditions import (
    DEFUNCT,
    conditions,
    near,
    said,
    seen_by_viewer,
    spoken,
    texts,
    valued,
)
from directory.queries.places import place_of
from directory.queries.ranking import best
from directory.queries.reading import read_words
from directory.rules.asking import around, asked_of
from directory.rules.facets import facets_of
from directory.rules.freshness import freshness
from directory.rules.listed import areas_named, number
from directory.rules.listing import viewers_of
from directory.rules.openings import day_of
from directory.rules.reading import (
    notes_of,
    notes_on,
    notes_on_unused,
    query_of,
    written_by_hand,
)
from directory.rules.reasons import Facts, reasons
from directory.terms.places import Place
from directory.terms.reading import ReadWord
from directory.terms.records import Viewer
from directory.terms.searching import Found, Hit, ServiceSearch


def matching(search: ServiceSearch, viewer: Viewer, place: Place | None) -> Select[UUID]:
    """Return the statement that selects every service the viewer may find that meets it all.

    Each comes once. Those that have ended come only where it is asked what was modified (ORUK).
    """
    row = ListingRow
    asked = asked_of(search, place)
    found = select(row.service_id).where(seen_by_viewer(viewer))
    found = found.where(*conditions(asked, valued(asked)), *near(asked, valued(asked)))
    if search.words is not None and search.words.strip():
        found = found.where(said(spoken(search.words)))
    if search.modified_after is None:
        found = found.where(row.status != DEFUNCT)
    return found


def find(  # noqa: PLR0913  (a page of a search, for somebody, at an instant)
    session: Session,
    search: ServiceSearch,
    viewer: Viewer,
    *,
    page: int,
    size: int,
    at: datetime,
    counts: bool = True,
) -> Found:
    """Return one page of what a person's search finds, the best first.

    Words weigh most: in the name, in topics and organisation, in the description; then the
    distance, in bands; then freshness; then the exact distance, the name and the id. At most
    `MOST` are ranked. Unless it `counts`, there are no facets, and of what only a place orders
    the nearest few are ranked. `UnknownPostcode` or `MalformedPostcode` if it cannot be read.
    """
    place = None if search.postcode is None else place_of(session, search.postcode)
    typed = "" if search.words is None else search.words.strip()
    read = read_words(session, typed, viewer, near=place is not None)
    words = read.words if typed else None
    if typed and not words:
        return Found((), 0, total_is_exact=True, notes=notes_of(read, found=False))
    on, values = at.date(), asked_of(search, place)
    form = Form(
        frozenset(values),
        viewer.agency is not None,
        has_words=words is not None,
        goes_far=values.get("within", inf) > CLOSE_BY,
        counts=counts,
    )
    values |= {"viewers": list(viewers_of(viewer)), "agency": viewer.agency}
    values |= _of_words(words or (), place) | _of_page(page, size)
    row = best(session, form, values, on)
    unused = () if row.total else _unused(session, values.get("traits", ()), viewer)
    why = partial(reasons, search, words or (), place)
    return Found(
        hits=tuple(_hit(one, words or (), why, on) for one in row.hits or ()),
        total=min(row.total, MOST),
        total_is_exact=row.are_all and row.total <= MOST,
        facets=facets_of(row.facets or ()),
        notes=notes_of(read, found=row.total > 0) + notes_on(place) + notes_on_unused(unused),
    )


def _unused(session: Session, traits: Sequence[str], viewer: Viewer) -> list[str]:
    """Return those of these traits that no service has which the viewer may find."""
    row, asked = ListingRow, written_by_hand(traits)
    if not asked:
        return []
    one = func.unnest(texts(asked)).column_valued("one")
    having = row.traits.contains(array([one])), row.status != DEFUNCT, seen_by_viewer(viewer)
    unused = select(one).where(not_(select(row.key).where(*having).exists()))
    return list(session.scalars(unused))


def _of_words(words: Sequence[ReadWord], place: Place | None) -> dict[str, Any]:
    """Return what is asked of words, and where to look besides if too many hold them."""
    close = {} if place is None else close_by(around(place, CLOSE_BY))
    phrases = [phrase.query for word in words for phrase in word.phrases]
    return {"query": query_of(words), "phrases": phrases, **close}


def _of_page(page: int, size: int) -> dict[str, int]:
    first = min((page - 1) * size, MOST)
    return {"first": first, "size": min(size, MOST - first)}


def _hit(
    found: Mapping[str, Any],
    words: Sequence[ReadWord],
    why: Callable[[Facts, date], tuple[str, ...]],
    on: date,
) -> Hit:
    assured_on, metres = day_of(found["assured_on"]), found["metres"]
    names, areas = found["areas"] or {}, areas_named(found["traits"])
    held = iter(found["held"] or ())
    facts = Facts(
        held=[list(islice(held, len(word.phrases))) for word in words],
        youngest=number(found["youngest"]),
        oldest=number(found["oldest"]),
        metres=metres,
        areas={code: names.get(code, "") for code in areas} or None,
        assured_on=assured_on,
    )
    at_location = found["at_location"]
    return Hit(
        service=UUID(found["service"]),
        reasons=why(facts, on),
        freshness=freshness(assured_on, on),
        metres=None if metres is None else round(metres),
        at_location=None if at_location is None else UUID(at_location),
    )
