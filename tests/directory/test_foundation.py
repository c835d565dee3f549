from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import create_engine, inspect

from app.migrations import run
from tests.service import RING

FOUNDATION = "0001"
TABLES = {"agency", "agency_period", "contact_point", "vault_key"}


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_the_foundation_can_be_laid_taken_up_and_laid_again(
    fresh_database: Callable[..., AbstractContextManager[str]], postgres_url: Callable[..., str]
) -> None:
    with fresh_database() as name:
        url = postgres_url(name)
        run.upgrade(url, RING, FOUNDATION)
        laid = tables(url)
        run.downgrade(url, "base")
        taken_up = tables(url)
        run.upgrade(url, RING, FOUNDATION)

        assert laid == tables(url) == TABLES | {"alembic_version"}
        assert taken_up == {"alembic_version"}
