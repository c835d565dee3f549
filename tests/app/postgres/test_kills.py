"""However it ends, nothing is left running, and the next start works."""

import signal
import subprocess
import threading
from pathlib import Path

import pytest

from app.demo.postgres import AlreadyRunningError
from tests.app.postgres.holders import (
    SECONDS,
    ask,
    held,
    kill,
    lives,
    note,
    noted,
    run_in,
    started,
    until,
)

pytestmark = pytest.mark.long


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


def test_a_short_folder_that_was_left_by_kill_9_is_gone_with_the_next_start(deep: Path) -> None:
    with held(deep) as holder:
        short = (deep / "run" / "elsewhere").readlink()
        kill(holder.process.pid)
        with run_in(deep) as server:
            assert server.sockets != short
            assert not short.exists()


def test_initdb_killed_half_way_leaves_nothing_that_is_taken_for_whole(new_checkout: Path) -> None:
    with started(new_checkout) as process:
        until(lambda: any(new_checkout.glob("pg.new-*/global")))
        kill(process.pid)
        process.wait()
        assert not (new_checkout / "pg").exists()
    with run_in(new_checkout) as server:
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]
    until(lambda: not any(new_checkout.glob("pg.new-*")))


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
