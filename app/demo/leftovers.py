"""What an earlier PostgreSQL left on a data folder, and whether it is still alive.

PostgreSQL believes the process number in its lock files, and a container that has just started
hands the same low numbers out again. A PostgreSQL works inside its data folder: that is asked here.
"""

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from app.demo.binaries import NotStartedError

PROCESSES = Path("/proc")
SECONDS_FOR_AN_ORPHAN = 15.0  # its signal comes in milliseconds, unless the machine is busy
SECONDS_FOR_A_SHUTDOWN = 60.0
SECONDS_FOR_A_LOCK = 1.0  # a killed process lets go of its files a moment after the signal


class AlreadyRunningError(NotStartedError):
    """Another process has the data folder in use."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a lock file of PostgreSQL says of the server that wrote it."""

    pid: int
    data: str
    status: str


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Be the only process that starts a server on this folder, until the block or we end."""
    path = data.with_name(f"{data.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("a+", encoding="ascii")
    except PermissionError as error:
        raise NotStartedError(f"{path} belongs to another user: {error}") from error
    with lock:
        if not _locked(lock):
            lock.seek(0)
            raise _already_running(data, lock.read().strip())
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _locked(lock: TextIO) -> bool:
    """Lock a file for this process alone; False where another holds on to it."""
    began = time.monotonic()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() - began > SECONDS_FOR_A_LOCK:
                return False
            time.sleep(0.02)
        else:
            return True


def await_orphans(data: Path) -> None:
    """Return when no PostgreSQL works on the folder. One whose parent was killed is about to end.

    Raises AlreadyRunningError when it does not: then somebody else started it.
    """
    began = time.monotonic()
    while pids := _servers_on(data):
        noted = recorded(data / "postmaster.pid")
        ending = noted is not None and noted.status == "stopping"
        patience = SECONDS_FOR_A_SHUTDOWN if ending else SECONDS_FOR_AN_ORPHAN
        if time.monotonic() - began > patience:
            raise _already_running(data, str(min(pids)))
        time.sleep(0.02)


def clear(lock_file: Path, data: Path) -> None:
    """Remove a lock file whose process number now belongs to somebody else, or cannot be read.

    One that names a dead process stays: PostgreSQL checks its shared memory by it, then removes it.
    """
    if sys.platform != "linux" or not lock_file.exists():
        return
    noted = recorded(lock_file)
    if noted is None:
        lock_file.unlink()
    elif (PROCESSES / str(noted.pid)).exists():
        if _works_in(noted.pid) in {str(data), noted.data}:
            raise _already_running(Path(noted.data), str(noted.pid))
        lock_file.unlink()


def recorded(lock_file: Path) -> Recorded | None:
    """Return what a lock file says, or None where there is none or it was cut short."""
    try:
        lines = lock_file.read_text(encoding="utf-8", errors="replace").splitlines()
        pid = abs(int(lines[0]))  # a negative number is a server for a single user
    except (OSError, ValueError, IndexError):
        return None
    status_line = 7
    status = lines[status_line].strip() if len(lines) > status_line else ""
    return Recorded(pid, lines[1] if len(lines) > 1 else "", status)


def _servers_on(data: Path) -> list[int]:
    """Return every PostgreSQL process inside the folder: backends outlive a killed server."""
    pids = []
    for entry in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "comm").read_text().startswith("postgres") and (
                _works_in(int(entry.name)) == str(data)
            ):
                pids.append(int(entry.name))
    return pids


def _works_in(pid: int) -> str | None:
    try:
        return str((PROCESSES / str(pid) / "cwd").readlink())
    except OSError:  # gone, or another user's and so never ours
        return None


def _already_running(data: Path, pid: str) -> AlreadyRunningError:
    return AlreadyRunningError(
        f"This checkout is running already: process {pid} has {data} in use."
        f" Stop it with Ctrl-C where it runs, or: kill {pid}"
    )
