"""The log's partitions come months ahead and go when nobody is left in them, both said in it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine

from app.cli.doctor import about_partitions
from app.kernel.ids import first_id
from app.kernel.roles import APP, ERASER, IG_LEAD, SEQUENCER
from sharing.queries.erasing import unexplained
from tests.app.postgres.holders import until
from tests.make import HUB, Family, ask
from tests.service import Service
from tests.sharing.conftest import ConnectedAs
from tests.sharing.seeing import Rows
from tests.sharing.test_holds import RELEASE, held
from tests.sharing.test_retention import a_day_passes, signed
from tests.sharing.test_verifying_erasures import audited

BY_MONTH = ("log_line", "log_subject")
BOUNDS = """
select c.relname, pg_get_expr(c.relpartbound, c.oid) from pg_inherits
join pg_class c on c.oid = inhrelid where inhparent = %s::regclass
"""
ENTRIES = """
select convert_from(facts, 'UTF8')::jsonb from log_entry
where convert_from(facts, 'UTF8')::jsonb ->> 'act' like 'partition_%' order by id
"""
WAITING = """
select exists (select from pg_locks join pg_database d on d.oid = database
  where not granted and datname = current_database())
"""


def months(superuser: Rows, table: str) -> list[str]:
    """The names of a table's monthly partitions, in order."""
    found = superuser.execute(BOUNDS, [table]).fetchall()
    return sorted(name for name, _ in found if name.removeprefix(table)[1:5].isdigit())


def said(superuser: Rows) -> list[dict[str, Any]]:
    return [facts for (facts,) in superuser.execute(ENTRIES).fetchall()]


def counted(superuser: Rows, table: str) -> int:
    ((found,),) = superuser.execute(f"select count(*) from {table}").fetchall()  # noqa: S608
    return int(found)


def begins(year: int, month: int) -> str:
    return str(first_id(datetime(year, month, 1, tzinfo=UTC)))


def in_a_year(service: Service, superuser: Rows) -> None:
    """Let the clock stand well past what the migration made, whenever that ran."""
    ((today,),) = superuser.execute("select now()").fetchall()
    service.clock.at = today.astimezone(UTC).replace(day=1) + timedelta(days=400)


def test_what_the_next_months_want_is_there_ahead_of_time_and_logged(
    service: Service, family: Family, superuser: Rows
) -> None:
    in_a_year(service, superuser)
    a_day_passes(service)

    at = service.clock.at
    for table in BY_MONTH:
        made = months(superuser, table)
        assert made[-1] == f"{table}_{(at + timedelta(days=92)):%Y_%m}"
        assert len(made) >= 12
    facts = said(superuser)
    assert {one["partition"] for one in facts} == {
        *months(superuser, "log_subject"),
        *months(superuser, "log_line"),
    }
    ends = {one["starts"]: one["ends"] for one in facts if one["table"] == "log_subject"}
    assert set(ends) - set(ends.values()) == {min(ends)}  # one after the other, without a gap
    ask(service)
    assert counted(superuser, "log_subject_other") == 0

    a_day_passes(service)
    assert len(said(superuser)) == len(facts)  # what is there is not made again


@pytest.mark.usefixtures("family")
@pytest.mark.parametrize("order", list(permutations(("log_line", "log_subject"))))
def test_whoever_reads_two_tables_and_who_makes_their_partitions_do_not_wait_in_a_circle(
    service: Service, superuser: Rows, connected_as: ConnectedAs, order: tuple[str, str]
) -> None:
    in_a_year(service, superuser)
    reader = connected_as(IG_LEAD)
    with ThreadPoolExecutor(1) as beside:
        with reader.transaction():
            reader.execute("set local lock_timeout = '1s'")
            reader.execute(f"select id from {order[0]} limit 0")  # noqa: S608  (a name of ours)
            making = beside.submit(a_day_passes, service)
            until(lambda: superuser.execute(WAITING).fetchone() == (True,))
            reader.execute(f"select id from {order[1]} limit 0")  # noqa: S608  (a name of ours)
        making.result(timeout=30)
    for table in BY_MONTH:
        assert len(months(superuser, table)) >= 12


