"""Starts the demonstration's processes, watches over them, and leaves nothing running."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

SECONDS_TO_STOP: Final = 10.0
POLL_SECONDS: Final = 0.2
_SHORT_LIFE: Final = 5.0
_MOST_SHORT_LIVES: Final = 3


class GaveUp(RuntimeError):
    """A process ends as soon as it is started; its own words stand above."""


@dataclass
class Child:
    """A process of ours, started again when it ends by itself."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    _process: "subprocess.Popen[bytes] | None" = None
    _started: float = 0.0
    _short_lives: int = field(default=0)

    def keep_alive(self) -> None:
        """Start the process if it does not run; `GaveUp` if it keeps ending at once."""
        if self._process is not None and self._process.poll() is None:
            return
        if self._process is not None:
            lived = time.monotonic() - self._started
            self._short_lives = self._short_lives + 1 if lived < _SHORT_LIFE else 0
            if self._short_lives >= _MOST_SHORT_LIVES:
                raise GaveUp(f"{self.name} ends as soon as it is started: see above")
        self._started = time.monotonic()
        # A session of its own: Ctrl-C reaches the supervisor alone, which ends all in order.
        self._process = subprocess.Popen(  # noqa: S603  (our own command line)
            [sys.executable, "-m", "app.cli.main", *self.arguments],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def end(self) -> None:
        """End the process: politely, and after ten seconds not."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """Yield an event that SIGINT and SIGTERM set, instead of ending this process."""
    stopping = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def supervise(children: list[Child], stopping: threading.Event, alive: Callable[[], bool]) -> None:
    """Keep the children running until told to stop, or until what they stand on has died."""
    try:
        while not stopping.is_set() and alive():
            for child in children:
                child.keep_alive()
            stopping.wait(POLL_SECONDS)
    finally:
        for child in children:
            child.end()
