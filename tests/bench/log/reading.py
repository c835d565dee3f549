"""J5, reading: one page of each filter, the first and a deep one, and the table beside `COPY`."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

from app.kernel.db import Database
from app.kernel.ids import first_id, new_id
from app.parts import Parts, parts_for
from sharing.queries.received import Form, Received, total, written
from sharing.queries.searching import Sought, find
from sharing.queries.tables import Stretch, table
from sharing.terms.lines import Worker
from sharing.terms.searching import LogSearch, Outcome
from tests.bench.log.filling import ENTRY, YEARS, agency, practitioner, subject
from tests.bench.measure import Slice, Spread, WrongAnswer, interleaved, spread_of
from tests.bench.report import Row, a_second, milliseconds
from tests.bench.world import PURPOSE, World

PAGE: Final = 50
PAGES: Final = 200
ROUNDS: Final = 3
RECEIVED: Final = 30
P99_GOAL: Final = 0.020
TABLE_ROWS: Final = 1_000_000
A_SLICE: Final = 100_000
_NOBODY: Final = UUID(int=0)
_RAW: Final = (
    f"select {', '.join(ENTRY)} from log_entry where id < %s order by id desc limit {PAGE}"  # noqa: S608
)

Search = Callable[[int, datetime], Sought]


def rows(world: World, entries: int) -> Iterator[Row | str]:
    """Measure pages and the table, and yield their rows."""
    parts = parts_for(world.settings)
    for name, search in _searches(parts).items():
        yield _page_row(parts.ig_database, world.url, name, search)
    yield _received_row(parts.ig_database)
    yield from _table_rows(world, parts.ig_database, entries)


def _searches(parts: Parts) -> Mapping[str, Search]:
    vault, now = parts.database.vault, datetime.now(UTC)

    def sought(search: LogSearch, whom: bytes | None = None, who: int | None = None) -> Sought:
        people = None if who is None else (subject(who),)
        return Sought(search, _NOBODY, now, None, whom, people)

    def by(n: int) -> bytes:
        worker = Worker(agency(n), practitioner(n * 104_729))
        return vault.digest("log", "practitioner", worker.agency, worker.id)

    month = timedelta(days=30)
    return {
        "everything": lambda _, __: sought(LogSearch()),
        "30 days": lambda _, at: sought(LogSearch(since=at - month, until=at)),
        "an agency": lambda n, _: sought(LogSearch(agency=agency(n))),
        "a client": lambda n, _: sought(LogSearch(client=f"{agency(n)}-mis-{n % 3}")),
        "a purpose": lambda _, __: sought(LogSearch(purpose=PURPOSE)),
        "refusals of an agency": lambda n, _: sought(
            LogSearch(agency=agency(n), outcome=Outcome.DENY)
        ),
        "a subject": lambda n, _: sought(LogSearch(), who=n),
        "a practitioner": lambda n, _: sought(LogSearch(), by(n)),
    }


def _page_row(database: Database, url: str, name: str, search: Search) -> Row:
    """Take pages all over the log, in turn with the same page of everything by raw SQL."""
    began = datetime.now(UTC) - YEARS
    taken: list[list[float]] = []
    raw: list[list[float]] = []
    found = 0
    with database.reading() as session, psycopg.connect(url) as connection:
        for _ in range(ROUNDS):
            ours, floor = [], []
            for n in range(PAGES):
                at = began + YEARS * ((n * 37 % PAGES) + 1) / PAGES
                seconds, here = _timed(session, search(n, at), new_id(at))
                ours.append(seconds)
                found += here
                floor.append(_raw(connection, first_id(at)))
            taken.append(ours)
            raw.append(floor)
    if not found:
        raise WrongAnswer(f"no page of {name} held anything")
    return Row(
        f"J5 pages, new to old: {name}, p99",
        f"{milliseconds(_percentile(taken, 99))} (p50 {milliseconds(_percentile(taken, 50))})",
        f"{milliseconds(_percentile(raw, 50))} raw SQL, p50",
        _spread(taken),
        1,
        at_least=False,
    )


def _received_row(database: Database) -> Row:
    """Take all that a client was told in three days (rule 45), of clients all over the log."""
    began, taken, lines = datetime.now(UTC) - YEARS, [], 0
    for n in range(RECEIVED):
        since = began + YEARS * n / RECEIVED
        wanted = Received(f"{agency(n)}-mis-{n % 3}", since, since + timedelta(hours=72))
        start = perf_counter()
        with database.reading() as session:
            total(session, wanted)
        lines += sum(part.count(b"\n") for part in written(database.reading, wanted, Form.JSON))
        taken.append(perf_counter() - start)
    if not lines:
        raise WrongAnswer("no client was told anything")
    return Row(
        f"J5 what a client was told in 72 hours, {lines // RECEIVED:,} entries, at most",
        milliseconds(max(taken)),
        "",
        spread_of(taken),
        1,
        at_least=False,
    )


def _timed(session: Session, sought: Sought, after: UUID) -> tuple[float, int]:
    began = perf_counter()
    page = find(session, sought, after, PAGE)
    return perf_counter() - began, len(page.entries)


def _raw(connection: psycopg.Connection[Any], after: UUID) -> float:
    began = perf_counter()
    connection.execute(_RAW, [after]).fetchall()
    return perf_counter() - began


def _percentile(rounds: list[list[float]], percent: int) -> float:
    every = sorted(one for taken in rounds for one in taken)
    return every[len(every) * percent // 100]


def _spread(rounds: list[list[float]]) -> Spread:
    """Return the rounds' 99th percentiles, in parts of the goal."""
    return spread_of([_percentile([one], 99) / P99_GOAL for one in rounds])


