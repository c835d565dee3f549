from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from app.demo.seed import seed
from app.demo.world.plan import plan
from app.demo.world.terms import World
from app.kernel.db import Database
from app.kernel.roles import APP, role_url
from app.kernel.vault import KeyRing, Vault, WrappedKey
from app.migrations import run
from directory.queries import unknown_codes
from sharing.queries.agreements import members_at
from tests.postgres import Databases

AT = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
RING = KeyRing("k1", {"k1": bytes(32)})


class Partners:
    """What consent must know of agencies and agreements, as the factory answers it."""

    def members_of(self, session: Session, agreement: str, at: datetime) -> frozenset[str] | None:
        return members_at(session, agreement, at)

    def unknown(self, session: Session, codes: frozenset[str]) -> frozenset[str]:
        return unknown_codes(session, codes)


@pytest.fixture(scope="session")
def world() -> World:
    return plan(AT)


@pytest.fixture(scope="session")
def seeded_url(databases: Databases, world: World) -> str:
    """The address of a database with the whole demonstration in it, made once and only read."""

    def fill(url: str) -> None:
        run.upgrade(url, RING)
        database = _opened(url)
        seed(database, world, Partners())
        database.close()

    return databases.url(databases.once("demonstration", fill))


@pytest.fixture(scope="session")
def seeded(seeded_url: str) -> Iterator[Database]:
    """That database, as the web process opens it."""
    database = _opened(seeded_url)
    yield database
    database.close()


@pytest.fixture
def everything(seeded_url: str) -> Iterator[Connection]:
    """That database, past row-level security."""
    engine = create_engine(seeded_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _opened(url: str) -> Database:
    app_url = role_url(url, APP)
    engine = create_engine(app_url)
    with engine.connect() as connection:
        rows = connection.execute(text("select name, key_id, wrapped from vault_key")).all()
    engine.dispose()
    named = {row.name: WrappedKey(row.key_id, bytes(row.wrapped)) for row in rows}
    return Database.connect(app_url, Vault(RING, named))
