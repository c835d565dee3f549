"""The sequencer killed at each statement: every entry placed once, every checkpoint kept true."""

import itertools
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.kernel.db import Database
from app.kernel.roles import IG_LEAD, SEQUENCER, role_url
from app.parts import load_vault
from sharing.actions.anchor import Anchor
from sharing.actions.sequencing import Head, SteppedAside, integrate
from sharing.chain.leaves import EntryKind
from sharing.chain.tree import EMPTY_ROOT
from sharing.jobs.sequencer import Sequencer
from tests.service import MONDAY, RING, Service
from tests.sharing.keeping import LOG_KEY, append, exported, judge, sequencing
from tests.sharing.seeing import Rows

Tick = Callable[[], None]
ONCE_EACH = """
select count(*) = count(distinct l.entry_id) and count(*) = count(l.entry_id)
  and coalesce(max(l.leaf_index) + 1, 0) = count(*)
  and count(*) = (select size from log_state) and not exists (select from log_pending)
from log_entry e left join log_leaf l on l.entry_id = e.id
"""


@dataclass(frozen=True)
class Ticking(Anchor):
    """The file outside the database, with a moment before and after it is written."""

    tick: Tick = lambda: None

    def write(self, head: Head) -> None:
        self.tick()
        super().write(head)
        self.tick()


def one_step(admin_url: str, anchor: Path, tick: Tick) -> None:
    """Sequence one batch, with a moment around each statement and before each commit."""
    database = Database.connect(role_url(admin_url, SEQUENCER), None, pool_size=1)
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(database.bind, name, lambda *_: tick())
    try:
        Sequencer(database, LOG_KEY, Ticking(anchor, tick), lambda: MONDAY).step()
    finally:
        database.close()


def killed_at(moment: int, admin_url: str, anchor: Path) -> bool:
    """Sequence in a process that is killed at this moment; False if it was done before."""
    child = os.fork()
    if not child:
        moments = itertools.count(1)

        def tick() -> None:
            if next(moments) == moment:
                os.kill(os.getpid(), signal.SIGKILL)

        one_step(admin_url, anchor, tick)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def wait_for_its_end(superuser: Rows) -> None:
    """Wait until the server has noticed that its client is gone, and undone what was open."""
    gone = "select not exists (select from pg_stat_activity where usename = %s and datname = %s)"
    named = (SEQUENCER, superuser.info.dbname)
    while superuser.execute(gone, named).fetchall() != [(True,)]:
        superuser.execute("select pg_stat_clear_snapshot()")


@pytest.mark.long
def test_killed_at_any_statement_the_sequencer_loses_and_doubles_nothing(
    service: Service, superuser: Rows, tmp_path: Path
) -> None:
    anchor = tmp_path / "anchor.json"
    kept: list[Path] = []
    for moment in itertools.count(1):
        append(service.admin_url, EntryKind.READING, {"moment": moment})
        was_killed = killed_at(moment, service.admin_url, anchor)
        wait_for_its_end(superuser)
        answer = service.call("GET", "/log/checkpoint")
        if answer.status_code == 200:
            kept.append(tmp_path / f"checkpoint-{moment}-before")
            kept[-1].write_bytes(answer.get_data())
        with sequencing(service.admin_url, anchor) as following:
            following.step()
        kept.append(tmp_path / f"checkpoint-{moment}")
        kept[-1].write_bytes(service.call("GET", "/log/checkpoint").get_data())
        assert superuser.execute(ONCE_EACH).fetchall() == [(True,)], moment
        assert superuser.execute("select halted_because from log_state").fetchall() == [(None,)]
        if not was_killed:
            break

    assert moment > 20  # so many moments there are at least
    reader = role_url(service.admin_url, IG_LEAD)
    database = Database.connect(reader, load_vault(reader, RING), pool_size=1)
    with database.reading() as session:
        export = exported(session, tmp_path / "log.tar")
    database.close()
    found = judge(export, checkpoints=kept)
    assert found.code == 0, found.lines


def test_a_leader_that_wakes_up_behind_another_changes_nothing(
    service: Service, superuser: Rows, tmp_path: Path
) -> None:
    database = Database.connect(role_url(service.admin_url, SEQUENCER), None, pool_size=1)
    with sequencing(service.admin_url, tmp_path / "anchor.json") as other:
        append(service.admin_url, EntryKind.READING, {})
        assert other.step() == 1
        append(service.admin_url, EntryKind.READING, {})
        with (
            pytest.raises((SteppedAside, IntegrityError)),
            database.transaction() as session,
        ):
            integrate(session, (LOG_KEY,), 0, MONDAY)
        assert superuser.execute("select count(*) from log_pending").fetchall() == [(1,)]
        assert other.step() == 1
    database.close()
    assert superuser.execute(ONCE_EACH).fetchall() == [(True,)]


def test_a_leader_whose_connection_was_cut_has_signed_nothing(
    service: Service, superuser: Rows, tmp_path: Path
) -> None:
    append(service.admin_url, EntryKind.READING, {})
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s"
    moments = itertools.count(1)

    def tick() -> None:
        if next(moments) == 15:
            superuser.execute(cut, [SEQUENCER])

    with pytest.raises(SQLAlchemyError):
        one_step(service.admin_url, tmp_path / "anchor.json", tick)

    assert Anchor(tmp_path / "anchor.json").read() == Head(0, EMPTY_ROOT)
    with sequencing(service.admin_url, tmp_path / "anchor.json") as other:
        assert other.step() == 1
    assert superuser.execute(ONCE_EACH).fetchall() == [(True,)]
