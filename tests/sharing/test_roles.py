"""What PostgreSQL itself refuses: to the web process, to IG leads, and even to a superuser."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from app.kernel.roles import APP, ERASER, IG_LEAD, OWNER, SEQUENCER
from tests.make import ELM, HUB, OAK, Family, a_record, ask, overriding, said, withheld
from tests.service import Service
from tests.sharing.seeing import Rows

ConnectedAs = Callable[[str], Rows]
LOG = ("log_entry", "log_subject", "log_pending", "log_leaf", "log_tile", "log_checkpoint")
ALL_OF_THE_LOG = (*LOG, "log_state", "obligation")
PARTITIONED = ("log_subject", "log_leaf")
SPEAK = "select set_config('rightshare.agency', %s, false)"
OUTSIDE = [
    "copy log_entry to program 'cat > /tmp/taken'",
    "copy log_entry from program 'cat /tmp/forged'",
    "copy log_entry to '/tmp/taken'",
    "copy log_entry from '/tmp/forged'",
    "select pg_read_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",
    "alter system set fsync = off",
    "set session_replication_role = replica",
    "create table mine (n int)",
    "create schema mine",
    "create function mine() returns int language sql as 'select 1'",
    "create extension dblink",
    "create role mine",
    "create database mine",
    "alter table log_entry add column mine int",
    "alter table log_entry disable trigger all",
    "alter table log_entry disable row level security",
    "drop table log_entry cascade",
    "drop policy read_own_agency on log_entry",
    "drop trigger append_only on log_entry",
    "create policy mine on log_entry using (true)",
    "create index mine on log_entry (at)",
    "create trigger mine before insert on log_entry execute function log_is_append_only()",
    "alter function log_is_append_only() owner to current_user",
    "drop function log_is_append_only() cascade",
    "reassign owned by rightshare_owner to current_user",
    "do $$ begin lock table log_entry in access exclusive mode; end $$",
]
REWRITING = [
    "update log_entry set outcome = 'permit'",
    "delete from log_entry",
    "truncate log_entry",
    "truncate log_entry cascade",
    "update log_leaf set leaf_index = leaf_index + 1",
    "delete from log_leaf",
    "truncate log_leaf",
    "truncate log_leaf_0",
    "truncate log_leaf_other",
    "update log_leaf_0 set entry_id = entry_id",
    "delete from log_leaf_0",
    "update log_checkpoint set size = size + 1",
    "delete from log_checkpoint",
    "truncate log_checkpoint",
    "truncate log_tile",
    "truncate log_subject",
    "truncate log_subject_other",
]
INSERT = """
insert into log_entry (id, at, recipient, source, outcome, leaf, leaf_hash, facts, facts_salt)
values (gen_random_uuid(), now(), %s, null, 'deny', '', '', '', '')
"""


def run(connection: Rows, statement: str, *names: str, values: tuple[object, ...] = ()) -> Any:
    """Run a statement on the tables and columns named."""
    return connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)), values)


def refused(connection: Rows, statement: str, *names: str, values: tuple[object, ...] = ()) -> None:
    """Hold that the database refuses a statement for want of the right to it."""
    with pytest.raises(errors.InsufficientPrivilege):  # noqa: PT012  (says which one was let through)
        run(connection, statement, *names, values=values)
        pytest.fail(f"let through: {statement} {names}")


def counted(connection: Rows, table: str) -> int:
    ((found,),) = run(connection, "select count(*) from {}", table).fetchall()
    return int(found)


def partitions(connection: Rows, table: str) -> list[str]:
    found = connection.execute(
        "select inhrelid::regclass::text from pg_inherits where inhparent = %s::regclass"
        " order by 1",
        [table],
    )
    return [name for (name,) in found]


@pytest.fixture
def app(connected_as: ConnectedAs) -> Rows:
    """A connection as the web process has it, speaking for Oak School."""
    connection = connected_as(APP)
    connection.execute(SPEAK, [OAK])
    return connection


@pytest.fixture
def ig_lead(connected_as: ConnectedAs) -> Rows:
    return connected_as(IG_LEAD)


@pytest.fixture
def history(service: Service, family: Family, superuser: Rows) -> None:
    """Something in each table of the log: an override by Oak, a refusal of Elm, a leaf, a head."""
    said(service, family)
    ask(service, overriding())
    ask(service, agency=ELM)
    (first, _) = superuser.execute("select id from log_entry order by id").fetchall()
    superuser.execute("insert into log_leaf values (0, %s)", first)
    superuser.execute("insert into log_tile values (0, 0, '')")
    superuser.execute("insert into log_checkpoint values (1, '', '', now())")


def columns(connection: Rows, table: str) -> Iterator[str]:
    found = connection.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and attidentity = '' order by attnum",
        [table],
    )
    for (name,) in found.fetchall():
        yield name


@pytest.mark.usefixtures("history")
def test_rule_39_the_web_process_changes_deletes_and_empties_nothing_of_the_log(
    app: Rows, superuser: Rows
) -> None:
    parts = [one for parent in PARTITIONED for one in partitions(superuser, parent)]
    assert len(parts) >= 3
    for one in (*ALL_OF_THE_LOG, *parts):
        refused(app, "delete from {}", one)
        refused(app, "truncate {}", one)
        refused(app, "truncate {} cascade", one)
        for column in columns(superuser, one):
            if one == "obligation" and column in {"closed_at", "closed_by", "outcome", "note"}:
                continue
            refused(app, "update {} set {} = {}", one, column, column)


@pytest.mark.usefixtures("history")
def test_the_ig_lead_reads_everything_of_the_log(ig_lead: Rows, superuser: Rows) -> None:
    seen, there = (
        [counted(one, table) for table in ALL_OF_THE_LOG] for one in (ig_lead, superuser)
    )

    assert seen == there
    assert 0 not in there


@pytest.mark.parametrize("table", ALL_OF_THE_LOG)
def test_the_ig_lead_writes_nothing(ig_lead: Rows, superuser: Rows, table: str) -> None:
    refused(ig_lead, "insert into {} default values", table)
    refused(ig_lead, "delete from {}", table)
    refused(ig_lead, "truncate {}", table)
    for column in columns(superuser, table):
        refused(ig_lead, "update {} set {} = {}", table, column, column)


@pytest.mark.parametrize("role", [APP, IG_LEAD, SEQUENCER, ERASER])
def test_no_role_steps_outside_its_tables(connected_as: ConnectedAs, role: str) -> None:
    connection = connected_as(role)

    for statement in OUTSIDE:
        refused(connection, statement)


@pytest.mark.parametrize("role", [APP, IG_LEAD, SEQUENCER])
def test_no_role_hands_on_what_it_was_given(connected_as: ConnectedAs, role: str) -> None:
    # PostgreSQL warns that no right was granted, and is content.
    connected_as(role).execute(f"grant select on log_entry to {ERASER}")

    refused(connected_as(ERASER), "select * from log_entry")


@pytest.mark.parametrize("role", [APP, IG_LEAD, SEQUENCER, ERASER])
def test_no_role_becomes_another(connected_as: ConnectedAs, superuser: Rows, role: str) -> None:
    connection = connected_as(role)
    ((us,),) = superuser.execute("select current_user").fetchall()

    for other in {OWNER, APP, IG_LEAD, SEQUENCER, ERASER, us} - {role}:
        refused(connection, "set role {}", other)
        refused(connection, "set session authorization {}", other)
        refused(connection, "grant {} to {}", other, role)


@pytest.mark.usefixtures("history")
def test_an_agency_sees_entries_that_concern_it_and_no_others(app: Rows) -> None:
    seen = {}
    for agency in (OAK, ELM, HUB, "nobody", ""):
        app.execute(SPEAK, [agency])
        seen[agency] = [counted(app, table) for table in ("log_entry", "log_subject", "obligation")]

    assert seen == {
        OAK: [1, 1, 3],
        ELM: [1, 1, 0],
        HUB: [2, 2, 0],  # both asked it
        "nobody": [0, 0, 0],
        "": [0, 0, 0],
    }


@pytest.mark.usefixtures("history")
def test_who_speaks_for_nobody_sees_nothing(connected_as: ConnectedAs) -> None:
    connection = connected_as(APP)

    for table in ("log_entry", "log_subject", "obligation"):
        assert counted(connection, table) == 0
    refused(connection, INSERT, values=(OAK,))


def test_an_entry_is_written_for_the_agency_spoken_for_alone(app: Rows) -> None:
    app.execute(INSERT, [OAK])
    for other in (HUB, ELM, "", "nobody"):
        refused(app, INSERT, values=(other,))
    refused(
        app,
        "insert into obligation (entry_id, code, agency) values (gen_random_uuid(), 'x', %s)",
        values=(HUB,),
    )


def test_a_source_writes_its_own_records_and_withholds_alone(
    service: Service, family: Family, app: Rows
) -> None:
    withheld(service, "plan")
    a_record(service, "contact", {"phone": "1"})

    for table in ("record", "withhold"):
        assert counted(app, table) > 0
        assert run(app, "update {} set ends = now()", table).rowcount == 0
        refused(app, "update {} set source = source", table)
        refused(app, "delete from {}", table)
    assert app.execute("update record set content = null").rowcount == 0
    refused(
        app,
        "insert into record (id, subject_id, source, category, starts, recorded_by, recorded_at)"
        " values (gen_random_uuid(), %s, %s, 'plan', now(), 'x', now())",
        values=(family.child, HUB),
    )
    refused(
        app,
        "insert into withhold (id, source, categories, starts, recorded_by, recorded_at)"
        " values (gen_random_uuid(), %s, array['plan'], now(), 'x', now())",
        values=(HUB,),
    )


def test_nobody_widens_what_another_source_holds_back(
    service: Service, family: Family, app: Rows
) -> None:
    withheld(service, "plan")

    refused(
        app,
        "insert into withhold_subject (withhold_id, subject_id) select id, %s from withhold",
        values=(family.mother,),
    )


@pytest.mark.parametrize("role", [IG_LEAD, SEQUENCER, ERASER])
def test_other_roles_reach_nothing_they_have_no_business_with(
    connected_as: ConnectedAs, role: str
) -> None:
    connection = connected_as(role)
    closed = [
        *("oauth_client", "oauth_key", "oauth_used", "oauth_revoked", "oauth_agency_key"),
        *("subject", "subject_identifier", "record", "consent", "idempotency", "shield"),
        *("notice", "decision_not_to_share", "escalation_subject", "school_holiday"),
    ]
    if role != IG_LEAD:
        closed += ["vault_key", "log_subject", "obligation", "agency"]

    for table in closed:
        refused(connection, "select * from {}", table)


@pytest.mark.usefixtures("history")
def test_the_eraser_reads_nothing_and_writes_only_that_it_erased(
    connected_as: ConnectedAs, superuser: Rows
) -> None:
    eraser = connected_as(ERASER)
    eraser.execute(SPEAK, [OAK])

    refused(eraser, INSERT, values=(OAK,))  # an outcome that is no erasure
    refused(eraser, INSERT.replace("'deny'", "'erased'"), values=(HUB,))
    eraser.execute(INSERT.replace("'deny'", "'erased'"), [OAK])
    refused(
        eraser,
        "insert into log_subject (id, subject) values (gen_random_uuid(), gen_random_uuid())",
    )
    found = superuser.execute(
        "select table_name::text from information_schema.tables where table_schema = 'public'"
        " and table_type = 'BASE TABLE' and table_name <> 'alembic_version' order by 1"
    )
    refused(eraser, "select * from kept_item")
    for (table,) in found.fetchall():
        refused(eraser, "select * from {}", table)
        refused(eraser, "delete from {}", table)
        refused(eraser, "truncate {}", table)
        refused(eraser, "update {} set {} = null", table, next(columns(superuser, table)))


@pytest.mark.parametrize("role", [APP, IG_LEAD, SEQUENCER])
def test_nobody_but_the_eraser_erases(connected_as: ConnectedAs, role: str) -> None:
    connection = connected_as(role)

    for call in (
        "erasure_begin(null)",
        "erasure_hindrances(null, now())",
        "erasure_entries(null)",
        "erasure_told(null, '{}')",
        "erase_person(null, '{}', null, now())",
        "erase_all_of(null, '{}', null, now())",
        "erasure_would(null, '{}', null, now())",
        "erase_openings('{}', null, 'erasure', now())",
        "erase_consents('{}')",
        "retention_due('record', now(), null, 1)",
        "retention_erase('record', '{}', null, now())",
    ):
        refused(connection, f"select {call}".replace("{}", "{{}}"))


def test_the_web_process_reads_only_what_it_serves(app: Rows) -> None:
    refused(app, "select * from log_pending")
    refused(app, "update vault_key set wrapped = ''")
    refused(app, "delete from vault_key")
    refused(app, "update subject set wrapped_key = null")
    refused(app, "delete from subject_identifier")
    refused(app, "select * from pg_authid")
    for table in ("consent", "consent_event", "no_say", "competence_assessment", "flow"):
        refused(app, "delete from {}", table)
        refused(app, "truncate {} cascade", table)
    for table in ("consent", "consent_event", "flow", "no_say"):
        refused(app, "update {} set {} = null", table, next(columns(app, table)))


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("acting_as", ["origin", "replica"])
def test_rule_39_even_a_superuser_does_not_rewrite_the_log_in_passing(
    superuser: Rows, acting_as: str
) -> None:
    superuser.execute(f"set session_replication_role = {acting_as}")

    for statement in REWRITING:
        with pytest.raises(psycopg.Error, match="append-only"):
            superuser.execute(statement)


@pytest.mark.usefixtures("history")
def test_rule_39_the_owner_of_the_tables_does_not_rewrite_the_log_either(superuser: Rows) -> None:
    superuser.execute(f"set role {OWNER}")

    # Under forced row-level security the owner's own update touches no row, and says nothing.
    assert superuser.execute("update log_entry set outcome = 'permit'").rowcount == 0
    assert superuser.execute("delete from log_entry").rowcount == 0
    with pytest.raises(psycopg.Error, match="append-only"):
        superuser.execute("truncate log_entry")
    with pytest.raises(psycopg.Error, match="append-only"):
        superuser.execute("delete from log_leaf")
