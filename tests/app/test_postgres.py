"""Each promise of the checkout's own PostgreSQL, with the processes really killed."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from app.demo.binaries import find
from app.demo.postgres import (
    AlreadyRunningError,
    Durability,
    NotStartedError,
    Server,
    running,
)
from tests.postgres import CHECKOUT, folder_for_a_server, libpq

HOLD = (sys.executable, "-m", "tests.app.hold_postgres")
CONFINE = (sys.executable, "-m", "tests.app.confine_postgres")
ORDINARY = 12345
SECONDS = 20.0

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
pytestmark = pytest.mark.long


@dataclass
class Holder:
    """A process that has a PostgreSQL, and what it said of it."""

    process: "subprocess.Popen[str]"
    server: int
    url: str


@pytest.fixture
def checkout() -> Iterator[Path]:
    with folder_for_a_server() as folder:
        yield folder


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


def test_what_was_written_is_there_again_after_a_restart(checkout: Path) -> None:
    for number in (1, 2):
        with run_in(checkout) as server:
            note(server.url("postgres"), number)
    with run_in(checkout) as server:
        assert noted(server.url("postgres")) == [1, 2]


def test_it_says_which_postgresql_was_taken(checkout: Path) -> None:
    with run_in(checkout) as server:
        version = ask(server.url("postgres"), "SHOW server_version")[0][0].split()[0]
        assert server.described.startswith(f"PostgreSQL {version} (")


def test_it_is_durable_unless_a_test_says_otherwise(checkout: Path) -> None:
    asked = (
        "SELECT setting FROM pg_settings WHERE name IN"
        " ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"
    )
    for durability, setting in ((Durability.FULL, "on"), (Durability.TESTS_ONLY, "off")):
        with run_in(checkout, durability=durability) as server:
            assert ask(server.url("postgres"), asked) == [(setting,)] * 3


def test_it_speaks_utf8_and_utc_and_listens_on_no_network(checkout: Path) -> None:
    asked = "SELECT lower('ÄŴ'), current_setting('timezone'), current_setting('listen_addresses')"
    with run_in(checkout) as server:
        assert ask(server.url("postgres"), asked) == [("äŵ", "UTC", "")]
        assert server.sockets.stat().st_mode & 0o777 == 0o700


def test_kill_9_of_its_parent_ends_the_server_and_the_next_start_works(checkout: Path) -> None:
    with held(checkout) as holder:
        note(holder.url, 1)
        kill(holder.process.pid)
        with run_in(checkout) as server:  # at once: the orphan may still be ending
            assert noted(server.url("postgres")) == [1]
        assert not lives(holder.server)


def test_kill_9_of_the_server_is_seen_and_the_next_start_recovers(checkout: Path) -> None:
    with run_in(checkout) as server:
        note(server.url("postgres"), 1)
        kill(server.child.pid)
        until(lambda: server.poll() is not None)
        assert server.poll() == -signal.SIGKILL
    with run_in(checkout) as server:
        assert noted(server.url("postgres")) == [1]


def test_kill_9_of_both_at_once_is_recovered_from(checkout: Path) -> None:
    with held(checkout) as holder:
        note(holder.url, 1)
        kill(holder.server)
        kill(holder.process.pid)
        with run_in(checkout) as server:
            assert noted(server.url("postgres")) == [1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_the_parent_leaves_nothing_running(checkout: Path, number: int) -> None:
    with held(checkout) as holder:
        holder.process.send_signal(number)
        holder.process.wait(SECONDS)
        until(lambda: not lives(holder.server))
        assert not (checkout / "pg" / "postmaster.pid").exists()


@pytest.mark.parametrize("left", ["pg/postmaster.pid", "run/.s.PGSQL.5432.lock"])
def test_a_lock_file_that_names_a_living_stranger_is_no_hindrance(
    checkout: Path, left: str
) -> None:
    with run_in(checkout):
        lines = (checkout / left).read_text(encoding="utf-8").splitlines()
    with subprocess.Popen(["/bin/sleep", "60"], cwd="/") as stranger:
        lines[0] = str(stranger.pid)
        (checkout / left).write_text("\n".join(lines), encoding="utf-8")
        with run_in(checkout) as server:
            assert ask(server.url("postgres"), "SELECT 1") == [(1,)]
        assert stranger.poll() is None
        stranger.kill()


def test_a_lock_file_that_was_cut_short_is_no_hindrance(checkout: Path) -> None:
    with run_in(checkout):
        pass
    (checkout / "pg" / "postmaster.pid").write_bytes(b"")
    with run_in(checkout) as server:
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]


def test_running_a_second_time_is_refused_and_harms_nobody(checkout: Path) -> None:
    with held(checkout) as holder:
        with pytest.raises(AlreadyRunningError) as refused, run_in(checkout):
            pass
        assert "running already" in str(refused.value)
        assert f"kill {holder.process.pid}" in str(refused.value)
        assert ask(holder.url, "SELECT 1") == [(1,)]


def test_a_server_that_somebody_else_started_is_not_taken_over(checkout: Path) -> None:
    with held(checkout) as holder:
        # As if the lock of its parent were no more: what works in the folder still counts.
        (checkout / "pg.lock").unlink()
        with pytest.raises(AlreadyRunningError, match=str(holder.server)), run_in(checkout):
            pass
        assert ask(holder.url, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("name", ["with a space", "comma, 100%, c:d \"and\" 'quotes'", "ŵyneb"])
def test_a_checkout_may_have_any_name(checkout: Path, name: str) -> None:
    with run_in(checkout / name) as server:
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]


def test_a_path_too_long_for_a_socket_gets_a_short_folder_that_is_gone_afterwards(
    checkout: Path,
) -> None:
    deep = checkout / ("x" * 60) / ("y" * 60)
    with run_in(deep) as server:
        short = server.sockets
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]
        assert short.parent in {Path(tempfile.gettempdir()), Path("/tmp")}  # noqa: S108 - as it should
    assert not short.exists()


def test_a_short_folder_that_was_left_by_kill_9_is_gone_with_the_next_start(checkout: Path) -> None:
    deep = checkout / ("x" * 60) / ("y" * 60)
    with held(deep) as holder:
        short = (deep / "run" / "elsewhere").readlink()
        kill(holder.process.pid)
        with run_in(deep) as server:
            assert server.sockets != short
            assert not short.exists()


def test_two_checkouts_run_side_by_side(checkout: Path) -> None:
    with run_in(checkout / "one") as one, run_in(checkout / "two") as two:
        note(one.url("postgres"), 1)
        note(two.url("postgres"), 2)
        assert (noted(one.url("postgres")), noted(two.url("postgres"))) == ([1], [2])


def test_initdb_killed_half_way_leaves_nothing_that_is_taken_for_whole(checkout: Path) -> None:
    with started(checkout) as process:
        until(lambda: any(checkout.glob("pg.new-*/global")))
        kill(process.pid)
        process.wait()
        assert not (checkout / "pg").exists()
    with run_in(checkout) as server:
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]
    until(lambda: not any(checkout.glob("pg.new-*")))


def test_a_folder_with_other_things_in_it_is_left_alone(checkout: Path) -> None:
    (checkout / "pg").mkdir()
    (checkout / "pg" / "letter.txt").write_text("mine", encoding="ascii")
    with pytest.raises(NotStartedError, match="holds files"), run_in(checkout):
        pass
    assert (checkout / "pg" / "letter.txt").read_text(encoding="ascii") == "mine"


def test_data_of_another_version_is_named_as_such(checkout: Path) -> None:
    with run_in(checkout):
        pass
    (checkout / "pg" / "PG_VERSION").write_text("9\n", encoding="ascii")
    with pytest.raises(NotStartedError, match="made by PostgreSQL 9"), run_in(checkout):
        pass


def test_a_server_that_does_not_come_up_says_why(checkout: Path) -> None:
    with run_in(checkout):
        pass
    with (checkout / "pg" / "postgresql.conf").open("a", encoding="ascii") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(NotStartedError, match="no_such_setting"), run_in(checkout):
        pass


def test_a_thread_that_may_end_before_the_process_cannot_start_it(checkout: Path) -> None:
    raised = []

    def start() -> None:
        try:
            with run_in(checkout):
                pass
        except RuntimeError as error:
            raised.append(str(error))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in raised[0]


def test_the_oldest_postgresql_that_is_supported_runs_too(checkout: Path) -> None:
    others = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not others:
        pytest.skip("this machine has no PostgreSQL of its own beside the package's")
    with running(checkout / "pg", checkout / "run", postgres_bin=others[0].parent) as server:
        assert server.described.endswith("(POSTGRES_BIN)")
        assert ask(server.url("postgres"), "SELECT lower('Ŵ')") == [("ŵ",)]


def test_a_folder_without_programs_is_named_and_nothing_else_is_taken(checkout: Path) -> None:
    with pytest.raises(NotStartedError, match="has no postgres, initdb, pg_isready"):
        find(checkout)


@only_root
def test_root_keeps_its_files_in_a_checkout_that_is_closed_to_others(checkout: Path) -> None:
    checkout.chmod(0o700)
    with run_in(checkout) as server:
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]
        assert (checkout / "pg" / "PG_VERSION").stat().st_uid == 0
    assert checkout.stat().st_mode & 0o777 == 0o700


@only_root
def test_root_without_user_namespaces_runs_it_as_nobody(checkout: Path) -> None:
    with held(checkout, *CONFINE) as holder:
        assert ask(holder.url, "SELECT 1") == [(1,)]
        assert (checkout / "pg").stat().st_uid not in {0, checkout.stat().st_uid}
        kill(holder.process.pid)
        until(lambda: not lives(holder.server))
    assert checkout.stat().st_mode & 0o777 == 0o711
    with run_in(checkout) as server:  # with namespaces again, the owner of the data stays who it is
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]


@only_root
def test_a_checkout_that_nobody_can_enter_is_said_and_not_opened(checkout: Path) -> None:
    checkout.chmod(0o700)
    with started(checkout, *CONFINE) as process:
        said = process.communicate(timeout=SECONDS)[1]
        assert process.returncode != 0
    assert f"cannot enter {checkout}" in said
    assert "Move the checkout" in said
    assert checkout.stat().st_mode & 0o777 == 0o700


@only_root
def test_an_ordinary_user_runs_it_and_root_later_runs_it_as_that_user(checkout: Path) -> None:
    home = checkout / "home"
    home.mkdir()
    os.chown(home, ORDINARY, ORDINARY)  # a number without a name, which initdb alone would refuse
    with held(home, hold=_hold_for_anyone(), user=ORDINARY) as holder:
        note(holder.url, 1)
    until(lambda: not lives(holder.server))
    with run_in(home) as server:
        assert noted(server.url("postgres")) == [1]
        assert (home / "pg").stat().st_uid == ORDINARY


@only_root
def test_an_ordinary_user_is_told_when_the_data_are_not_theirs(checkout: Path) -> None:
    with run_in(checkout):
        pass
    with started(checkout, hold=_hold_for_anyone(), user=ORDINARY) as process:
        said = process.communicate(timeout=SECONDS)[1]
    assert "belongs to another user" in said


def _hold_for_anyone() -> tuple[str, ...]:
    """The same holder under a Python that an ordinary user can reach: ours may be root's."""
    for python in (sys.executable, "/usr/bin/python3"):
        with suppress(OSError):
            tried = subprocess.run(
                [python, "-c", "import app.demo.postgres"],
                cwd=CHECKOUT,
                user=ORDINARY,
                group=ORDINARY,
                extra_groups=[],
                check=False,
            )
            if tried.returncode == 0:
                return (python, "-m", "tests.app.hold_postgres")
    pytest.skip("an ordinary user can reach no Python here, or not this checkout")
