"""A migrated database with two agencies and a vocabulary, used as the web process uses it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.orm import Session

from app.kernel.db import Database
from app.kernel.roles import APP, role_url
from app.kernel.vault import Vault, new_wrapped_key
from app.migrations import run
from directory.models.agencies import AgencyRow
from tests.consent.builders import RING
from tests.postgres import Databases

UNDER_TEST = "head"
_AGENCIES = text(
    "insert into agency (code, name, kind, sensitive_service, recorded_at)"
    " select code, code, 'school', false, '2025-01-01Z'"
    " from unnest(array['eh-hub', 'oak-school', 'elm-school', 'csc']) as code"
)
assert AgencyRow.__tablename__ == "agency"  # codes of agencies refer to it by name
_PURPOSES = text(
    "insert into purpose values ('early_help_support', 't', '2025-01-01Z', 'c', 'eh-hub'),"
    " ('programme_evaluation', 't', '2025-01-01Z', 'c', 'eh-hub')"
)
_CATEGORIES = text(
    "insert into category values ('plan', 't', false, '2025-01-01Z', 'c', 'eh-hub'),"
    " ('contact', 't', false, '2025-01-01Z', 'c', 'eh-hub')"
)


_NOTICES = text(
    "insert into privacy_notice select 'privacy', '2026-1', language, 't', 't', repeat('0', 64),"
    " '2025-01-01Z', 'board', '2025-01-01Z', 'c', 'eh-hub' from unnest(array['en', 'pl']) language"
)


@pytest.fixture(scope="session")
def vault() -> Vault:
    """A vault of its own; nothing sealed outlives the run."""
    return Vault(RING, {name: new_wrapped_key(RING) for name in run.NAMED_KEYS})


@pytest.fixture(scope="session")
def migrated(databases: Databases) -> str:
    """The name of a database that has gone up, down and up again, with agencies and words."""

    def fill(url: str) -> None:
        run.upgrade(url, RING, UNDER_TEST)
        run.downgrade(url, "0001")
        run.upgrade(url, RING, UNDER_TEST)
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            for statement in (_AGENCIES, _PURPOSES, _CATEGORIES, _NOTICES):
                connection.execute(statement)
        engine.dispose()

    return databases.once("consent", fill)


@pytest.fixture
def session(migrated: str, postgres_url: Callable[..., str], vault: Vault) -> Iterator[Session]:
    """A session of the web process's role; what it does is undone."""
    engine = create_engine(role_url(postgres_url(migrated), APP), poolclass=NullPool)
    with engine.connect() as connection, connection.begin() as transaction:
        with Database(connection, vault).transaction() as session:
            yield session
        transaction.rollback()
    engine.dispose()


@pytest.fixture
def committing(
    migrated: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
    vault: Vault,
) -> Iterator[Database]:
    """A database of one's own, for what must really commit."""
    with fresh_database(migrated) as name:
        database = Database.connect(role_url(postgres_url(name), APP), vault)
        yield database
        database.close()