@pytest.mark.usefixtures("family")
def test_each_new_partition_is_guarded_like_the_first(
    service: Service, superuser: Rows, connected_as: ConnectedAs
) -> None:
    superuser.execute("update log_state set size = 10000000")
    in_a_year(service, superuser)
    a_day_passes(service)

    for table in ("log_leaf_16777216", months(superuser, "log_subject")[-1]):
        with pytest.raises(psycopg.Error, match="append-only"):
            superuser.execute(f"truncate {table}")
        superuser.execute("set session_replication_role = replica")
        with pytest.raises(psycopg.Error, match="append-only"):
            superuser.execute(f"truncate {table}")
        superuser.execute("reset session_replication_role")
        for role in (APP, IG_LEAD, SEQUENCER, ERASER):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connected_as(role).execute(f"select * from {table}")  # noqa: S608
    superuser.execute("insert into log_leaf values (16777217, gen_random_uuid())")
    superuser.execute("set session_replication_role = replica")
    for statement in ("update log_leaf set leaf_index = leaf_index", "delete from log_leaf"):
        with pytest.raises(psycopg.Error, match="append-only"):
            superuser.execute(statement)


@pytest.mark.usefixtures("family")
def test_a_default_partition_that_was_filled_is_told_of_and_put_right(
    service: Service, superuser: Rows
) -> None:
    def doctor() -> tuple[str, str]:
        engine = create_engine(service.admin_url, poolclass=NullPool)
        with engine.connect() as connection:
            found = about_partitions(connection, service.clock.at)
        engine.dispose()
        return found.mark, found.said

    in_time = doctor()
    superuser.execute("update log_state set size = 20000000")
    superuser.execute("insert into log_leaf values (40000000, gen_random_uuid())")
    in_a_year(service, superuser)
    ask(service)
    late = doctor()
    assert counted(superuser, "log_subject_other") == 1
    a_day_passes(service)

    assert in_time[0] == "ok"
    assert late[0] == "missing"
    for lacking in ("log_leaf: not in time", "log_line: no next one", "log_subject: not in time"):
        assert lacking in late[1]
    assert doctor()[0] == "ok"
    assert (counted(superuser, "log_subject_other"), counted(superuser, "log_leaf_other")) == (0, 0)
    assert counted(superuser, "log_leaf_16777216") == 1
    with pytest.raises(psycopg.Error, match="append-only"):
        superuser.execute("truncate log_subject_other")


def test_a_month_in_which_everything_is_erased_goes_with_an_entry_and_a_hold_keeps_it(
    service: Service, family: Family, superuser: Rows, tmp_path: Path
) -> None:
    in_a_year(service, superuser)
    a_day_passes(service)
    ask(service)
    month = f"log_subject_{service.clock.at:%Y_%m}"
    asked = service.clock.at
    signed(service, "disclosure_opening", 1)
    hold = held(service, subject=family.child)
    a_day_passes(service, 70)
    a_day_passes(service)
    kept = months(superuser, "log_subject")
    service.as_client(HUB).post(f"/v1/legal-holds/{hold}/release", RELEASE, 200)
    a_day_passes(service)
    a_day_passes(service)

    assert month in kept
    assert month not in months(superuser, "log_subject")
    retired = [one for one in said(superuser) if one["act"] == "partition_retired"]
    assert retired[-1]["partition"] == month
    assert retired[-1]["from"] == begins(asked.year, asked.month)
    assert (retired[-1]["months"], retired[-1]["erased"]) == (1, [])
    with service.parts.ig_database.reading() as session:
        assert unexplained(session) == []
    found = audited(service, tmp_path)
    assert found.code == 0, found.lines


@pytest.mark.usefixtures("family")
def test_nobody_but_the_keeper_makes_or_drops_partitions_and_it_nothing_that_is_left(
    service: Service, superuser: Rows, connected_as: ConnectedAs
) -> None:
    ask(service)
    calls = (
        "log_partitions_add(now(), 3)",
        "log_partitions_past(now())",
        "log_partition_retire('log_subject_past', null, now())",
    )
    for role in (APP, IG_LEAD, SEQUENCER):
        for call in calls:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connected_as(role).execute(f"select {call}")
    eraser = connected_as(ERASER)
    with pytest.raises(psycopg.Error, match="no entry says"):
        eraser.execute("select log_partition_retire('log_subject_past', null, now())")
    with pytest.raises(psycopg.Error, match="between 1 and 12"):
        eraser.execute("select log_partitions_add(now(), 600)")
    assert counted(superuser, "log_subject_past") > 0
