"""A PostgreSQL of this checkout's own, up for as long as a block lasts.

Nothing of it outlives the process that asked for it: the kernel stops the server when that process
dies, however it dies, and the next start finds its way from whatever was left behind.
"""

import atexit
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import quote

from app.demo.binaries import Binaries, NotStartedError, find
from app.demo.leftovers import AlreadyRunningError, await_orphans, clear, held, recorded
from app.demo.owner import ENVIRONMENT, Identity, choose

__all__ = ["AlreadyRunningError", "Durability", "NotStartedError", "Server", "running"]

PORT = "5432"  # part of the socket's file name, nothing more: no server here listens on the network
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 100  # bytes; Linux allows 107, others fewer
SECONDS_TO_START = 120.0  # recovery after a crash takes its time


class Durability(Enum):
    """How much of what was committed survives the loss of power."""

    FULL = "full"
    TESTS_ONLY = "tests only"


FORGETFUL = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL that was up when this was made."""

    described: str
    sockets: Path
    log: Path
    child: "subprocess.Popen[bytes]"

    def url(self, database: str, user: str = "postgres") -> str:
        """Return the address of a database as SQLAlchemy takes it, whatever is in the path."""
        host = quote(str(self.sockets), safe="")
        return (
            f"postgresql+psycopg://{quote(user, safe='')}@/{quote(database, safe='')}?host={host}"
        )

    def poll(self) -> int | None:
        """Return None while the server lives, and what it ended with afterwards."""
        return self.child.poll()


@contextmanager
def running(
    data: Path,
    sockets: Path,
    *,
    durability: Durability = Durability.FULL,
    postgres_bin: Path | None = None,
) -> Iterator[Server]:
    """Have a PostgreSQL on this data folder, made if need be, that is gone when the block is left.

    Raises AlreadyRunningError where another process uses the folder, NotStartedError for all else.
    """
    if threading.current_thread() is not threading.main_thread():
        # The kernel watches the thread that forked, not the process.
        raise RuntimeError("Only the main thread may start PostgreSQL: it ends with the thread.")
    binaries = find(postgres_bin)
    data = data.resolve()
    log = data.with_name(f"{data.name}.log")
    with held(data), _socket_folder(sockets.absolute()) as folder:
        await_orphans(data)
        clear(data / "postmaster.pid", data)
        clear(folder / f"{SOCKET}.lock", data)
        log.write_bytes(b"")
        identity = choose(binaries, data, folder)
        _make(data, binaries, identity, log)
        command = _command(data, folder, binaries, durability)
        with _child(identity.wrap(command), log) as child:
            _await_ready(child, data, folder, binaries, log)
            yield Server(binaries.described, folder, log, child)


def discard(data: Path) -> None:
    """Remove a data folder; AlreadyRunningError where a process uses it."""
    data = data.resolve()
    with held(data):
        await_orphans(data)
        shutil.rmtree(data, ignore_errors=True)
    if data.exists():
        raise NotStartedError(f"{data} could not be removed. Remove it as the user it belongs to.")


def _command(data: Path, folder: Path, binaries: Binaries, durability: Durability) -> list[str]:
    quoted = '"' + str(folder).replace('"', '""') + '"'  # it is a list, split at commas
    return [
        *(binaries.program("postgres"), "-D", str(data), "-k", quoted, "-h", "", "-p", PORT),
        *("-c", "timezone=UTC", "-c", "log_timezone=UTC"),
        *(FORGETFUL if durability is Durability.TESTS_ONLY else ()),
    ]


@contextmanager
def _socket_folder(wanted: Path) -> Iterator[Path]:
    """Have a folder, ours alone, whose path fits into the address of a socket and into a URL."""
    try:
        wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
        wanted.chmod(0o700)
    except PermissionError as error:
        raise NotStartedError(f"{wanted} belongs to another user: {error}") from error
    # Whoever is killed cannot remove the folder made elsewhere: the link tells the next start.
    link = wanted / "elsewhere"
    if link.is_symlink():
        shutil.rmtree(link.readlink(), ignore_errors=True)
        link.unlink()
    # libpq takes a comma for a list of hosts, SQLAlchemy a colon for a port.
    if len(bytes(wanted / SOCKET)) <= LONGEST_SOCKET_PATH and not {",", ":"} & set(str(wanted)):
        yield wanted
        return
    short = Path(tempfile.mkdtemp(prefix="rightshare-", dir=_shortest_temporary_folder()))
    link.symlink_to(short)
    try:
        yield short
    finally:
        shutil.rmtree(short, ignore_errors=True)
        link.unlink(missing_ok=True)


def _shortest_temporary_folder() -> str:
    usual = "/tmp"  # noqa: S108 - only the parent of what mkdtemp makes, where TMPDIR is too long itself
    return min(tempfile.gettempdir(), usual, key=len)


def _make(data: Path, binaries: Binaries, identity: Identity, log: Path) -> None:
    """Leave a whole data folder under this name: what initdb did not finish never gets it."""
    made_by = data / "PG_VERSION"
    if made_by.exists():
        version = made_by.read_text(encoding="ascii").strip()
        if version != str(binaries.major):
            raise NotStartedError(
                f"{data} was made by PostgreSQL {version}, and {binaries.described} cannot read it."
                f" Set POSTGRES_BIN to those of version {version}, or start anew: make demo-reset"
            )
        return
    if data.exists() and any(data.iterdir()):
        raise NotStartedError(f"{data} holds files, and no database. Move them away.")
    for left in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=f"{data.name}.new-", dir=data.parent))
    try:
        identity.own(new)
        with _child(identity.wrap(_initdb(new, binaries)), log) as child:
            if child.wait() != 0:
                raise NotStartedError(f"initdb failed:\n{_end_of(log)}")
        new.rename(data)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _initdb(data: Path, binaries: Binaries) -> list[str]:
    """Ask for the same sorting and letters everywhere, which no C library's own locales give."""
    first_with_builtin_locales = 17
    if binaries.major >= first_with_builtin_locales:
        letters = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        letters = ["--lc-ctype=C.UTF-8"] if sys.platform == "linux" else []
    return [
        *(binaries.program("initdb"), "-D", str(data), "--username=postgres", "--auth=trust"),
        *("--encoding=UTF8", "--locale=C", *letters, "--no-sync", "--no-instructions"),
    ]


