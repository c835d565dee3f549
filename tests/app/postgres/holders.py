"""Ways to have a PostgreSQL in this process or in one that may be killed, and to ask it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.demo.binaries import find
from app.demo.postgres import Durability, Server, running
from tests.postgres import CHECKOUT, libpq

HOLD = (sys.executable, "-m", "tests.app.postgres.hold")
CONFINE = (sys.executable, "-m", "tests.app.postgres.confine")
SECONDS = 20.0


@dataclass
class Holder:
    """A process that has a PostgreSQL, and what it said of it."""

    process: "subprocess.Popen[str]"
    server: int
    url: str


@contextmanager
def run_in(checkout: Path, **options: Durability) -> Iterator[Server]:
    """Have a PostgreSQL in this very process."""
    with running(checkout / "pg", checkout / "run", **options) as server:
        yield server


@contextmanager
def started(checkout: Path, *before: str, hold: tuple[str, ...] = HOLD, user: int | None = None):
    """Have a process of its own hold, or try to hold, a PostgreSQL."""
    programs = find().folder
    with subprocess.Popen(
        [*before, *hold, str(checkout / "pg"), str(checkout / "run"), str(programs)],
        cwd=CHECKOUT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def held(checkout: Path, *before: str, **options: object) -> Iterator[Holder]:
    """Have a process of its own hold a PostgreSQL that is up."""
    with started(checkout, *before, **options) as process:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        noted = json.loads(line)
        try:
            yield Holder(process, noted["pid"], noted["url"])
        finally:
            process.kill()
            until(lambda: not lives(noted["pid"]))  # or it writes while its folder is removed


def ask(url: str, statement: str, *values: int) -> list[tuple]:
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        cursor = connection.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def lives(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rpartition(") ")[2][0] != "Z"


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def note(url: str, number: int) -> None:
    ask(url, "CREATE TABLE IF NOT EXISTS noted (number int)")
    ask(url, "INSERT INTO noted VALUES (%s)", number)


def noted(url: str) -> list[int]:
    return [number for (number,) in ask(url, "SELECT number FROM noted ORDER BY number")]
