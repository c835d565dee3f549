"""The order of what is found, its pages, its bounds, and what a search costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from directory.queries.candidates import (
    CLOSE_BY,
    FEW,
    FRESHEST,
    LOOKED_AT,
    MORE,
    MOST,
    NEAREST,
    Form,
    close_by,
)
from directory.queries.ranking import best
from directory.queries.searching import find, matching
from directory.queries.suggesting import suggestions
from directory.rules.asking import around, asked_of
from directory.rules.cells import cells_at
from directory.rules.distance import box, position
from directory.terms.places import MalformedPostcode, Place, UnknownPostcode
from directory.terms.records import ANYONE, Viewer
from directory.terms.searching import Found, ServiceSearch, Suggestion
from tests.directory.search.builders import (
    LEEDS,
    YORK,
    a_service,
    a_term,
    at,
    covering,
    names,
    postcodes,
    put,
)
from tests.service import MONDAY

AGEING, STALE = "2025-10-01", "2024-10-01"
HERE = 53.82340, -1.50110
"""LS8 5NG; a hundredth of a degree of latitude is 1.11 km."""
PLACE = Place("LS8 5NG", *HERE, LEEDS)


def found(
    session: Session, viewer: Any = ANYONE, page: int = 1, size: int = 50, **asked: Any
) -> Found:
    return find(session, ServiceSearch(**asked), viewer, page=page, size=size, at=MONDAY)


def order(session: Session, **asked: Any) -> list[str]:
    return names(session, [one.service for one in found(session, **asked).hits])


def up(hundredths: float) -> list[dict[str, Any]]:
    return [at(HERE[0] + hundredths / 100, HERE[1], name=f"up {hundredths}")]


def test_words_then_distance_then_freshness_then_exact_distance_then_name(session: Session) -> None:
    postcodes(session)
    put(
        session,
        a_service("b sleep", service_at_locations=up(10)),
        a_service("a topic", attributes=[a_term("Sleep")], service_at_locations=up(0)),
        a_service("a text", description="Sleep", service_at_locations=up(0.1)),
        a_service(
            "c text, ageing", description="Sleep", service_at_locations=up(0), assured_date=AGEING
        ),
        a_service("b text", description="Sleep", service_at_locations=up(0.2)),
        a_service("a stale", description="Sleep", service_at_locations=up(0), assured_date=STALE),
        a_service("a mile", description="Sleep", service_at_locations=up(1.5)),
        a_service("nowhere", description="Sleep"),
        a_service("far", description="Sleep", service_at_locations=up(6)),
        a_service("twice b", description="Sleep", service_at_locations=up(30)),
        a_service("twice a", description="Sleep", service_at_locations=up(30)),
        a_service("elsewhere", description="Sleep", service_areas=covering(YORK)),
    )
    by_words = ["b sleep", "a topic"]
    rest = ["a text", "b text", "c text, ageing", "a stale", "a mile"]
    rest += ["nowhere", "far", "twice a", "twice b"]
    assert order(session, words="sleep", postcode="LS8 5NG") == by_words + rest
    without_place = sorted([*rest, "elsewhere"])
    without_place = [one for one in without_place if one not in {"c text, ageing", "a stale"}]
    assert order(session, words="sleep") == [*by_words, *without_place, "c text, ageing", "a stale"]
    nearest = ["a topic", "a text", "b text", "c text, ageing", "a stale", "a mile", "nowhere"]
    assert order(session, postcode="LS8 5NG")[:7] == nearest


def test_pages_neither_repeat_nor_lose_anything(session: Session) -> None:
    postcodes(session)
    put(session, *(a_service("Play", id=one["id"]) for one in map(a_service, "abcdefg")))
    for asked in ({}, {"words": "play"}, {"postcode": "LS8 5NG"}):
        whole = [one.service for one in found(session, **asked).hits]
        pages = [found(session, page=page, size=3, **asked) for page in (1, 2, 3, 4)]
        assert [one.service for page in pages for one in page.hits] == whole
        assert {page.total for page in pages} == {7}
        assert whole == sorted(whole)


def test_each_hit_says_how_far_its_nearest_place_is(session: Session) -> None:
    postcodes(session)
    two = [*up(2), at(HERE[0] + 0.01, HERE[1], name="the nearer")]
    put(session, a_service("Play", service_at_locations=two))
    (hit,) = found(session, postcode="LS8 5NG", proximity=2000).hits
    assert hit.metres == pytest.approx(1113, abs=5)
    assert str(hit.at_location) == two[1]["id"]
    assert hit.reasons == ("0.7 miles from LS8 5NG",)


def test_an_unknown_postcode_is_never_everywhere(session: Session) -> None:
    put(session, a_service("Play"))
    with pytest.raises(UnknownPostcode):
        found(session, postcode="AB99 9ZZ")
    with pytest.raises(MalformedPostcode):
        found(session, postcode="not one")
    nowhere = matching(ServiceSearch(postcode="LS8 5NG"), ANYONE, None)
    assert session.scalars(nowhere).all() == []
    assert session.scalars(matching(ServiceSearch(proximity=1), ANYONE, None)).all() == []


def test_tombstones_come_only_where_changes_are_asked_for(session: Session) -> None:
    put(session, a_service("Play"), a_service("Gone", status="defunct"))
    listed = session.scalars(matching(ServiceSearch(), ANYONE, None)).all()
    assert names(session, listed) == ["Play"]
    since = ServiceSearch(modified_after=datetime(2026, 1, 1, tzinfo=UTC))
    changed = session.scalars(matching(since, ANYONE, None)).all()
    assert sorted(names(session, changed)) == ["Gone", "Play"]


def test_suggestions_complete_topics_words_organizations_and_names(session: Session) -> None:
    put(
        session,
        a_service("Sleep clinic", attributes=[a_term("Sleep support")], description="Sleepless?"),
        a_service("Sleep times", organization="Sleepy Trust"),
        a_service("Slept", status="defunct"),
    )
    assert suggestions(session, "slee", ANYONE) == [
        Suggestion("Sleep support", "topic"),
        Suggestion("sleep", "word"),
        Suggestion("Sleepy Trust", "organization"),
        Suggestion("Sleep clinic", "service"),
        Suggestion("sleepless", "word"),
        Suggestion("Sleep times", "service"),
        Suggestion("sleepy", "word"),
    ]
    assert suggestions(session, "SLEEP c", ANYONE) == [Suggestion("Sleep clinic", "service")]
    assert len(suggestions(session, "s", ANYONE, limit=2)) == 2
    assert suggestions(session, "!", ANYONE) == suggestions(session, "zz", ANYONE) == []
    assert suggestions(session, "100%", ANYONE) == []


def test_a_slip_of_the_pen_finds_what_the_right_spelling_finds(session: Session) -> None:
    put(session, a_service("Autism group"))
    put(session, a_service("Evenings for ASD"))
    right = order(session, words="autism")
    assert right == ["Autism group", "Evenings for ASD"]
    assert order(session, words="autisim") == right


_MANY = text("""
insert into listing (key, service_id, viewer, shadowed_by, status, name, traits, accessibility,
  has_place, at_locations, assured_on, named, told, words)
