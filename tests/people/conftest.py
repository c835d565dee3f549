from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import psycopg
import pytest

from tests.people.making import Someone, an_agency, someone
from tests.postgres import libpq
from tests.service import MONDAY, Service


@pytest.fixture(scope="module")
def one_service(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    """An application for all tests of a file: to make one takes longer than most of them."""
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        yield made
        made.close()


@pytest.fixture
def hart(one_service: Service) -> Iterator[Someone]:
    """Somebody with an account, as if nobody had been here before."""
    one_service.clock.at = MONDAY
    an_agency(one_service, "hub")
    yield someone(one_service)
    with psycopg.connect(libpq(one_service.admin_url), autocommit=True) as connection:
        for table in ("wrong_sign_in", "person_session", "person", "agency_period", "agency"):
            connection.execute(f"delete from {table}")  # noqa: S608  (constants)
