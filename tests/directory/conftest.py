from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.kernel.roles import APP, role_url
from app.kernel.vault import KeyRing
from app.migrations import run
from tests.postgres import Databases

FOUNDATION = "0001"


@pytest.fixture(scope="session")
def migrated(databases: Databases) -> str:
    """The address of a database that has gone up, down and up again."""
    ring = KeyRing("k1", {"k1": bytes(32)})

    def fill(url: str) -> None:
        run.upgrade(url, ring, FOUNDATION)
        run.downgrade(url, "base")
        run.upgrade(url, ring, FOUNDATION)

    return databases.url(databases.once("directory", fill))


@pytest.fixture
def session(migrated: str) -> Iterator[Session]:
    """A session of the web process's role; what it does is undone."""
    engine = create_engine(role_url(migrated, APP))
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
    engine.dispose()
