from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from tests.directory.managing import world
from tests.people.making import Someone
from tests.service import Service


@dataclass
class Office:
    """A service with records to look after, and who does."""

    service: Service
    ada: Someone
    ben: Someone
    sam: Someone


@pytest.fixture(scope="module")
def office(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Office]:
    """One for all tests of a file, each of which changes something of its own."""
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        world.fill(made)
        yield Office(made, *world.people(made))
        made.close()
