"""Whoever starts it, PostgreSQL runs, or says why it cannot."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.app.postgres.holders import (
    CONFINE,
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
from tests.postgres import CHECKOUT

ORDINARY = 12345  # nobody has this number, which is a trap of its own: initdb asks for a name

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
pytestmark = pytest.mark.long


@only_root
def test_root_keeps_its_files_in_a_checkout_that_is_closed_to_others(new_checkout: Path) -> None:
    new_checkout.chmod(0o700)
    with run_in(new_checkout) as server:
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]
        assert (new_checkout / "pg" / "PG_VERSION").stat().st_uid == 0
    assert new_checkout.stat().st_mode & 0o777 == 0o700


@only_root
def test_root_without_user_namespaces_runs_it_as_nobody(new_checkout: Path) -> None:
    with held(new_checkout, *CONFINE) as holder:
        assert ask(holder.url, "SELECT 1") == [(1,)]
        assert (new_checkout / "pg").stat().st_uid not in {0, new_checkout.stat().st_uid}
        kill(holder.process.pid)
        until(lambda: not lives(holder.server))
    assert new_checkout.stat().st_mode & 0o777 == 0o711
    # Where namespaces are allowed again, the data stay whose they are.
    with run_in(new_checkout) as server:
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]


@only_root
def test_a_checkout_that_nobody_can_enter_is_said_and_not_opened(new_checkout: Path) -> None:
    new_checkout.chmod(0o700)
    with started(new_checkout, *CONFINE) as process:
        said = process.communicate(timeout=SECONDS)[1]
        assert process.returncode != 0
    assert f"cannot enter {new_checkout}" in said
    assert "Move the checkout" in said
    assert new_checkout.stat().st_mode & 0o777 == 0o700


@only_root
def test_an_ordinary_user_runs_it_and_root_later_runs_it_as_that_user(new_checkout: Path) -> None:
    home = new_checkout / "home"
    home.mkdir()
    os.chown(home, ORDINARY, ORDINARY)
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
                return (python, "-m", "tests.app.postgres.hold")
    pytest.skip("an ordinary user can reach no Python here, or not this checkout")
