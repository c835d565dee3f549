"""Sessions: a reading writes nothing, and what was prepared for one serves the next."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.db import Database, fault_of
from app.kernel.prepared import Prepared

ONE = Prepared(text("select 1 as one"))
KEPT = text("select count(*) from pg_prepared_statements where statement = 'select 1 as one'")


@pytest.fixture
def database(
    fresh_database: Callable[..., AbstractContextManager[str]], postgres_url: Callable[..., str]
) -> Iterator[Database]:
    with fresh_database() as name:
        made = Database.connect(postgres_url(name), None, pool_size=1)
        yield made
        made.close()


def test_a_reading_writes_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only") as refused, database.reading() as session:
        session.execute(text("create table noted ()"))
    assert fault_of(refused.value) == {"error": "InternalError", "sqlstate": "25006"}
    with database.transaction() as session:
        session.execute(text("create table noted ()"))


def test_what_was_prepared_for_one_reading_serves_the_next(database: Database) -> None:
    for _ in range(3):
        with database.reading() as session:
            assert ONE.one(session, {}).one == 1
    with database.transaction() as session:
        assert session.scalar(KEPT) == 1


def test_a_server_that_is_not_there_has_no_code() -> None:
    away = Database.connect("postgresql://127.0.0.1:1/nothing", None, pool_size=1)
    with pytest.raises(DBAPIError) as refused, away.reading() as session:
        session.execute(text("select 1"))
    assert fault_of(refused.value) == {"error": "OperationalError", "sqlstate": None}
