"""Entries have lines by which they are reviewed: in the tree's order, each once, and erasable."""

import base64
import json
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from psycopg import errors

from app.cli.indexing import index
from app.kernel.db import Database
from app.kernel.roles import APP, ERASER, IG_LEAD, SEQUENCER
from app.kernel.signing import create_key
from sharing.actions.indexing import index_again, lead
from sharing.jobs.indexing import Indexer
from tests.make import ELM, OAK, Family, ask, overriding, request, said
from tests.service import RING, Service
from tests.sharing.conftest import ConnectedAs
from tests.sharing.indexed import indexed, lines, sequenced
from tests.sharing.seeing import Rows, entries
from tests.sharing.test_erasure import erased

INSIDE = "select set_config('rightshare.agency', %s, false)"
OURS = "select count(*) from log_line"


def some_history(service: Service, family: Family) -> None:
    """An override by Oak, a plan that it is told, a refusal of Elm, and an invalid request."""
    assert ask(service, overriding()).status_code == 200
    said(service, family)
    assert ask(service).status_code == 200
    assert ask(service, agency=ELM).status_code == 403
    assert ask(service, request(purpose="curiosity")).status_code == 422


def everything(superuser: Rows) -> list[list[object]]:
    """Return all that is derived from the log."""
    return [
        superuser.execute("select * from log_line order by id").fetchall(),
        superuser.execute("select * from log_mark order by mark").fetchall(),
        superuser.execute("select * from log_tally order by 1, 2, 3, 4, 5").fetchall(),
    ]


def test_each_entry_has_one_line_in_the_order_of_the_tree(
    service: Service, family: Family, superuser: Rows
) -> None:
    some_history(service, family)
    written = [one.id for one in entries(superuser)]

    assert indexed(service, superuser) == len(written)
    assert indexed(service, superuser) == 0
    assert lines(superuser, "id") == [(one,) for one in written]
    assert lines(superuser, "recipient", "outcome", "code", "override", "first_contact")[-4:] == [
        (OAK, "permit", None, "risk_of_significant_harm", True),
        (OAK, "permit", None, None, False),
        (ELM, "deny", "flow_not_covered", None, False),
        (OAK, "deny", "request_invalid", None, False),
    ]


def test_an_entry_that_commits_late_is_not_passed_over(
    service: Service, family: Family, superuser: Rows
) -> None:
    ask(service)
    (late,) = superuser.execute("delete from log_pending returning entry_id, leaf_hash").fetchall()
    service.clock.passes(minutes=1)
    ask(service)
    assert indexed(service, superuser) == 1
    superuser.execute("insert into log_pending (entry_id, leaf_hash) values (%s, %s)", late)

    assert indexed(service, superuser) == 1
    assert lines(superuser, "id")[-1] == (late[0],)


def test_lines_can_be_made_again_and_come_out_the_same(
    service: Service, family: Family, superuser: Rows
) -> None:
    some_history(service, family)
    indexed(service, superuser)
    before = everything(superuser)
    with service.parts.eraser_database.transaction() as session:
        index_again(session)
    assert everything(superuser) == [[], [], []]
    indexed(service, superuser)

    assert everything(superuser) == before
    assert all(before)


def test_a_batch_that_fails_leaves_nothing_and_is_made_later(
    service: Service, family: Family, superuser: Rows
) -> None:
    ask(service)
    superuser.execute("alter table log_tally add constraint no check (n < 0) not valid")
    with pytest.raises(Exception, match="violates check constraint"):
        indexed(service, superuser)
    assert lines(superuser, "id") == []
    superuser.execute("alter table log_tally drop constraint no")

    assert indexed(service, superuser) == 1


def test_of_two_indexers_one_works(service: Service, family: Family, superuser: Rows) -> None:
    ask(service)
    sequenced(service, superuser)
    indexer = Indexer(service.parts.database, service.parts.ig_database)
    with service.parts.database.transaction() as session:
        assert lead(session) == 0
        assert indexer.step() == 0

    assert indexer.step() == 1


