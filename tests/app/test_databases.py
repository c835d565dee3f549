"""What the other tests stand on: databases of their own, and no way off this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path

import psycopg
import pytest

from app.demo.postgres import Durability, running
from tests.loopback import OffLoopbackError
from tests.postgres import CHECKOUT, Databases, folder_for_a_server, joined, libpq

FreshDatabase = Callable[..., AbstractContextManager[str]]
A_WORKER = """
import sys
from pathlib import Path
from tests.postgres import joined
with joined(Path(sys.argv[1])) as databases, databases.fresh():
    databases.once("template", lambda address: None)
    print(databases.server, flush=True)
    sys.stdin.read()
"""


def names(address: str) -> list[str]:
    with psycopg.connect(libpq(address), autocommit=True) as connection:
        found = connection.execute("SELECT datname FROM pg_database ORDER BY datname").fetchall()
    return [name for (name,) in found]


def test_a_fresh_database_is_a_copy_of_its_template_and_is_dropped(
    databases: Databases, fresh_database: FreshDatabase, postgres_url: Callable[..., str]
) -> None:
    with fresh_database() as original:
        with psycopg.connect(libpq(postgres_url(original))) as connection:
            connection.execute("CREATE TABLE copied (number int)")
        with fresh_database(original) as copy:
            with psycopg.connect(libpq(postgres_url(copy))) as connection:
                assert connection.execute("SELECT * FROM copied").fetchall() == []
            assert copy in names(databases.server)
    assert {original, copy}.isdisjoint(names(databases.server))


def test_a_fresh_database_is_dropped_even_while_somebody_is_connected(
    databases: Databases, fresh_database: FreshDatabase
) -> None:
    with ExitStack() as stack:
        with fresh_database() as name:
            stack.enter_context(closing(psycopg.connect(libpq(databases.url(name)))))
        assert name not in names(databases.server)


def test_what_is_made_once_is_made_once_and_not_at_all_when_that_fails(
    databases: Databases,
) -> None:
    filled: list[str] = []

    def fail(address: str) -> None:
        filled.append(address)
        raise LookupError

    own = f"own-{os.getpid()}"
    with pytest.raises(LookupError):
        databases.once(own, fail)
    first = databases.once(own, filled.append)
    assert databases.once(own, filled.append) == first
    assert filled[1:] == [databases.url(first)]
    assert filled[0].split("?")[0].rpartition("/")[2] not in names(databases.server)


def test_an_address_names_the_role_that_is_asked_for(databases: Databases) -> None:
    assert "//somebody" in databases.url("some_database", "somebody")


def test_nobody_reaches_for_another_machine() -> None:
    for family, address in (
        (socket.AF_INET, ("192.0.2.1", 80)),  # RFC 5737: documentation only
        (socket.AF_INET6, ("2001:db8::1", 80)),  # RFC 3849: likewise
    ):
        with socket.socket(family, socket.SOCK_STREAM) as one, pytest.raises(OffLoopbackError):
            one.connect(address)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        pytest.raises(OffLoopbackError),
    ):
        one.sendto(b"", ("192.0.2.1", 53))
    with pytest.raises(OffLoopbackError):
        socket.create_connection(("service.example", 443))


def test_loopback_and_paths_are_not_another_machine(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    with socket.socket(socket.AF_UNIX) as one, pytest.raises(FileNotFoundError):
        one.connect(str(tmp_path / "nobody"))


@pytest.mark.long
def test_two_users_share_a_server_that_ends_with_the_last(tmp_path: Path) -> None:
    with joined(tmp_path) as first:
        with joined(tmp_path) as second:
            assert second.server == first.server
        assert "postgres" in names(first.server)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(libpq(first.server))
    assert not (tmp_path / "server.json").exists()


@pytest.mark.long
def test_a_server_that_is_given_is_used_by_all_workers_and_left_as_it_was(tmp_path: Path) -> None:
    with (
        folder_for_a_server() as folder,
        running(folder / "pg", folder / "run", durability=Durability.TESTS_ONLY) as server,
        ExitStack() as stack,
    ):
        address = server.url("postgres")
        before = names(address)
        workers = [stack.enter_context(a_worker(tmp_path, address)) for _ in range(2)]
        assert [worker.stdout.readline().strip() for worker in workers] == [address, address]
        assert len(names(address)) == len(before) + 3  # one each, and one template
        for worker in workers:
            worker.communicate()
        until(lambda: names(address) == before)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def a_worker(shared: Path, address: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", A_WORKER, str(shared)],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": address.replace("+psycopg", "")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
