"""A database that knows the three cities: postcodes, contact points, and who answers for what."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from app.kernel.db import Database
from app.kernel.roles import APP, role_url
from app.migrations.run import upgrade
from tests.directory.calling import seeding
from tests.postgres import Databases
from tests.service import MONDAY, RING, Service


@pytest.fixture(scope="session")
def three_cities(databases: Databases) -> str:
    """The name of a database with the three cities, that others are copied from."""

    def fill(address: str) -> None:
        upgrade(address, RING)
        database = Database.connect(role_url(address, APP), None)
        seeding.fill(database)
        database.close()

    return databases.once("three_cities", fill)


@pytest.fixture(scope="session")
def shared_cities(
    three_cities: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    """The application on the three cities as they were entered: for whoever changes nothing."""
    with fresh_database(three_cities) as name:
        made = Service(postgres_url(name))
        yield made
        made.close()


@pytest.fixture
def cities(shared_cities: Service) -> Service:
    """The application on the three cities, asked by a school; what is asked changes nothing."""
    shared_cities.clock.at = MONDAY
    return shared_cities.as_client("elm-school")


@pytest.fixture
def own_cities(
    three_cities: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    """The application on a database of its own with the three cities, to be changed."""
    with fresh_database(three_cities) as name:
        made = Service(postgres_url(name))
        yield made.as_client("elm-school")
        made.close()