def test_rule_44_an_erasure_takes_the_practitioners_digest_along(
    service: Service, family: Family, superuser: Rows
) -> None:
    some_history(service, family)
    indexed(service, superuser)
    assert [who is None for (who,) in lines(superuser, "practitioner")] == [False] * 4
    assert ask(service, agency=OAK).status_code == 200  # has no line yet
    erased(service, family.child)
    indexed(service, superuser)

    gone = superuser.execute("select entry_id from log_erasure").fetchall()
    assert len(gone) == 5
    assert [who for (who,) in lines(superuser, "practitioner")] == [None] * 6


def test_an_erasure_waits_for_the_indexer_and_not_the_other_way_round(
    service: Service, family: Family, superuser: Rows
) -> None:
    ask(service)
    sequenced(service, superuser)
    with service.parts.database.transaction() as session:
        lead(session)
        superuser.execute("set lock_timeout = '50ms'")
        with pytest.raises(errors.LockNotAvailable):
            superuser.execute("update log_subject set opening = null, salt = null")


def test_what_was_tampered_with_has_a_line_all_the_same(
    service: Service, family: Family, superuser: Rows
) -> None:
    ask(service)
    superuser.execute("alter table log_entry disable trigger append_only")
    superuser.execute("update log_entry set facts = '[7', leaf = 'x'")
    superuser.execute("update log_subject set opening = 'x'")

    assert indexed(service, superuser) == 1
    assert lines(superuser, "entry_kind", "client", "practitioner") == [("unreadable", "", None)]


def test_an_agency_sees_its_own_lines_and_nobody_changes_one(
    service: Service, family: Family, superuser: Rows, connected_as: ConnectedAs
) -> None:
    some_history(service, family)
    indexed(service, superuser)

    seen = {}
    for agency in (OAK, ELM, "nobody"):
        app = connected_as(APP)
        app.execute(INSIDE, [agency])
        ((seen[agency],),) = app.execute(OURS).fetchall()
        for statement in ("update log_line set outcome = 'x'", "delete from log_line"):
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(statement)
        ((others,),) = app.execute(
            "select count(*) from log_tally where recipient <> %s", [agency]
        ).fetchall()
        assert others == 0
    assert seen == {OAK: 3, ELM: 1, "nobody": 0}
    assert connected_as(IG_LEAD).execute(OURS).fetchall() == [(4,)]
    for role in (ERASER, SEQUENCER):
        with pytest.raises(errors.InsufficientPrivilege):
            connected_as(role).execute(OURS)
    for role in (APP, IG_LEAD, SEQUENCER):
        with pytest.raises(errors.InsufficientPrivilege):
            connected_as(role).execute("select log_lines_again()")


def test_the_indexer_goes_on_when_the_database_was_away(service: Service) -> None:
    gone = Database.connect("postgresql://nobody@127.0.0.1:1/none", None)
    stopping = _StopsAtTheFirstWait()

    Indexer(gone, gone).run(stopping)
    assert stopping.waits == 1
    gone.close()


class _StopsAtTheFirstWait(threading.Event):
    waits = 0

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002  (its signature)
        self.waits += 1
        self.set()
        return True


def test_the_command_makes_what_is_missing_or_everything_anew(
    service: Service, family: Family, superuser: Rows, tmp_path: Path
) -> None:
    keys = {"k1": base64.b64encode(RING.keys["k1"]).decode()}
    (tmp_path / "vault.json").write_text(json.dumps({"current": "k1", "keys": keys}))
    create_key(tmp_path / "receipt.pem")
    here = {
        "RIGHTSHARE_MODE": "demonstration",
        "RIGHTSHARE_HOME": str(tmp_path),
        "RIGHTSHARE_KEY_FILE": str(tmp_path / "vault.json"),
        "DATABASE_URL": service.admin_url,
    }
    some_history(service, family)
    sequenced(service, superuser)

    for arguments, made in (([], 4), ([], 0), (["--rebuild"], 4)):
        result = CliRunner().invoke(index, arguments, env=here, catch_exceptions=False)
        assert result.output == f"{made} lines made.\n"
    assert len(lines(superuser, "id")) == 4
