"""`rightshare doctor` says what a database lacks before a migration fails on it."""

from collections.abc import Callable

from sqlalchemy import NullPool, create_engine

from app.cli import doctor


def test_the_extensions_that_a_server_has_are_named(
    shared: str, postgres_url: Callable[..., str]
) -> None:
    engine = create_engine(postgres_url(shared), poolclass=NullPool)
    with engine.connect() as connection:
        assert doctor.lacking(connection) == []
        assert doctor.lacking(connection, ("cube", "no_such_thing")) == ["no_such_thing"]


def test_what_is_lacking_is_missing_and_says_what_to_install() -> None:
    assert doctor.about_extensions([]).mark == "ok"
    found = doctor.about_extensions(["cube"])
    assert found.mark == "missing"
    assert found.said == "cube cannot be had here: install PostgreSQL's contrib modules"
