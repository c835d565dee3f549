"""A migrated database and an authorization server on it, connected as the web process is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack

import pytest
from sqlalchemy import NullPool, create_engine, text

from app.kernel.roles import APP
from app.migrations.run import upgrade
from tests.oauth.authority import MONDAY, RING, Another, Authority, Clock
from tests.oauth.machine import Machine, register
from tests.postgres import Databases

_AGENCIES = text(
    "insert into agency (code, name, kind, sensitive_service, recorded_at) values"
    " ('oak', 'Oak', 'school', false, '2026-01-01Z'), ('elm', 'Elm', 'hub', false, '2026-01-01Z')"
)


@pytest.fixture(scope="session")
def migrated(databases: Databases) -> str:
    """The name of a database at head, with two agencies."""
    return databases.once("oauth", _fill)


def _fill(address: str) -> None:
    upgrade(address, RING)
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(_AGENCIES)
    engine.dispose()


@pytest.fixture(scope="module")
def url(
    migrated: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[str]:
    """The address, for the web process's role, of a database for one file of tests."""
    with fresh_database(migrated) as name:
        yield postgres_url(name, APP)


@pytest.fixture(scope="module")
def made(url: str) -> Iterator[Authority]:
    """The authorization server of one file of tests."""
    found = Authority(url, Clock())
    yield found
    found.close()


@pytest.fixture
def authority(made: Authority) -> Authority:
    """An authorization server whose clock stands at Monday."""
    made.clock.at = MONDAY
    return made


@pytest.fixture
def another(authority: Authority) -> Iterator[Another]:
    """Starts another instance on the same database, by the same clock, with other settings."""
    with ExitStack() as stack:

        def start(**settings: object) -> Authority:
            started = authority.another(**settings)
            stack.callback(started.close)
            return started

        yield start


@pytest.fixture
def machine(authority: Authority) -> Machine:
    """A registered client."""
    return register(authority)
