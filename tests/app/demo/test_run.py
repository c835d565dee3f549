"""`rightshare demo run`: what it makes, what it keeps, and that it leaves nothing running."""

import json
import signal
import socket
import stat
from pathlib import Path

import pyotp
import pytest

from tests.app.demo.running import (
    Demo,
    ask,
    at_work,
    free_port,
    kill,
    rightshare,
    run_in,
    started,
    until,
)
from tests.postgres import Databases

pytestmark = pytest.mark.long

CLIENT_MEMBERS = {
    *("client_id", "agency", "issuer", "token_endpoint", "scopes", "purposes", "kinds"),
    *("may_override", "private_jwk", "redirect_uris"),
}


def read(home: Path, name: str) -> object:
    return json.loads((home / "demo" / name).read_text())


def kept(home: Path) -> dict[str, object]:
    """What a later start must find as it was."""
    clients = {path.stem: json.loads(path.read_text()) for path in _client_files(home)}
    keys = {name: one["private_jwk"] for name, one in clients.items()}
    server = {name: value for name, value in read(home, "server.json").items() if "vkey" in name}
    return {"keys": keys, "people": read(home, "people.json"), "server": server}


def _client_files(home: Path) -> list[Path]:
    return sorted((home / "demo" / "clients").iterdir())


def entries(demo: Demo) -> int:
    return len(demo.desk("ig-desk").call("GET", "/v1/log/entries?size=100").body["items"])


def test_from_nothing_it_makes_everything_and_ends_without_a_trace(new_home: Path) -> None:
    with run_in(new_home) as demo:
        assert len(demo.web_workers()) >= 2
        assert len(demo.pids("worker")) == 1
        until(lambda: "Ctrl-C stops everything" in demo.said())
        assert f"{demo.url}/" in demo.said()

        server = read(new_home, "server.json")
        assert server.keys() == {"base_url", "issuer", "log_origin", "log_vkey", "receipt_vkey"}
        assert server["base_url"] == server["issuer"] == demo.url
        for path in _client_files(new_home):
            client = json.loads(path.read_text())
            assert client.keys() == CLIENT_MEMBERS
            assert client["client_id"] == path.stem
            assert client["token_endpoint"].startswith(demo.url)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        people = read(new_home, "people.json")
        assert {frozenset(one) for one in people} == {
            frozenset({"username", "password", "totp_secret", "role", "agency"})
        }
        assert all(
            {"identifiers", "story", "try"} <= one.keys() for one in read(new_home, "subjects.json")
        )
        code = rightshare(new_home, "demo", "code", "ig-lead", port=demo.port).stdout.strip()
        secret = next(one["totp_secret"] for one in people if one["username"] == "ig-lead")
        assert pyotp.TOTP(secret).verify(code, valid_window=1)

        assert demo.end(signal.SIGINT) == 0
        assert at_work(new_home) == []
    before = kept(new_home)

    port = free_port()
    with run_in(new_home, port) as again:
        assert "Making the demonstration" not in again.said()
        assert kept(new_home) == before
        assert read(new_home, "server.json")["issuer"] == again.url
        school = again.desk("oak-mis")
        assert school.file["token_endpoint"].startswith(again.url)
        assert school.call("GET", "/v1/echo").body["client_id"] == "oak-mis"
        assert entries(again) == 100
        assert again.end(signal.SIGTERM) == 0
        assert at_work(new_home) == []


def test_a_signal_while_the_data_are_made_ends_everything_at_once(new_home: Path) -> None:
    with started(new_home) as demo:
        until(lambda: "Making the demonstration" in demo.said())
        assert demo.end(signal.SIGTERM) == 0
        assert at_work(new_home) == []


def test_kill_9_while_the_data_are_made_is_made_good_by_the_next_start(new_home: Path) -> None:
    with started(new_home) as demo:
        until(lambda: "Making the demonstration" in demo.said())
        kill(demo.process.pid)
        until(lambda: not at_work(new_home), 10)
    with run_in(new_home) as demo:
        assert "Making the demonstration" in demo.said()
        assert entries(demo) == 100


def test_a_port_that_is_taken_is_said_before_anything_is_served(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with started(home, port) as demo:
            assert demo.process.wait(60) == 1
            assert f"Nothing can be served on 127.0.0.1:{port}" in demo.said()
            assert f"make run PORT={port + 1}" in demo.said()
            assert "Traceback" not in demo.said()


def test_a_second_start_in_one_checkout_says_where_the_first_runs(demo: Demo) -> None:
    for words in (("demo", "run"), ("demo", "seed"), ("demo", "reset")):
        second = rightshare(demo.home, *words, port=free_port())
        assert second.returncode == 1
        assert f"kill {demo.process.pid}" in second.stderr
    assert demo.is_ready()


def test_reset_makes_the_data_anew_and_clients_and_people_keep_their_keys(home: Path) -> None:
    with run_in(home) as demo:
        asked = demo.desk("oak-mis").call("POST", "/v1/disclosures", {"kind": "nonsense"})
        assert asked.status == 422
        until((home / "keys" / "anchor.json").exists)
        demo.end()
    before = kept(home)

    done = rightshare(home, "demo", "reset")
    assert done.returncode == 0, done.stderr
    assert "Making the demonstration" in done.stdout
    assert kept(home) == before
    with run_in(home) as demo:
        newest = demo.desk("ig-desk").call("GET", "/v1/log/entries?size=1").body["items"][0]
        assert newest["facts"].get("code") != "request_invalid"
        toured = rightshare(home, "demo", "tour", port=demo.port)
        assert toured.returncode == 0, toured.stderr


def test_another_database_may_be_named_unless_it_holds_something_else(
    home: Path, databases: Databases
) -> None:
    with databases.fresh() as name:
        url = databases.url(name)
        with run_in(home, DATABASE_URL=url) as demo:
            assert "Making the demonstration" in demo.said()
            school = demo.desk("oak-mis")
            assert school.call("GET", "/v1/echo").status == 200
            assert demo.pids("-D") == []
            assert school.call("POST", "/v1/disclosures", {}).status == 422
            until((home / "keys" / "anchor.json").exists)
            assert demo.end() == 0
        # Back on its own database, whose log is another, it goes on as well.
        with run_in(home) as demo:
            told = demo.desk("oak-mis").call("POST", "/v1/disclosures", {})
            assert told.status == 422


def test_a_database_that_holds_something_else_is_left_alone(
    new_home: Path, databases: Databases
) -> None:
    with databases.fresh() as name:
        url = databases.url(name)
        ask(url, "create table parish_register (name text)")
        for words in (("demo", "run"), ("demo", "reset")):
            refused = rightshare(new_home, *words, port=free_port(), DATABASE_URL=url)
            assert refused.returncode == 1
            assert "holds something else" in refused.stderr
            assert "Traceback" not in refused.stderr
        left = "select relname from pg_class where relnamespace = 'public'::regnamespace order by 1"
        assert ask(url, left) == [("parish_register",)]


def test_a_database_that_does_not_answer_is_said_in_a_sentence(new_home: Path) -> None:
    nowhere = f"postgresql://someone:s3cret@127.0.0.1:{free_port()}/nothing"
    failed = rightshare(new_home, "demo", "run", port=free_port(), DATABASE_URL=nowhere)
    assert failed.returncode == 1
    assert "The database does not answer" in failed.stderr
    assert "s3cret" not in failed.stderr
    assert "Traceback" not in failed.stderr
