"""What every test stands on: a real PostgreSQL, and no way off this machine."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from hypothesis import settings

from app.migrations.run import upgrade
from tests.loopback import stay_on_this_machine
from tests.postgres import Databases, joined
from tests.service import RING, Service

SLOW_SECONDS = 0.5
MAY_BE_SLOW = ("long", "browser")

stay_on_this_machine()
settings.register_profile("fuzz", max_examples=150, deadline=None)  # make fuzz


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    """The databases of this run, on a server that all workers share."""
    base = tmp_path_factory.getbasetemp()
    with joined(base.parent if hasattr(request.config, "workerinput") else base) as made:
        yield made


@pytest.fixture(scope="session")
def template(databases: Databases) -> str:
    """The name of the database that others are copied from, filled once a run."""
    return databases.once("template", _fill)


@pytest.fixture(scope="session")
def shared(databases: Databases) -> str:
    """The name of a database like it that many may be connected to: none is copied from it."""
    return databases.once("shared", _fill)


def _fill(address: str) -> None:
    """Bring the database to head, with the service's keys wrapped by the tests' own."""
    upgrade(address, RING)


@pytest.fixture
def service(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    """The whole application on a migrated database of its own, in which everything commits."""
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        yield made
        made.close()


@pytest.fixture(scope="session")
def postgres_url(databases: Databases) -> Callable[..., str]:
    """From a database's name, and a role's if need be, to the address for SQLAlchemy."""
    return databases.url


@pytest.fixture(scope="session")
def fresh_database(databases: Databases) -> Callable[..., AbstractContextManager[str]]:
    """`with fresh_database(template) as name`: a database for what must really commit."""
    return databases.fresh


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that take more than half a second and do not say that they may."""
    slow = {
        report.nodeid: report.duration
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
        and report.duration > SLOW_SECONDS
        and not any(mark in report.keywords for mark in MAY_BE_SLOW)
    }
    if slow:
        terminalreporter.section("slower than 500 ms")
    for nodeid, seconds in sorted(slow.items(), key=lambda item: -item[1]):
        terminalreporter.line(f"{seconds:6.2f} s  {nodeid}")
