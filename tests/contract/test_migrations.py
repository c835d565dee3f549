"""Migrations: one line of them, both ways, to exactly the tables that the models describe."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

import app.kernel.idempotency
import app.kernel.queue
import app.oauth.models
import app.people.models
import consent.models.consents
import consent.models.evidence
import consent.models.notices
import consent.models.protection
import consent.models.subjects
import consent.models.vocabulary
import directory.models.agencies
import directory.models.contacts
import directory.models.coverage
import directory.models.editing
import directory.models.exchange
import directory.models.keeping
import directory.models.offers
import directory.models.places
import directory.models.records
import directory.models.search
import sharing.models.agreements
import sharing.models.events
import sharing.models.exporting
import sharing.models.lines
import sharing.models.log
import sharing.models.notices
import sharing.models.records
import sharing.models.replaying
import sharing.models.reviewing
import sharing.models.rights
import sharing.models.scoring
import sharing.models.webhooks
from app.kernel.db import Base
from app.kernel.roles import OWNER
from app.migrations import run
from tests.service import RING

Fresh = Callable[..., AbstractContextManager[str]]
MODELS = (
    app.kernel.idempotency,
    app.kernel.queue,
    app.oauth.models,
    app.people.models,
    consent.models.consents,
    consent.models.evidence,
    consent.models.notices,
    consent.models.protection,
    consent.models.subjects,
    consent.models.vocabulary,
    directory.models.agencies,
    directory.models.contacts,
    directory.models.coverage,
    directory.models.editing,
    directory.models.exchange,
    directory.models.keeping,
    directory.models.offers,
    directory.models.places,
    directory.models.records,
    directory.models.search,
    sharing.models.agreements,
    sharing.models.events,
    sharing.models.exporting,
    sharing.models.lines,
    sharing.models.log,
    sharing.models.notices,
    sharing.models.records,
    sharing.models.replaying,
    sharing.models.reviewing,
    sharing.models.rights,
    sharing.models.scoring,
    sharing.models.webhooks,
)
# Read before there is an application, by `load_vault`, or by functions of the database alone.
WITHOUT_MODEL = {"vault_key", "alembic_version", "log_partitioned"}
PARTITIONS = {
    *("log_subject_past", "log_subject_other", "log_leaf_0", "log_leaf_other"),
    *("log_line_past", "log_line_other"),
}
_OWNERS = text("""
select relname, pg_get_userbyid(relowner) from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S', 'v', 'm')
order by relname
""")
_LEFT = text("""
select relname from pg_class where relnamespace = 'public'::regnamespace
union all select proname from pg_proc where pronamespace = 'public'::regnamespace
union all select typname from pg_type where typnamespace = 'public'::regnamespace
  and typtype in ('e', 'd')
order by 1
""")
_COLUMNS = text("""
select table_name, column_name, data_type, is_nullable, column_default, identity_generation
from information_schema.columns where table_schema = 'public' order by 1, 2
""")
_CONSTRAINTS = text("""
select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2
""")
_INDEXES = text("select indexdef from pg_indexes where schemaname = 'public' order by 1")
_GRANTS = text("""
select relname, relacl::text, relrowsecurity, relforcerowsecurity from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S') order by relname
""")
_TRIGGERS = text("""
select pg_get_triggerdef(oid), tgenabled::text from pg_trigger where not tgisinternal order by 1
""")
_FUNCTIONS = text("""
select pg_get_functiondef(oid), proacl::text from pg_proc
where pronamespace = 'public'::regnamespace
  and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
order by 1
""")
_VIEWS = text("select viewname, definition from pg_views where schemaname = 'public' order by 1")
_POLICIES = text("select * from pg_policies where schemaname = 'public' order by 2, 3")


@contextmanager
def connected(address: str) -> Iterator[Connection]:
    engine = create_engine(address, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def empty(fresh_database: Fresh, postgres_url: Callable[..., str]) -> Iterator[str]:
    """The address of a database with nothing in it."""
    with fresh_database() as name:
        yield postgres_url(name)


def revisions() -> list[str]:
    """Return all revisions, oldest first."""
    found = ScriptDirectory.from_config(run.config()).walk_revisions()
    return [one.revision for one in found][::-1]


def schema(address: str) -> list[list[Any]]:
    with connected(address) as connection:
        looked_at = (_COLUMNS, _CONSTRAINTS, _INDEXES, _GRANTS, _POLICIES, _TRIGGERS, _FUNCTIONS)
        return [[tuple(row) for row in connection.execute(one)] for one in (*looked_at, _VIEWS)]


def is_described(_: Any, name: str | None, kind: str, *__: object) -> bool:
    """Leave out what no model describes: partitions, and tables that are read without one."""
    return kind != "table" or name not in WITHOUT_MODEL | PARTITIONS


def test_there_is_one_head_and_one_line_of_migrations() -> None:
    script = ScriptDirectory.from_config(run.config())

    assert script.get_heads() == [run.head()]
    assert len(script.get_bases()) == 1
    assert revisions() == sorted(revisions())


@pytest.mark.long
def test_every_step_goes_down_and_comes_up_again_to_the_same(empty: str) -> None:
    run.upgrade(empty, RING)
    at_first = schema(empty)

    for revision in [*revisions()[:-1][::-1], "base"]:
        run.downgrade(empty, revision)
        with connected(empty) as connection:
            assert run.current(connection) == (None if revision == "base" else revision)
    with connected(empty) as connection:
        left = [name for (name,) in connection.execute(_LEFT)]
    assert set(left) <= {"alembic_version", "alembic_version_pkc"}
    for revision in revisions():
        run.upgrade(empty, RING, revision)

    assert schema(empty) == at_first


@pytest.mark.long
def test_each_step_can_be_taken_back_by_itself(empty: str) -> None:
    before = None
    for revision in revisions():
        run.upgrade(empty, RING, revision)
        if before is not None:
            made = schema(empty)
            run.downgrade(empty, before)
            run.upgrade(empty, RING, revision)
            assert schema(empty) == made
        before = revision


def test_upgrading_what_is_at_head_changes_nothing(empty: str) -> None:
    run.upgrade(empty, RING)
    before = schema(empty)
    with connected(empty) as connection:
        keys = connection.execute(text("select * from vault_key order by name")).all()

    run.upgrade(empty, RING)

    assert schema(empty) == before
    with connected(empty) as connection:
        assert connection.execute(text("select * from vault_key order by name")).all() == keys


def test_models_and_schema_do_not_differ(shared: str, postgres_url: Callable[..., str]) -> None:
    assert all(module.__doc__ for module in MODELS)
    options = {
        "compare_type": True,
        "compare_server_default": False,
        "include_object": is_described,
    }
    with connected(postgres_url(shared)) as connection:
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, Base.metadata) == []


def test_every_table_belongs_to_a_role_that_cannot_log_in(
    shared: str, postgres_url: Callable[..., str]
) -> None:
    with connected(postgres_url(shared)) as connection:
        owners = dict(connection.execute(_OWNERS).all())
        may = connection.scalar(
            text("select rolcanlogin or rolsuper from pg_roles where rolname = :owner"),
            {"owner": OWNER},
        )

    assert set(owners.values()) == {OWNER}
    assert len(owners) > 40
    assert may is False


def test_partitions_are_those_that_the_comparison_leaves_out(
    shared: str, postgres_url: Callable[..., str]
) -> None:
    partitions = text(
        "select relname from pg_class where relispartition and relkind = 'r' order by 1"
    )
    with connected(postgres_url(shared)) as connection:
        assert set(connection.scalars(partitions)) == PARTITIONS
