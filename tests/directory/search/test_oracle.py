"""Whatever is on file and whatever is asked, SQL finds what a plain reading of documents finds."""

from collections.abc import Callable, Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.kernel.roles import APP, role_url
from directory.actions.indexing import index_services
from directory.actions.records import put_records
from directory.queries.places import place_of
from directory.queries.records import nested_services
from directory.queries.searching import find, matching
from directory.rules.documents import take_apart
from directory.terms.records import ANYONE, RecordKind, Viewer
from directory.terms.searching import ServiceSearch, Weekday
from tests.directory.search.builders import (
    ARMLEY,
    BY,
    LEEDS,
    ROUNDHAY,
    YORK,
    a_service,
    a_term,
    at,
    covering,
    names,
    postcodes,
    some_id,
    weekly,
)
from tests.directory.search.oracle import answer
from tests.service import MONDAY

WORDS = ("sleep", "play", "autism", "asd", "garden", "lantern")
AUDIENCES = (None, None, None, "public", "practitioners", ["oak"], ["oak", "elm"])
VIEWERS = (ANYONE, Viewer("oak"), Viewer("elm"), Viewer("ash"))
TERMS = ("Sleep", "Play")
SIZE = 6

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
audiences = st.sampled_from(AUDIENCES)
maybe_ages = st.none() | st.integers(0, 18)


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, max_size=2, unique_by=str)


@st.composite
def places(draw: st.DrawFn) -> dict[str, Any]:
    latitude = round(53.8234 + draw(st.integers(-60, 60)) / 1000, 4)
    longitude = round(-1.5011 + draw(st.integers(-60, 60)) / 1000, 4)
    name = f"{draw(st.sampled_from(WORDS))} {latitude} {longitude}"
    audience = draw(audiences)
    return at(latitude, longitude, name=name) | ({"audience": audience} if audience else {})


@st.composite
def schedules(draw: st.DrawFn) -> dict[str, Any]:
    opens = draw(st.integers(8, 16))
    made = weekly(
        draw(st.sampled_from(list(Weekday))).value,
        f"{opens:02}:00",
        f"{opens + draw(st.integers(1, 6)):02}:00",
        interval=draw(st.integers(1, 3)),
        dtstart=f"2026-02-{draw(st.integers(1, 28)):02}",
        audience=draw(audiences),
    )
    if draw(st.booleans()):
        made |= {"freq": "MONTHLY", "byday": f"{draw(st.sampled_from((1, 2, -1)))}{made['byday']}"}
    made["id"] = some_id(sorted(made.items(), key=str))
    return {name: value for name, value in made.items() if value is not None}


@st.composite
def documents(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for number in range(SIZE):
        areas = draw(some(st.sampled_from((LEEDS, YORK, ROUNDHAY, ARMLEY))))
        spoken = draw(some(st.sampled_from(("en", "ur"))))
        document = a_service(
            f"{draw(texts)} {chr(97 + number)}",
            description=draw(texts),
            organization=draw(st.sampled_from(("Lantern", "Garden"))),
            status=draw(st.sampled_from(("active",) * 4 + ("temporarily closed", "defunct"))),
            audience=draw(audiences),
            minimum_age=draw(maybe_ages),
            maximum_age=draw(maybe_ages),
            fees=draw(st.none() | st.just("Free")),
            assured_date=draw(st.none() | st.dates(date(2024, 12, 1), date(2026, 3, 1)).map(str)),
            service_areas=covering(*areas),
            languages=[{"id": some_id(one), "code": one} for one in spoken],
            attributes=[a_term(one) for one in draw(some(st.sampled_from(TERMS)))],
            schedules=draw(some(schedules())),
            service_at_locations=draw(some(places())),
        )
        document["id"] = some_id("oracle", number)
        made.append({name: value for name, value in document.items() if value != []})
    return made


@st.composite
def searches(draw: st.DrawFn) -> ServiceSearch:
    """Return a search of one to three conditions, so that many find something."""
    ages = st.integers(0, 18).map(Decimal)
    conditions: dict[str, st.SearchStrategy[Any]] = {
        "words": texts,
        "age": ages,
        "minimum_age": ages,
        "maximum_age": ages,
        "free": st.booleans(),
        "language": st.sampled_from(("en", "ur")),
        "day": st.sampled_from(list(Weekday)),
        "start_time": st.integers(8, 16).map(time),
        "end_time": st.integers(9, 22).map(time),
        "open_on": st.dates(date(2026, 2, 1), date(2026, 4, 30)),
        "taxonomy_term_ids": st.sampled_from(TERMS).map(
            lambda one: (UUID(a_term(one)["taxonomy_term"]["id"]),)
        ),
        "postcode": st.sampled_from(("LS8 5NG", "LS12 2AB", "YO1 7HH", "LS8 9ZZ")),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(conditions)), max_size=3, unique=True))
    asked = {name: draw(conditions[name]) for name in chosen}
    if "postcode" in asked and draw(st.booleans()):
        asked["proximity"] = draw(st.integers(100, 12_000))
    return ServiceSearch(**asked)


