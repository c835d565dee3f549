"""The log's own bars for writing: beside a bare insert, past an open transaction, and draining."""

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

import psycopg

from app.demo.binaries import find
from app.kernel.db import Database
from app.kernel.roles import APP, role_url
from app.parts import parts_for
from app.worker import sequencer_for
from sharing.actions.log import Line, append_entry
from sharing.jobs.sequencer import Sequencer
from tests.bench.measure import Slice, Spread, WrongAnswer, interleaved, spread_of
from tests.bench.report import Row, a_second, milliseconds, number
from tests.bench.world import SCHOOL, World
from tests.postgres import libpq

CONNECTIONS: Final = 8
SECONDS: Final = 3
BACKLOG: Final = 20_000
COMMITS: Final = 100
_ROW: Final = """gen_random_uuid(), now(), 'oak-school', 'eh-hub', 'permit',
 decode(repeat('7b', 250), 'hex'), decode(repeat('ab', 32), 'hex'),
 decode(repeat('7b', 700), 'hex'), decode(repeat('cd', 32), 'hex')"""
_PERSON: Final = "id, id, decode(repeat('ef', 420), 'hex'), decode(repeat('cd', 32), 'hex')"
BARE: Final = f"""
with e as (insert into bare_entry values ({_ROW}) returning id)
insert into bare_subject (id, subject, opening, salt) select {_PERSON} from e;
""".replace("\n", " ")  # noqa: S608
OURS: Final = f"""
with e as (insert into log_entry values ({_ROW}) returning id, leaf_hash),
p as (insert into log_subject (id, subject, opening, salt)
  select {_PERSON} from e)
insert into log_pending (entry_id, leaf_hash) select id, leaf_hash from e;
""".replace("\n", " ")  # noqa: S608
_BARE_TABLE: Final = """
create table bare_entry (like log_entry including all);
create table bare_subject (like log_subject including all);
grant select, insert on bare_entry, bare_subject to rightshare_app;
"""
_BACKLOG: Final = f"""
with e as (insert into log_entry select {_ROW} from generate_series(1, {BACKLOG})
  returning id, leaf_hash)
insert into log_pending (entry_id, leaf_hash) select id, leaf_hash from e
"""  # noqa: S608


def rows(world: World) -> Iterator[Row | str]:
    """Measure what it costs to write the log, and yield the rows."""
    yield from _draining(world)
    yield _past_an_open_transaction(world)
    yield from _beside_a_bare_insert(world)


@contextmanager
def _sequencing(world: World) -> Iterator[Sequencer]:
    """Have the sequencer at work, in a thread of its own."""
    stopping, one = threading.Event(), sequencer_for(world.settings)
    working = threading.Thread(target=one.run, args=(stopping,))
    working.start()
    try:
        yield one
    finally:
        stopping.set()
        working.join()


def _beside_a_bare_insert(world: World) -> Iterator[Row | str]:
    """Insert rows by `pgbench`, ours with the sequencer at work in a process beside."""
    program = Path(find(world.settings.postgres_bin).program("pgbench"))
    if not program.exists():
        yield f"No {program.name} beside this PostgreSQL: inserts were not compared."
        return
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute(_BARE_TABLE)
    folder = world.settings.home
    scripts = {name: folder / f"{name}.sql" for name in ("ours", "bare")}
    scripts["ours"].write_text(OURS)
    scripts["bare"].write_text(BARE)
    address = libpq(role_url(str(world.settings.database_url), APP))

    def inserting(name: str) -> Slice:
        told = subprocess.run(  # noqa: S603  (PostgreSQL's own program)
            [
                *(program, "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2"),
                *("-T", str(SECONDS), "-f", scripts[name], address),
            ],
            env=dict(os.environ) | {"PGOPTIONS": f"-c rightshare.agency={SCHOOL}"},
            capture_output=True,
            text=True,
            check=True,
        )
        (said,) = (line for line in told.stdout.splitlines() if line.startswith("tps"))
        return Slice(float(said.split()[2]))

    def ours() -> Slice:
        with _sequencing(world):
            return inserting("ours")

    taken = interleaved({"ours": ours, "bare": lambda: inserting("bare")}, slices=3)
    yield Row(
        f"log: inserts at {CONNECTIONS} connections, the sequencer at work",
        a_second(taken.spread("ours", lambda cut: cut.rate)),
        a_second(taken.spread("bare", lambda cut: cut.rate)),
        taken.ratio("ours", "bare", lambda cut: cut.rate),
        0.75,
        at_least=True,
    )


def _append(database: Database) -> float:
    """Write an entry and commit; return how long that took."""
    began, at = perf_counter(), datetime.now(UTC)
    line = Line(SCHOOL, None, "deny", {"outcome": "deny"}, about={})
    with database.transaction(speaking_for=SCHOOL) as session:
        append_entry(session, line, at)
    return perf_counter() - began


def _past_an_open_transaction(world: World) -> Row:
    """Commit entries with and without another entry that is written and not committed."""
    database = parts_for(world.settings).database

    def commits() -> float:
        return sorted(_append(database) for _ in range(COMMITS))[COMMITS // 2]

    alone, beside = [], []
    for _ in range(3):
        alone.append(commits())
        with _sequencing(world), database.transaction(speaking_for=SCHOOL) as session:
            line = Line(SCHOOL, None, "deny", {"outcome": "deny"}, about={})
            append_entry(session, line, datetime.now(UTC))
            beside.append(commits())
    ratios = [one / other for one, other in zip(beside, alone, strict=True)]
    return Row(
        "log: a commit beside an open one and the sequencer, p50",
        milliseconds(min(beside)),
        milliseconds(min(alone)),
        spread_of(ratios),
        2,
        at_least=False,
    )


@dataclass(frozen=True, slots=True)
class _Drained:
    """How fast a backlog went, in entries a second, and what each cost, in CPU seconds."""

    rate: float
    cpu: float


def _drain(world: World) -> _Drained:
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute(_BACKLOG)
    one = sequencer_for(world.settings)
    one.step()  # it compares the whole of what was signed, once
    placed, began, used = 0, perf_counter(), process_time()
    while added := one.step():
        placed += added
    if placed < BACKLOG // 2:
        raise WrongAnswer(f"{placed} entries were placed")
    return _Drained(placed / (perf_counter() - began), (process_time() - used) / placed)


def _draining(world: World) -> Iterator[Row | str]:
    drained = [_drain(world) for _ in range(3)]
    cpu = spread_of([one.cpu / 12e-6 for one in drained])
    rate = spread_of([one.rate / 10_000 for one in drained])
    yield Row(
        "log: entries placed a second, in 10,000s",
        a_second(Spread(*(10_000 * one for one in (rate.middle, rate.least, rate.most)))),
        "",
        rate,
        1,
        at_least=True,
    )
    yield Row(
        "log: the sequencer's CPU for an entry, in 12 µs",
        f"{number(cpu.middle * 12)} µs",
        "",
        cpu,
        1,
        at_least=False,
    )
    yield "Of the entries placed a second and the CPU for one, either bar is enough."
