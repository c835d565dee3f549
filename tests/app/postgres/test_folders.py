"""Wherever the checkout is, the server is there, and says what it is."""

import tempfile
from pathlib import Path

import pytest

from app.demo.binaries import find
from app.demo.postgres import Durability, NotStartedError, running
from tests.app.postgres.holders import ask, note, noted, run_in

pytestmark = pytest.mark.long


def test_what_was_written_is_there_again_after_a_restart(checkout: Path) -> None:
    for number in (1, 2):
        with run_in(checkout) as server:
            note(server.url("postgres"), number)
    with run_in(checkout) as server:
        assert noted(server.url("postgres")) == [1, 2]


def test_it_says_which_postgresql_was_taken(checkout: Path) -> None:
    with run_in(checkout) as server:
        version = ask(server.url("postgres"), "SHOW server_version")[0][0].split()[0]
        assert server.described.startswith(f"PostgreSQL {version} (")


def test_it_is_durable_unless_a_test_says_otherwise(checkout: Path) -> None:
    asked = (
        "SELECT setting FROM pg_settings WHERE name IN"
        " ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"
    )
    for durability, setting in ((Durability.FULL, "on"), (Durability.TESTS_ONLY, "off")):
        with run_in(checkout, durability=durability) as server:
            assert ask(server.url("postgres"), asked) == [(setting,)] * 3


def test_it_speaks_utf8_and_utc_and_listens_on_no_network(new_checkout: Path) -> None:
    asked = "SELECT lower('ÄŴ'), current_setting('timezone'), current_setting('listen_addresses')"
    with run_in(new_checkout) as server:
        assert ask(server.url("postgres"), asked) == [("äŵ", "UTC", "")]
        assert server.sockets.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["with a space", "comma, 100%, c:d \"and\" 'quotes'", "ŵyneb"])
def test_a_checkout_may_have_any_name(new_checkout: Path, name: str) -> None:
    with run_in(new_checkout / name) as server:
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]


def test_a_path_too_long_for_a_socket_gets_a_short_folder_that_is_gone_afterwards(
    deep: Path,
) -> None:
    with run_in(deep) as server:
        short = server.sockets
        assert ask(server.url("postgres"), "SELECT 1") == [(1,)]
        assert short.parent in {Path(tempfile.gettempdir()), Path("/tmp")}  # noqa: S108 - as it should
    assert not short.exists()


def test_two_checkouts_run_side_by_side(new_checkout: Path) -> None:
    with run_in(new_checkout / "one") as one, run_in(new_checkout / "two") as two:
        note(one.url("postgres"), 1)
        note(two.url("postgres"), 2)
        assert (noted(one.url("postgres")), noted(two.url("postgres"))) == ([1], [2])


def test_a_folder_with_other_things_in_it_is_left_alone(new_checkout: Path) -> None:
    (new_checkout / "pg").mkdir()
    (new_checkout / "pg" / "letter.txt").write_text("mine", encoding="ascii")
    with pytest.raises(NotStartedError, match="holds files"), run_in(new_checkout):
        pass
    assert (new_checkout / "pg" / "letter.txt").read_text(encoding="ascii") == "mine"


def test_data_of_another_version_is_named_as_such(checkout: Path) -> None:
    with run_in(checkout):
        pass
    (checkout / "pg" / "PG_VERSION").write_text("9\n", encoding="ascii")
    with pytest.raises(NotStartedError, match="made by PostgreSQL 9"), run_in(checkout):
        pass


def test_a_server_that_does_not_come_up_says_why(checkout: Path) -> None:
    with run_in(checkout):
        pass
    with (checkout / "pg" / "postgresql.conf").open("a", encoding="ascii") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(NotStartedError, match="no_such_setting"), run_in(checkout):
        pass


def test_the_oldest_postgresql_that_is_supported_runs_too(new_checkout: Path) -> None:
    others = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not others:
        pytest.skip("this machine has no PostgreSQL of its own beside the package's")
    with running(
        new_checkout / "pg", new_checkout / "run", postgres_bin=others[0].parent
    ) as server:
        assert server.described.endswith("(POSTGRES_BIN)")
        assert ask(server.url("postgres"), "SELECT lower('Ŵ')") == [("ŵ",)]


def test_a_folder_without_programs_is_named_and_nothing_else_is_taken(new_checkout: Path) -> None:
    with pytest.raises(NotStartedError, match="has no postgres, initdb, pg_isready"):
        find(new_checkout)
