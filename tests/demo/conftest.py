from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, create_engine

from app.demo.seed import seed
from app.demo.world.plan import plan
from app.demo.world.terms import World
from app.factory import Partnership
from app.kernel.db import Database
from app.kernel.roles import APP, role_url
from app.migrations import run
from app.parts import load_vault
from tests.postgres import Databases
from tests.service import RING

AT = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def world() -> World:
    return plan(AT)


@pytest.fixture(scope="session")
def seeded_url(databases: Databases, world: World) -> str:
    """The address of a database with the whole demonstration in it, made once and only read."""

    def fill(url: str) -> None:
        run.upgrade(url, RING)
        database = _opened(url)
        seed(database, world, Partnership())
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
    return Database.connect(app_url, load_vault(app_url, RING))
