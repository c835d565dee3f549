"""Eight connections that ask as fast as they are answered, from one thread on raw sockets.

Requests are made and signed before the clock starts, answers are read after it has stopped: what
the generator itself does while it runs is to send bytes and to count them.
"""

import gc
import select
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

CONNECTIONS = 8
SECONDS_TO_ANSWER = 20.0
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


@dataclass(frozen=True, slots=True)
class Run:
    """What came back: answers in the order of their requests, and how long each took."""

    seconds: float
    latencies: tuple[float, ...]
    answers: list[bytes]

    @property
    def rate(self) -> float:
        return len(self.answers) / self.seconds


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    asked: int = -1
    since: float = 0.0
    got: bytearray = field(default_factory=bytearray)


def drive(port: int, requests: list[bytes]) -> Run:
    """Send every request once over eight connections kept open, and return what came back."""
    answers: list[bytes] = [b""] * len(requests)
    latencies = [0.0] * len(requests)
    connections = _opened(port, min(CONNECTIONS, len(requests)))
    with select.epoll() as poll:
        for number in connections:
            poll.register(number, select.EPOLLIN)
        waiting = iter(range(len(requests)))
        gc.disable()
        began = time.perf_counter()
        for one in connections.values():
            _ask(one, next(waiting), requests)
        for one in _answered(poll, connections, len(requests)):
            latencies[one.asked] = time.perf_counter() - one.since
            answers[one.asked] = bytes(one.got)
            following = next(waiting, None)
            if following is not None:
                _ask(one, following, requests)
        seconds = time.perf_counter() - began
        gc.enable()
    for one in connections.values():
        one.socket.close()
    return Run(seconds, tuple(latencies), answers)


def _opened(port: int, how_many: int) -> dict[int, _Connection]:
    connections = {}
    for _ in range(how_many):
        made = socket.create_connection(("127.0.0.1", port), SECONDS_TO_ANSWER)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connections[made.fileno()] = _Connection(made)
    return connections


def _answered(
    poll: select.epoll, connections: Mapping[int, _Connection], left: int
) -> Iterator[_Connection]:
    """Yield each connection as soon as it holds a whole answer."""
    while left:
        ready = poll.poll(SECONDS_TO_ANSWER)
        if not ready:
            raise TimeoutError(f"{left} requests were not answered")
        for number, _ in ready:
            one = connections[number]
            if _whole(one):
                left -= 1
                yield one


def _ask(one: _Connection, number: int, requests: list[bytes]) -> None:
    one.asked = number
    one.got.clear()
    one.since = time.perf_counter()
    one.socket.sendall(requests[number])


def _whole(one: _Connection) -> bool:
    """Read what is there, and say whether it is a whole answer."""
    read = one.socket.recv(65536)
    if not read:
        raise ConnectionError(f"the server hung up after {bytes(one.got[:200])!r}")
    one.got += read
    head = one.got.find(_HEAD_END)
    if head < 0:
        return False
    at = one.got[:head].lower().find(_LENGTH)
    if at < 0:
        raise ConnectionError("an answer without a length")
    length = int(one.got[at + len(_LENGTH) : head].split(b"\r\n", 1)[0])
    return len(one.got) >= head + len(_HEAD_END) + length


def request(
    port: int, path: str, headers: dict[str, str], body: bytes, method: str = "POST"
) -> bytes:
    """Return a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + _HEAD_END + body


def split(answer: bytes) -> tuple[int, bytes]:
    """Return an answer's status and body."""
    head, _, body = answer.partition(_HEAD_END)
    return int(head.split(b" ", 2)[1]), body
