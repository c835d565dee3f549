"""A database that knows the three cities: postcodes, contact points, and who answers for what."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from app.demo.contacts import published
from app.demo.coverage import seed_coverage
from app.kernel.db import Database
from app.kernel.roles import APP, role_url
from app.migrations.run import upgrade
from directory.actions.agencies import register_agency
from directory.actions.contacts import publish_contact_point
from directory.actions.places import load_places
from directory.terms.agencies import Agency
from tests.postgres import Databases
from tests.service import MONDAY, RING, Service

SOME = ("LS81", "LS85", "LS101", "LE11", "YO17")
AGENCIES = ("eh-hub", "elm-school", "oak-school")


@pytest.fixture(scope="session")
def three_cities(databases: Databases) -> str:
    """The name of a database with the three cities, that others are copied from."""

    def fill(address: str) -> None:
        upgrade(address, RING)
        database = Database.connect(role_url(address, APP), None)
        with database.transaction() as session:
            for code in AGENCIES:
                register_agency(session, Agency(code, code, "school", MONDAY))
            load_places(session, MONDAY, lambda one: one.postcode.startswith(SOME))
            contacts = {
                one.code: publish_contact_point(session, one, MONDAY) for one in published()
            }
            seed_coverage(session, contacts, MONDAY, MONDAY)
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
