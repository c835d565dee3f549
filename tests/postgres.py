"""One PostgreSQL for a whole test run, however many workers share it.

The first worker that needs it starts a keeper, a process that is the server's parent until the
last worker has ended. Workers show that they live by a shared lock on a file, which the kernel
takes back however they end; the keeper waits to have it alone. With DATABASE_URL set, that server
is used, and left as it was found.
"""

import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from app.demo.postgres import Durability, running

CHECKOUT = Path(__file__).parents[1]
SECONDS_TO_START = 150.0
SECONDS_IF_WE_ARE_THE_LAST = 3.0


@dataclass(frozen=True, slots=True)
class Databases:
    """The databases of this test run, all named after it."""

    described: str
    server: str
    prefix: str
    shared: Path

    def url(self, database: str, user: str | None = None) -> str:
        """Return the address of a database, for a role of its own if one is named."""
        address = make_url(self.server).set(database=database)
        if user is not None:
            address = address.set(username=user)
        return address.render_as_string(hide_password=False)

    @contextmanager
    def fresh(self, template: str | None = None) -> Iterator[str]:
        """Have a database of one's own, copied from a template if one is named; its name."""
        name = self._create(template)
        try:
            yield name
        finally:
            self._drop(name)

    def once(self, name: str, fill: Callable[[str], None]) -> str:
        """Have one database made and filled, by its address, by whichever worker comes first."""
        made = self.shared / f"made-{name}"
        with _turn(self.shared, name):
            if not made.exists():
                database = self._create(None)
                try:
                    fill(self.url(database))
                except BaseException:
                    self._drop(database)
                    raise
                made.write_text(database, encoding="ascii")
        return made.read_text(encoding="ascii")

    def drop_all(self) -> None:
        """Leave none of this run's databases."""
        with _connected(self.server) as connection:
            named = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname",
                [f"{self.prefix}_"],
            ).fetchall()
        for (name,) in named:
            self._drop(name)

    def _create(self, template: str | None) -> str:
        name = f"{self.prefix}_{secrets.token_hex(4)}"
        # Copying files is half as quick again as copying through the write-ahead log: 22 ms for 40
        # tables against 30, and 10 against 22 to drop it.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template or "template1")
        )
        with _connected(self.server) as connection:
            connection.execute(statement)
        return name

    def _drop(self, name: str) -> None:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with _connected(self.server) as connection:
            connection.execute(statement)


@contextmanager
def joined(shared: Path) -> Iterator[Databases]:
    """Have the run's server up for as long as the block lasts, whoever it is that started it."""
    keeper = None
    with (shared / "users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _turn(shared, "keeper"):
            if not (shared / "server.json").exists():
                keeper = _start_keeper(shared)
        noted = json.loads((shared / "server.json").read_text(encoding="utf-8"))
        yield Databases(shared=shared, **noted)
    if keeper is not None:
        _part_from(keeper)


def libpq(address: str) -> str:
    """Return SQLAlchemy's address as psycopg itself takes it."""
    return address.replace("postgresql+psycopg://", "postgresql://", 1)


def _connected(address: str) -> "psycopg.Connection[tuple[str]]":
    return psycopg.connect(libpq(address), autocommit=True)


@contextmanager
def _turn(shared: Path, what: str) -> Iterator[None]:
    with (shared / f"{what}.turn").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start_keeper(shared: Path) -> "subprocess.Popen[bytes]":
    with (shared / "keeper.log").open("wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres", str(shared)],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C ends the workers, and they end the keeper
        )
    deadline = time.monotonic() + SECONDS_TO_START
    while not (shared / "server.json").exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            keeper.kill()
            keeper.wait()
            raise RuntimeError((shared / "keeper.log").read_text(encoding="utf-8"))
        time.sleep(0.01)
    return keeper


def _part_from(keeper: "subprocess.Popen[bytes]") -> None:
    """Wait for its end if we were the last, and otherwise leave it to those still at work."""
    try:
        keeper.wait(SECONDS_IF_WE_ARE_THE_LAST)
    except subprocess.TimeoutExpired:
        keeper.returncode = 0  # or Python warns of a child that was left running, which it is to be


def _keep(shared: Path) -> None:
    """Be the server's parent until nobody is left who uses it."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with _server(shared) as made:
        noted = {"described": made.described, "server": made.server, "prefix": made.prefix}
        written = shared / "server.new"
        written.write_text(json.dumps(noted), encoding="utf-8")
        written.rename(shared / "server.json")
        with (shared / "users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            (shared / "server.json").unlink(missing_ok=True)


@contextmanager
def _server(shared: Path) -> Iterator[Databases]:
    prefix = f"rightshare_test_{secrets.token_hex(4)}"
    given = os.environ.get("DATABASE_URL")
    if given:
        address = make_url(given).set(drivername="postgresql+psycopg")
        server = address.render_as_string(hide_password=False)
        theirs = Databases("DATABASE_URL", server, prefix, shared)
        try:
            yield theirs
        finally:
            theirs.drop_all()
        return
    chosen = os.environ.get("POSTGRES_BIN")
    with (
        folder_for_a_server() as folder,
        running(
            folder / "pg",
            folder / "run",
            durability=Durability.TESTS_ONLY,
            postgres_bin=Path(chosen) if chosen else None,
        ) as ours,
    ):
        yield Databases(ours.described, ours.url("postgres"), prefix, shared)


@contextmanager
def folder_for_a_server(prefix: str = "rightshare-test-") -> Iterator[Path]:
    """Have a folder that anyone may walk through, and no one else may list.

    pytest's own are closed, and where root may not make a user namespace the server is `nobody`'s.
    """
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