select md5('k' || n)::uuid, md5('s' || n)::uuid, 'everyone', '{}', 'active', 'play ' || n,
  array['area:*', 'free:yes'] || case when n % 2 = 0 then cast(:cells as text[]) end, '',
  n % 2 = 0, '{}', date '2026-02-20' - n % 300,
  to_tsvector('english', name), to_tsvector('english', name), to_tsvector('english', 'play')
from generate_series(1, :many) n,
  lateral (select case when n % 100 = 0 then 'play' else 'group' end name) called
""")
_PLACES = text("""
insert into listing_place (listing, number, at_location, latitude, longitude, position, viewer,
  shadowed_by, status, areas)
select md5('k' || n)::uuid, 0, md5('s' || n)::uuid, :north + n * 1e-6, :east,
  cube(array[:x, :y, :z + n * 0.11]), 'everyone', '{}', 'active', array['area:*']
from generate_series(2, :many, 2) n
""")


_RARE = text("""
with common as (delete from listing where name = :name returning *)
insert into listing (key, service_id, viewer, shadowed_by, status, name, traits, accessibility,
  has_place, at_locations, assured_on, named, told, words)
select key, service_id, viewer, shadowed_by, status, name, traits || array['language:polish'],
  accessibility, has_place, at_locations, assured_on, named, told, words
