"""One request of a worker at a time, while slow readers of long answers hold up nobody.

More threads that all work only get into each other's way (`README.md`, how fast). But a thread that
sends line after line to somebody who reads slowly does not work, it waits: so a worker has threads
to spare, each works in its turn, and what is streamed is made part by part, a turn for each.

An answer that takes long to make before there is a byte of it yields empty parts meanwhile: nobody
is sent those, but others have their turn between them.
"""

from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Any, Final

STREAMS: Final = 2
"""How many answers a worker may be streaming at once; its threads are these and one more."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Turns:
    """A WSGI application in which the one within works on one request at a time."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._turn = _Turn()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request: at once where its length is known, else part by part."""
        names: set[str] = set()

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:  # noqa: ANN401  (WSGI's own)
            names.update(name.lower() for name, _ in headers)
            return start_response(status, headers, *rest)

        with self._turn:
            answer = self._application(environ, started)
            if "content-length" not in names:
                return self._in_turn(answer)
            try:
                return list(answer)
            finally:
                _close(answer)

    def _in_turn(self, answer: Iterable[bytes]) -> Iterator[bytes]:
        return _Parts(answer, self._turn)


class _Turn:
    """What one thread has at a time. Whoever gives it back comes after those who wait for it.

    A lock alone is taken again by the thread that has just let go of it, before another wakes up.
    """

    def __init__(self) -> None:
        self._next, self._now = Lock(), Lock()

    def __enter__(self) -> None:
        with self._next:
            self._now.acquire()

    def __exit__(self, *_: object) -> None:
        self._now.release()


class _Parts(Iterator[bytes]):
    """An answer of which each part is made in its turn, and sent outside of it."""

    def __init__(self, answer: Iterable[bytes], turn: _Turn) -> None:
        self._answer, self._parts, self._turn = answer, iter(answer), turn

    def __next__(self) -> bytes:
        while True:
            with self._turn:
                part = next(self._parts)
            if part:
                return part

    def close(self) -> None:
        """Let go of what the answer holds, whether it was read to its end or not."""
        with self._turn:
            _close(self._answer)


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close is not None:
        close()