@pytest.fixture(scope="module")
def opened(shared: str, postgres_url: Callable[..., str]) -> Iterator[Session]:
    """A session with postcodes; each example is put on file within it and undone."""
    engine = create_engine(role_url(postgres_url(shared), APP))
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            postcodes(session)
            session.commit()
            yield session
        transaction.rollback()
    engine.dispose()


def put_all(session: Session, made: list[dict[str, Any]]) -> None:
    """Put documents on file kind by kind, as imports do."""
    parts: dict[RecordKind, dict[str, Any]] = {kind: {} for kind in RecordKind}
    for document in made:
        for kind, part in take_apart(document).records:
            parts[kind][str(part["id"])] = part
    for kind in (RecordKind.ORGANIZATION, RecordKind.LOCATION, RecordKind.TAXONOMY_TERM):
        put_records(session, kind, list(parts[kind].values()), BY, MONDAY)
    put_records(session, RecordKind.SERVICE, list(parts[RecordKind.SERVICE].values()), BY, MONDAY)


@pytest.mark.long
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.data_too_large],
)  # fmt: skip
@given(made=documents(), asked=st.lists(searches(), min_size=12, max_size=12))
def test_sql_finds_what_a_plain_reading_finds(
    opened: Session, made: list[dict[str, Any]], asked: list[ServiceSearch]
) -> None:
    undone = opened.begin_nested()
    put_all(opened, made)
    whole = [
        dict(one) for one in nested_services(opened, [UUID(one["id"]) for one in made]).values()
    ]
    for search in asked:
        place = None if search.postcode is None else place_of(opened, search.postcode)
        for viewer in VIEWERS:
            expected = answer(whole, search, viewer, place, MONDAY.date())
            matched = opened.scalars(matching(search, viewer, place)).all()
            assert sorted(names(opened, matched)) == sorted(expected.feed), (search, viewer)
            found = find(opened, search, viewer, page=1, size=SIZE, at=MONDAY)
            hits = names(opened, [one.service for one in found.hits])
            assert (hits, found.total) == (expected.people, len(expected.people)), (search, viewer)
    undone.rollback()
    opened.expire_all()


def test_indexing_again_changes_nothing(opened: Session) -> None:
    undone = opened.begin_nested()
    put_all(opened, [a_service("Play", attributes=[a_term("Play")]), a_service("Sleep")])
    tables = ("listing", "listing_said", "listing_word", "listing_label", "listing_place")
    before = [opened.execute(text(f"select * from {one} order by 1, 2, 3")).all() for one in tables]  # noqa: S608
    index_services(opened, [UUID(some_id("service", one)) for one in ("Play", "Sleep")])
    after = [opened.execute(text(f"select * from {one} order by 1, 2, 3")).all() for one in tables]  # noqa: S608
    assert before == after
    undone.rollback()