from common
""")


@pytest.fixture
def crowded(session: Session) -> Session:
    """A directory in which more match than are ranked."""
    postcodes(session)
    many = 3 * MOST
    x, y, z = position(*HERE)
    session.execute(_MANY, {"many": many, "cells": list(cells_at(*HERE))})
    at_here = {"north": HERE[0], "east": HERE[1], "x": x, "y": y, "z": z}
    session.execute(_PLACES, {"many": many, **at_here})
    return session


def test_where_too_many_match_so_many_are_ranked_and_that_is_said(crowded: Session) -> None:
    for asked, most in (
        ({}, MOST),
        ({"words": "play"}, MOST),
        ({"postcode": "LS8 5NG"}, MOST),
        ({"postcode": "LS8 5NG", "proximity": 3000}, MOST),
        ({"postcode": "LS8 5NG", "words": "play"}, MOST),
        ({"postcode": "LS8 5NG", "words": "play", "proximity": 2000}, MOST),
        ({"postcode": "LS8 5NG", "words": "play", "proximity": 9000}, MOST),
    ):
        many = found(crowded, **asked)
        assert (many.total, many.total_is_exact) == (most, False), asked
        last = found(crowded, page=most // 20, size=20, **asked)
        assert len(last.hits) == 20
        assert found(crowded, page=most // 20 + 1, size=20, **asked).hits == ()
        assert found(crowded, page=1, **asked) == many


def test_no_search_looks_at_more_than_a_bounded_number(crowded: Session) -> None:
    values: dict[str, Any] = {"viewers": ["everyone", "public"], "first": 0, "size": 1}
    values |= {"query": "'play'", "phrases": ["'play'"]} | close_by(around(PLACE, CLOSE_BY))
    at_place = asked_of(ServiceSearch(postcode=PLACE.postcode), PLACE)
    within = asked_of(ServiceSearch(postcode=PLACE.postcode, proximity=9000), PLACE)
    for asked, has_words, most in (
        ({}, False, MOST),
        ({}, True, MOST + 2 * MORE),
        (at_place, False, 2 * MOST),
        (at_place, True, MOST + 2 * MORE),
        (within, True, 2 * MOST + MORE),
    ):
        form = Form(frozenset(asked), by_agency=False, has_words=has_words)
        row = best(crowded, form, values | asked, MONDAY.date())
        assert MOST <= row.total <= most
        assert row.are_all is False


def test_the_best_are_ranked_however_many_match(crowded: Session) -> None:
    top = found(crowded, words="play", size=MOST // 40).hits
    assert all(one.reasons[0] == "'play' is in the name" for one in top)
    near = found(crowded, postcode="LS8 5NG", size=20).hits
    assert [one.metres for one in near] == sorted(one.metres or 0 for one in near)
    assert near[0].metres == 0


def test_what_is_close_by_and_what_is_further_is_found_once(session: Session) -> None:
    postcodes(session)
    steps = [*range(8), 0.5]
    put(
        session,
        *(a_service(f"Play {one}", service_at_locations=up(one)) for one in steps),
        a_service("Play here and there", service_at_locations=[*up(0.1), *up(6)]),
        a_service("Play beyond", service_at_locations=up(30)),
    )
    for metres, many in ((2500, 5), (4000, 6), (10_000, 10)):
        seen = found(session, words="play", postcode="LS8 5NG", proximity=metres)
        assert (seen.total, seen.total_is_exact) == (many, True), metres
        assert len({one.service for one in seen.hits}) == many
        assert all(one.metres is not None and one.metres <= metres for one in seen.hits)


def test_where_nothing_is_counted_the_nearest_few_are_ranked_the_same(crowded: Session) -> None:
    asked = ServiceSearch(postcode="LS8 5NG")
    whole, best_ = (
        find(crowded, asked, ANYONE, page=1, size=20, at=MONDAY, counts=counts)
        for counts in (True, False)
    )
    assert whole.facets != {} == best_.facets
    assert (best_.total, best_.total_is_exact) == (sum(FEW), False)
    assert [one.metres for one in best_.hits] == [one.metres for one in whole.hits]


def test_a_narrow_search_among_many_is_exact(crowded: Session) -> None:
    near = found(crowded, postcode="LS8 5NG", proximity=40)
    assert near.total_is_exact
    assert 0 < near.total < NEAREST
    assert all(one.metres is not None and one.metres <= 40 for one in near.hits)
    assert CLOSE_BY > 40
    assert box(*HERE, 40).north > HERE[0]


def test_in_a_small_directory_what_is_around_a_place_is_counted_exactly(session: Session) -> None:
    postcodes(session)
    many = 5 * NEAREST
    x, y, z = position(*HERE)
    session.execute(_MANY, {"many": many, "cells": list(cells_at(*HERE))})
    at_here = {"north": HERE[0], "east": HERE[1], "x": x, "y": y, "z": z}
    session.execute(_PLACES, {"many": many, **at_here})
    near = found(session, postcode="LS8 5NG", proximity=3000)
    assert (near.total, near.total_is_exact) == (many // 2, True)
    pages = [found(session, postcode="LS8 5NG", proximity=3000, page=page) for page in range(1, 13)]
    ids = [one.service for page in pages for one in page.hits]
    assert len(ids) == len(set(ids)) == many // 2
    wide = found(session, postcode="LS8 5NG")
    assert (wide.total, wide.total_is_exact) == (MOST, False)


def test_what_is_rare_is_found_beyond_the_nearest_places(session: Session) -> None:
    postcodes(session)
    many = 2 * (LOOKED_AT + 10)
    x, y, z = position(*HERE)
    session.execute(_MANY, {"many": many, "cells": list(cells_at(*HERE))})
    at_here = {"north": HERE[0], "east": HERE[1], "x": x, "y": y, "z": z}
    session.execute(_PLACES, {"many": many, **at_here})
    for asked, most in (({}, NEAREST + FRESHEST), ({"proximity": 3000}, NEAREST)):
        common = found(session, postcode="LS8 5NG", **asked)
        assert (common.total, common.total_is_exact) == (most, False)
    for name in (f"play {many}", f"play {many - 2}", "play 2"):
        session.execute(_RARE, {"name": name})
    for proximity in (None, 3000):
        seen = found(session, postcode="LS8 5NG", proximity=proximity, language="polish")
        assert (seen.total, seen.total_is_exact) == (3, True)
        assert [one.metres for one in seen.hits] == sorted(one.metres or 0 for one in seen.hits)
    nearer = found(session, postcode="LS8 5NG", proximity=100, language="polish")
    assert (nearer.total, nearer.total_is_exact) == (1, True)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    told: list[str] = []

    def tell(*said: Any) -> None:
        told.append(said[2])

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", tell)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", tell)


@pytest.mark.parametrize(
    ("asked", "statements"),
    [
        ({}, 2),
        ({"words": "play asd", "age": 7, "free": True}, 2),
        ({"words": "pley"}, 2),
        ({"words": "the"}, 1),
        # The postcode is read by its key.
        ({"words": "play", "postcode": "LS8 5NG", "proximity": 500}, 3),
    ],
)
def test_a_search_is_two_statements_and_writes_nothing(
    session: Session, asked: dict[str, Any], statements: int
) -> None:
    postcodes(session)
    put(session, a_service("Play", service_at_locations=up(0)))
    session.commit()
    session.expire_all()
    for viewer in (ANYONE, Viewer("oak")):
        with counted(session) as told:
            found(session, viewer, **asked)
        session.expire_all()
        assert len(told) == statements
        assert not any(one.lower().startswith(("insert", "update", "delete")) for one in told)
    with counted(session) as told:
        suggestions(session, "pla", ANYONE)
    assert len(told) == 1