def _table_rows(world: World, database: Database, entries: int) -> Iterator[Row | str]:
    """Take a slice of the table by the service and by one bare `COPY`, in turn."""
    wanted = min(TABLE_ROWS, entries)
    step = YEARS * min(A_SLICE, entries) / entries
    began = datetime.now(UTC) - YEARS + timedelta(hours=1)

    def ours() -> Slice:
        start = perf_counter()
        held = list(table(database.reading, Stretch(began + step, began)))
        return Slice(sum(one.rows for one in held) / (perf_counter() - start))

    def floor() -> Slice:
        start, lines = perf_counter(), 0
        with psycopg.connect(world.url) as connection:
            span = [first_id(began), first_id(began + step)]
            with connection.cursor().copy(_COPY, span) as copied:
                lines = sum(1 for _ in copied)
        return Slice(lines / (perf_counter() - start))

    taken = interleaved({"ours": ours, "floor": floor}, slices=3)
    yield Row(
        "J5 the log as CSV, in rows/s",
        a_second(taken.spread("ours", lambda cut: cut.rate)),
        a_second(taken.spread("floor", lambda cut: cut.rate)),
        taken.ratio("ours", "floor", lambda cut: cut.rate),
        0.5,
        at_least=True,
    )
    sizes = [len(one.content) for one in _first(table(database.reading, _all()), wanted)]
    yield f"The table of {wanted:,} rows: {sum(sizes):,} bytes, {max(sizes):,} at a time in memory"


def _all() -> Stretch:
    return Stretch(datetime.now(UTC))


def _first(slices: Iterator[Any], wanted: int) -> Iterator[Any]:
    rows_so_far = 0
    for one in slices:
        yield one
        rows_so_far += one.rows
        if rows_so_far >= wanted:
            return


_COPY: Final = f"""
copy (select {", ".join(ENTRY[:5])}, encode(leaf_hash, 'hex'), convert_from(facts, 'UTF8')
  from log_entry where id >= %s and id < %s order by id) to stdout (format csv)
"""  # noqa: S608
