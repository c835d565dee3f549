"""A family on file, and PostgreSQL as its several users see it."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, NullPool, create_engine
from structlog.testing import capture_logs
from structlog.typing import EventDict

from app.kernel.roles import role_url
from app.migrations.run import upgrade
from tests.make import Family, a_family
from tests.postgres import Databases, libpq
from tests.service import RING, Service
from tests.sharing.keeping import keep_a_log
from tests.sharing.seeing import Rows

ConnectedAs = Callable[[str], Rows]


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[EventDict]]:
    """The lines of this test's log; drawing a traceback on a terminal would take seconds."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture(scope="session")
def with_a_family(databases: Databases) -> str:
    """The name of a database with the family on file, put there once a run."""

    def fill(address: str) -> None:
        upgrade(address, RING)
        filling = Service(address)
        ids = json.dumps(asdict(a_family(filling)))
        filling.close()
        (databases.shared / "family.json").write_text(ids, encoding="ascii")

    return databases.once("family", fill)


@pytest.fixture
def service(
    request: pytest.FixtureRequest,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    """The whole application on a database of its own, with the family if the test names it."""
    filled = "with_a_family" if "family" in request.fixturenames else "template"
    with fresh_database(request.getfixturevalue(filled)) as name:
        made = Service(postgres_url(name))
        yield made
        made.close()


@pytest.fixture
def family(databases: Databases, with_a_family: str) -> Family:
    """A child with a mother and a plan; nobody has agreed to anything yet."""
    return Family(**json.loads((databases.shared / "family.json").read_text(encoding="ascii")))


@pytest.fixture
def superuser(service: Service) -> Iterator[Rows]:
    """A connection that no row-level security and no missing right can stop."""
    with psycopg.connect(libpq(service.admin_url), autocommit=True) as connection:
        yield connection


@pytest.fixture
def connected_as(service: Service) -> Iterator[ConnectedAs]:
    """`connected_as(role)`: a connection as one of the service's roles."""
    with ExitStack() as opened:

        def connect(role: str) -> Rows:
            address = libpq(role_url(service.admin_url, role))
            return opened.enter_context(psycopg.connect(address, autocommit=True))

        yield connect


@pytest.fixture(scope="session")
def kept(databases: Databases) -> Path:
    """What the auditor of the small log has kept; `database` names the log itself."""
    folder = databases.shared / "kept"
    folder.mkdir(exist_ok=True)

    def fill(address: str) -> None:
        upgrade(address, RING)
        keep_a_log(address, folder)

    (folder / "database").write_text(databases.once("kept-log", fill))
    return folder


@pytest.fixture
def log(kept: Path, postgres_url: Callable[..., str]) -> Iterator[Connection]:
    """The database as its superuser sees it; what is done to it here is undone in the end."""
    engine = create_engine(postgres_url((kept / "database").read_text()), poolclass=NullPool)
    with engine.connect() as connection:
        connection.begin()  # else the first session on it would commit it for all
        yield connection
        connection.rollback()
    engine.dispose()