@contextmanager
def _child(command: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,  # a pipe would never end for its reader while any backend lives
            stderr=subprocess.STDOUT,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,  # Ctrl-C is for the parent, who stops the database last
        )
    if sys.platform != "linux":
        _end_without_the_kernel(child)
    try:
        yield child
    finally:
        _stop(child)


def _stop(child: "subprocess.Popen[bytes]") -> None:
    """Have the child ended: by a fast shutdown, and by less gentle means only if that hangs."""
    for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        child.send_signal(number)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return


def _end_without_the_kernel(child: "subprocess.Popen[bytes]") -> None:
    """Take the child along when we end politely: no kernel but Linux does it for every end."""
    atexit.register(_stop, child)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


def _await_ready(
    child: "subprocess.Popen[bytes]", data: Path, folder: Path, binaries: Binaries, log: Path
) -> None:
    """Wait until this very child answers: a stranger's server on the folder would answer too."""
    deadline = time.monotonic() + SECONDS_TO_START
    # Without -U it looks for the name of the user, whom a made-up number does not have.
    where = ["-h", str(folder), "-p", PORT, "-d", "postgres", "-U", "postgres"]
    asked = [binaries.program("pg_isready"), "-q", *where]
    while time.monotonic() < deadline:
        if child.poll() is not None:
            break
        noted = recorded(data / "postmaster.pid")
        if (
            noted is not None
            and noted.pid == child.pid
            and noted.status == "ready"
            and subprocess.run(asked, env=ENVIRONMENT, check=False).returncode == 0
            and child.poll() is None
        ):
            return
        time.sleep(0.01)
    raise NotStartedError(f"{binaries.described} did not come up on {data}:\n{_end_of(log)}")


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
    return "\n".join([*lines, f"(all of it: {log})"])
