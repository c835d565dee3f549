"""The search: beside its own SQL, over HTTP, the nearest, suggestions, deep pages, and growth."""

import json
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import cycle
from time import perf_counter
from typing import Any, Final

import psycopg
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.config import Settings
from app.factory import parts_for
from app.kernel.db import Database
from directory.queries.searching import find
from directory.queries.suggesting import suggestions
from directory.terms.records import ANYONE
from directory.terms.searching import ServiceSearch
from tests.bench import load, serving
from tests.bench.measure import Slice, Spread, Taken, WrongAnswer, interleaved, spread_of
from tests.bench.report import Row, milliseconds, number
from tests.bench.search_world import BASE, RECORDS, directory_of, multiplied
from tests.bench.signing import Client
from tests.bench.world import World
from tests.postgres import libpq

AT: Final = datetime(2026, 10, 1, 12, tzinfo=UTC)
SIZE: Final = 20
_WORDS = ("sleep", "autism", "debt", "asd", "budget", "school", "english", "worries", "play")
_POSTCODES = ("LS8 5NG", "LS12 2AB", "LS6 2QE", "LE1 5WW", "LE4 2LY", "YO1 7HH", "YO24 4AB")
_PREFIXES = ("sl", "men", "par", "lan", "har", "auti", "speech", "wil", "he", "fam")
_A_SLICE = 40
_OVER_HTTP = 300
_DEEP = 1000

Ask = Callable[[Session], Any]


