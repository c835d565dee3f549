"""The feed of an application with invented services on file."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from directory.actions.records import put_records, put_service
from directory.terms.records import Authorship, Origin, RecordKind
from tests.directory.feed.making import LEVELS, TOPICS, a_service, a_taxonomy, a_term
from tests.service import Service

IMPORTED = Authorship("importer", Origin.IMPORTED)
EDITED = Authorship("editor", Origin.EDITED)

Filling = Callable[..., Service]
Making = Callable[[], AbstractContextManager[Service]]


@pytest.fixture(scope="session")
def making_service(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Making:
    """`with making_service() as service`: an application that several tests only read."""

    @contextmanager
    def make() -> Iterator[Service]:
        with fresh_database(template) as name:
            made = Service(postgres_url(name))
            yield made
            made.close()

    return make


@pytest.fixture
def filled(service: Service) -> Filling:
    """`filled(services)`: the application, with these services on file."""

    def fill(services: Iterable[dict[str, Any]]) -> Service:
        put(service, services)
        return service

    return fill


def put(service: Service, services: Iterable[dict[str, Any]], by: Authorship = IMPORTED) -> None:
    """Put nested services on file in one transaction, as the clock has it."""
    with service.parts.database.transaction() as session:
        for one in services:
            put_service(session, one, by, service.clock())


def put_one(service: Service, kind: RecordKind, document: dict[str, Any]) -> None:
    """Put one record on file."""
    with service.parts.database.transaction() as session:
        put_records(session, kind, [document], EDITED, service.clock())


def some_services(count: int) -> list[dict[str, Any]]:
    """Return invented services, the first to the last."""
    return [a_service(number) for number in range(count)]


def put_vocabulary(service: Service) -> None:
    """Put the taxonomies on file, and a term below another."""
    for name in ("dfe-family-hubs", "level-of-need"):
        put_one(service, RecordKind.TAXONOMY, a_taxonomy(name))
    for topic in TOPICS:
        put_one(service, RecordKind.TAXONOMY_TERM, a_term("dfe-family-hubs", topic))
    for level in LEVELS:
        put_one(service, RecordKind.TAXONOMY_TERM, a_term("level-of-need", level))
    put_one(service, RecordKind.TAXONOMY_TERM, a_term("dfe-family-hubs", "Naps", parent="Sleep"))
