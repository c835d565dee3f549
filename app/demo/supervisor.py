"""Starts the demonstration's processes, watches over them, and leaves nothing running."""

import os
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

SECONDS_TO_STOP: Final = 25.0  # longer than the web server gives the requests it is answering
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
            [sys.executable, "-m", "app.cli.main", *self.arguments, "--parent", str(os.getpid())],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def end(self) -> None:
        """End the process: politely, and not so if it takes too long."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Stopping:
    """Whether somebody asked us to stop; only the first time counts.

    It is an exception wherever we are then, except while children are supervised `in_order`.
    """

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._in_order = False

    def is_set(self) -> bool:
        """Say whether somebody asked."""
        return self._asked.is_set()

    def wait(self, seconds: float) -> None:
        """Return when somebody asks, or after so many seconds."""
        self._asked.wait(seconds)

    def ask(self, _: int, __: FrameType | None) -> None:
        """Hear a signal."""
        if self._asked.is_set():
            return  # what is being ended must not be interrupted again
        self._asked.set()
        if not self._in_order:
            raise KeyboardInterrupt

    @contextmanager
    def in_order(self) -> Iterator[None]:
        """Have the block look for itself whether to stop."""
        self._in_order = True
        if self._asked.is_set():
            raise KeyboardInterrupt
        try:
            yield
        finally:
            self._in_order = False


@contextmanager
def stop_signals() -> Iterator[Stopping]:
    """Leave the block in order when SIGINT, SIGTERM or SIGHUP comes, whatever it is doing."""
    stopping = Stopping()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup has it
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, stopping.ask) for number in numbers}
    try:
        yield stopping
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def supervise(children: list[Child], stopping: Stopping, alive: Callable[[], bool]) -> None:
    """Keep the children running until told to stop, or until what they stand on has died."""
    with stopping.in_order():
        try:
            while not stopping.is_set() and alive():
                for child in children:
                    child.keep_alive()
                stopping.wait(POLL_SECONDS)
        finally:
            for child in children:
                child.end()