def rows(world: World) -> Iterator[Row | str]:
    """Measure J3 and yield its rows."""
    print("Putting services on file …", flush=True)
    with directory_of(world, "directory") as made:
        large = multiplied(world, made, "directory_100k", 100_000 // BASE, RECORDS)
        yield from _beside_sql(large)
        yield _nearest(large)
        yield _suggested(large)
        yield from _over_http(world, large)
        small = multiplied(world, made, "directory_10k", 10_000 // BASE)
        yield _growth("J3 search among 100,000 services, beside 10,000", large, small)
        huge = multiplied(world, made, "directory_1m", 1_000_000 // BASE)
        yield _growth("J3 search among 1,000,000 services, beside 100,000", huge, large)


def _searches(topics: Sequence[str]) -> list[ServiceSearch]:
    """Return searches by words, place, topic and age, none like the other."""
    chance = random.Random(5)  # noqa: S311  (which searches: the same in each run)
    return [
        ServiceSearch(
            words=chance.choice(_WORDS),
            postcode=chance.choice(_POSTCODES),
            proximity=chance.choice((2_000, 5_000, 10_000)),
            taxonomy_term_ids=(topics[0],) if chance.random() < 0.7 else (topics[1],),  # type: ignore[arg-type]  # as text
            age=Decimal(chance.randint(0, 17)),
        )
        for _ in range(60)
    ]


def _topics(database: Database) -> list[str]:
    with database.reading() as session:
        found = find(session, ServiceSearch(), ANYONE, page=1, size=1, at=AT)
    return [one.value for one in found.facets["topic"][:2]]


def _asking(search: ServiceSearch, *, counts: bool = True) -> Ask:
    return lambda session: find(session, search, ANYONE, page=1, size=SIZE, at=AT, counts=counts)


def _beside_sql(settings: Settings) -> Iterator[Row]:
    """Compare searches with their own statements, as the driver alone runs them."""
    database = parts_for(settings).database
    asked = [_asking(one) for one in _searches(_topics(database))]
    written = [_statements(database, one) for one in asked]
    mine, theirs = cycle(asked), cycle(written)
    with psycopg.connect(libpq(str(settings.database_app_url))) as connection:
        taken = interleaved(
            {
                "ours": lambda: _timed([_in(database, next(mine)) for _ in range(_A_SLICE)]),
                "sql": lambda: _timed([_run(connection, next(theirs)) for _ in range(_A_SLICE)]),
            }
        )
    yield Row(
        "J3 words, place, topic and age, median",
        milliseconds(taken.latency("ours", 50)),
        milliseconds(taken.latency("sql", 50)),
        taken.ratio("ours", "sql", lambda cut: statistics.median(cut.latencies)),
        2.0,
        at_least=False,
    )


def _in(database: Database, ask: Ask) -> Callable[[], Any]:
    def once() -> Any:
        with database.reading() as session:
            return ask(session)

    return once


def _statements(database: Database, ask: Ask) -> list[tuple[str, Any]]:
    """Return the statements of a search as the driver is given them."""
    told: list[tuple[str, Any]] = []

    def tell(*said: Any) -> None:
        told.append((said[2], said[3]))

    with database.reading() as session:
        engine = session.connection().engine
        event.listen(engine, "before_cursor_execute", tell)
        ask(session)
        event.remove(engine, "before_cursor_execute", tell)
    return told


def _run(
    connection: "psycopg.Connection[Any]", statements: list[tuple[str, Any]]
) -> Callable[[], Any]:
    def once() -> Any:
        for statement, values in statements:
            # What is kept prepared names its values by number, in PostgreSQL's own way.
            cursor = psycopg.RawCursor if isinstance(values, list) else psycopg.Cursor
            found = cursor(connection).execute(statement, values).fetchall()
        connection.rollback()
        return found

    return once


def _timed(calls: Sequence[Callable[[], Any]]) -> Slice:
    latencies = []
    for call in calls:
        began = perf_counter()
        call()
        latencies.append(perf_counter() - began)
    return Slice(len(latencies) / sum(latencies), tuple(latencies))


def _nearest(settings: Settings) -> Row:
    database = parts_for(settings).database
    searches = [ServiceSearch(postcode=one, age=Decimal(7)) for one in _POSTCODES]
    asked = [_in(database, _asking(one, counts=False)) for one in searches]
    return _within("J3 nearest 20, nothing counted, median", _all(asked, 50), 50, 5.0)


def _suggested(settings: Settings) -> Row:
    database = parts_for(settings).database

    def asking(prefix: str) -> Ask:
        return lambda session: suggestions(session, prefix, ANYONE)

    asked = [_in(database, asking(one)) for one in _PREFIXES]
    return _within("J3 suggestions, 99th percentile", _all(asked, 50), 99, 20.0)


def _all(calls: Sequence[Callable[[], Any]], times: int) -> Taken:
    turns = cycle(calls)
    return interleaved({"ours": lambda: _timed([next(turns) for _ in range(times)])})


def _within(job: str, taken: Taken, percent: int, most: float) -> Row:
    """Return a row of milliseconds that are not to be more than so many."""

    def at(cut: Slice) -> float:
        found = sorted(cut.latencies)
        return 1000 * found[min(len(found) - 1, len(found) * percent // 100)]

    figure = taken.spread("ours", at)
    return Row(job, f"{number(figure.middle)} ms", "", figure, most, at_least=False)


def _over_http(world: World, settings: Settings) -> Iterator[Row]:
    there = replace(world, settings=replace(settings, prometheus_dir=world.settings.prometheus_dir))
    topics = _topics(parts_for(settings).database)
    with serving.ours(there):
        client = Client(world.client_key, settings.port, settings.issuer)
        token = client.token("directory.read")
        found = []
        for one in cycle(_searches(topics)):
            if len(found) == _OVER_HTTP:
                break
            body = {
                "words": one.words,
                "postcode": one.postcode,
                "proximity": one.proximity,
                "age": int(one.age or 0),
                "taxonomy_term_id": [str(term) for term in one.taxonomy_term_ids],
            }
            call = client.call("/v1/directory/search", json.dumps(body).encode(), token)
            found.append(_answered(settings.port, call))
        taken = sorted(found)
        p99 = 1000 * taken[len(taken) * 99 // 100]
        spread = Spread(p99, 1000 * taken[len(taken) // 2], 1000 * taken[-1])
        yield Row(
            "J3 over HTTP, 99th percentile", f"{number(p99)} ms", "", spread, 50.0, at_least=False
        )
        yield _deep(settings.port)


def _answered(port: int, request: bytes) -> float:
    run = load.drive(port, [request])
    status, body = load.split(run.answers[0])
    if status != 200:
        raise WrongAnswer(f"{status}: {body[:300].decode()}")
    return run.latencies[0]


def _deep(port: int) -> Row:
    """Compare the feed's first page with its thousandth, once the list has been made."""

    def page(which: int) -> bytes:
        path = f"/oruk/v3/services?page={which}&per_page=50"
        return load.request(port, path, {"Accept": "application/json"}, b"", method="GET")

    for _ in range(8):  # each worker keeps the list by itself
        _answered(port, page(1))
    rounds = []
    for _ in range(3):
        deep = statistics.median(_answered(port, page(_DEEP)) for _ in range(20))
        rounds.append((deep, statistics.median(_answered(port, page(1)) for _ in range(20))))
    ours, first = (statistics.median(one) for one in zip(*rounds, strict=True))
    return Row(
        "J3 the feed's 1,000th page, beside its first",
        milliseconds(ours),
        milliseconds(first),
        spread_of([deep / one for deep, one in rounds]),
        2.0,
        at_least=False,
    )


def _growth(job: str, grown: Settings, small: Settings) -> Row:
    """Compare the same searches among more and among fewer services."""
    contenders: dict[str, Callable[[], Slice]] = {}
    topics = _topics(parts_for(small).database)  # the same in both: among many none are counted
    for name, settings in (("grown", grown), ("small", small)):
        database = parts_for(settings).database
        turns = cycle([_in(database, _asking(one)) for one in _searches(topics)])
        contenders[name] = lambda turns=turns: _timed([next(turns) for _ in range(_A_SLICE)])  # type: ignore[misc]  # one of each
    taken = interleaved(contenders)

    def middle(cut: Slice) -> float:
        return statistics.median(cut.latencies)

    return Row(
        job,
        milliseconds(taken.latency("grown", 50)),
        milliseconds(taken.latency("small", 50)),
        taken.ratio("grown", "small", middle),
        3.0,
        at_least=False,
    )
