"""Sessions: a reading writes nothing, and what was prepared for one serves the next."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.db import Database
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
    with pytest.raises(DBAPIError, match="read-only"), database.reading() as session:
        session.execute(text("create table noted ()"))
    with database.transaction() as session:
        session.execute(text("create table noted ()"))


def test_what_was_prepared_for_one_reading_serves_the_next(database: Database) -> None:
    for _ in range(3):
        with database.reading() as session:
            assert ONE.one(session, {}).one == 1
    with database.transaction() as session:
        assert session.scalar(KEPT) == 1
