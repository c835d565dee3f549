"""`rightshare doctor` says what a database lacks before a migration fails on it."""

from collections.abc import Callable
from datetime import UTC, datetime

from click.testing import CliRunner
from sqlalchemy import NullPool, create_engine, text

from app.cli import doctor
from directory.cli.agencies import agency_commands
from tests.service import Service


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


def test_who_keeps_the_directory_is_appointed_by_a_command_and_named(service: Service) -> None:
    service.clock.at = datetime(2026, 1, 5, tzinfo=UTC)

    def command(*words: str) -> tuple[int, str]:
        with service.app.app_context():
            outcome = CliRunner().invoke(agency_commands, words)
        return outcome.exit_code, outcome.output

    def said() -> tuple[str, str]:
        engine = create_engine(service.admin_url, poolclass=NullPool)
        with engine.connect() as connection:
            found = doctor.about_keepers(connection)
        return found.mark, found.said

    assert said() == ("without", "nobody keeps it for all: rightshare agency keeps-directory CODE")
    assert command("keeps-directory", "oak")[0] == 1
    assert command("add", "oak", "--name", "Oak", "--kind", "council")[0] == 0
    assert command("keeps-directory", "oak") == (0, "oak keeps the directory.\n")
    assert "keeps the directory already" in command("keeps-directory", "oak")[1]
    assert said() == ("ok", "kept for all by oak")


def test_a_halted_log_says_why(service: Service) -> None:
    engine = create_engine(service.admin_url, poolclass=NullPool)
    with engine.begin() as connection:
        assert doctor.about_halt(connection) == doctor.Finding("ok", "log", "goes on")
        connection.execute(text("update log_state set halted_because = 'rollback: of 3 entries'"))
        halted = doctor.about_halt(connection)
    assert (halted.mark, halted.said) == ("missing", "halted: rollback: of 3 entries")
