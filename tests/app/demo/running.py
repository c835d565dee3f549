"""Demonstrations in processes of their own, which tests ask, stop and kill."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import psycopg

from app.oauth.client_example import Rightshare
from tests.postgres import CHECKOUT, libpq

RIGHTSHARE = (sys.executable, "-m", "app.cli.main")
SECONDS = 90.0  # for what takes three when the machine has nothing else to do
_OPENER = build_opener(ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    request_id: str | None


@dataclass
class Demo:
    """A demonstration that was started; `said` is all that it printed."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes]"
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        try:
            return get(f"{self.url}/readyz").status == 200
        except OSError:
            return False

    def pids(self, *words: str) -> list[int]:
        """The processes of this demonstration whose command line holds these words."""
        return [pid for pid in at_work(self.home) if set(words) <= set(_words_of(pid))]

    def server(self) -> int:
        """The web server's main process: the one that the supervisor is the parent of."""
        return next(pid for pid in self.pids("serve") if parent_of(pid) == self.process.pid)

    def web_workers(self) -> list[int]:
        server = self.server()
        return [pid for pid in self.pids("serve") if parent_of(pid) == server]

    def worker(self) -> int:
        return self.pids("worker")[0]

    def postmaster(self) -> int:
        return int((self.home / "pg" / "postmaster.pid").read_text().split("\n")[0])

    def desk(self, client_id: str) -> "Desk":
        return Desk(self.home, client_id)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


class Desk:
    """A client of the demonstration, by its file."""

    def __init__(self, home: Path, client_id: str) -> None:
        self.file = json.loads((home / "demo" / "clients" / f"{client_id}.json").read_text())
        self.auth = Rightshare(self.file)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        url = self.file["issuer"] + path
        signed = self.auth.headers(method, url.partition("?")[0])
        data = None if body is None else json.dumps(body).encode()
        asked = Request(url, data, signed | headers, method=method)
        asked.add_header("Content-Type", "application/json")
        return _ask(asked)


def get(url: str) -> Answer:
    return _ask(Request(url))


def _ask(asked: Request) -> Answer:
    try:
        with _OPENER.open(asked, timeout=30) as answer:
            return Answer(answer.status, _read(answer), answer.headers["Request-Id"])
    except HTTPError as error:
        with error:
            return Answer(error.code, _read(error), error.headers["Request-Id"])
    except URLError as error:
        raise (error.reason if isinstance(error.reason, OSError) else error) from None


def _read(answer: Any) -> Any:
    content = answer.read()
    kind = answer.headers["Content-Type"] or ""
    return json.loads(content) if "json" in kind else content.decode()


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


def environment(home: Path, port: int, **more: str) -> dict[str, str]:
    ours = ("RIGHTSHARE_", "DATABASE_", "PORT", "PROMETHEUS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"RIGHTSHARE_HOME": str(home), "PORT": str(port)} | more


def rightshare(
    home: Path, *words: str, port: int = 8000, **more: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [*RIGHTSHARE, *words],
        cwd=CHECKOUT,
        env=environment(home, port, **more),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def started(home: Path, port: int | None = None, **more: str) -> Iterator[Demo]:
    """Have a demonstration that may still be coming up."""
    home.mkdir(exist_ok=True)
    chosen = port or free_port()
    output = home.with_suffix(".said")
    with output.open("wb") as file:
        process = subprocess.Popen(
            [*RIGHTSHARE, "demo", "run"],
            cwd=CHECKOUT,
            env=environment(home, chosen, **more),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Demo(home, chosen, process, output)
    finally:
        process.kill()
        process.wait()
        until(lambda: not at_work(home))


@contextmanager
def run_in(home: Path, port: int | None = None, **more: str) -> Iterator[Demo]:
    """Have a demonstration that answers."""
    with started(home, port, **more) as demo:
        until(demo.is_ready)
        yield demo


def at_work(home: Path) -> list[int]:
    """Every living process that was started for this home, or works in it."""
    return [pid for pid in _all_pids() if _belongs(pid, home)]


def _belongs(pid: int, home: Path) -> bool:
    about = Path(f"/proc/{pid}")
    try:
        if (about / "stat").read_text().rpartition(") ")[2][0] == "Z":
            return False
        told = (about / "environ").read_bytes().split(b"\0")
        works_in = str((about / "cwd").readlink())
    except OSError:
        return False
    return f"RIGHTSHARE_HOME={home}".encode() in told or works_in.startswith(str(home))


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def _words_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1])
    except OSError:
        return 0


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # others may have gone with the one before
        os.kill(pid, signal.SIGKILL)


def until(holds: Callable[[], bool], seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Ask a database as its administrator."""
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []
