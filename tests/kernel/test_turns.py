"""A worker works on one request at a time, and waits for no slow reader."""

from collections.abc import Callable, Iterator
from threading import Event, Thread
from time import sleep
from typing import Any

from app.kernel.turns import Turns

Start = Callable[..., Any]


class Answer:
    """An answer in parts that notes when it is let go of."""

    def __init__(self, *parts: bytes) -> None:
        self.parts, self.closed = parts, False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        self.closed = True


def started(*_: Any) -> None:
    pass


def test_an_answer_of_known_length_is_whole_at_once_and_let_go_of() -> None:
    answer = Answer(b"a", b"b")

    def application(_: dict[str, Any], start: Start) -> Answer:
        start("200 OK", [("Content-Length", "2")])
        return answer

    assert Turns(application)({}, started) == [b"a", b"b"]
    assert answer.closed


def test_a_reader_who_stops_in_the_middle_holds_up_nobody() -> None:
    answer = Answer(b"first", b"second")

    def application(environ: dict[str, Any], start: Start) -> Any:
        start("200 OK", [] if environ["long"] else [("Content-Length", "1")])
        return answer if environ["long"] else [b"x"]

    turns = Turns(application)
    stream: Any = turns({"long": True}, started)
    assert next(stream) == b"first"
    assert turns({"long": False}, started) == [b"x"]
    assert list(stream) == [b"second"]
    assert not answer.closed
    stream.close()
    assert answer.closed


def test_no_two_requests_are_worked_on_at_once() -> None:
    inside: list[int] = []
    most: list[int] = []
    go = Event()

    def application(_: dict[str, Any], start: Start) -> list[bytes]:
        inside.append(1)
        most.append(len(inside))
        sleep(0.01)
        inside.pop()
        start("200 OK", [("Content-Length", "0")])
        return []

    turns = Turns(application)

    def ask() -> None:
        go.wait()
        turns({}, started)

    threads = [Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert most == [1] * 5


def test_a_fault_gives_the_turn_back() -> None:
    def application(environ: dict[str, Any], start: Start) -> list[bytes]:
        start("200 OK", [("Content-Length", "0")])
        if environ["fails"]:
            raise ValueError
        return []

    turns = Turns(application)
    try:
        turns({"fails": True}, started)
    except ValueError:
        assert turns({"fails": False}, started) == []


def test_what_takes_long_to_make_lets_others_have_their_turn() -> None:
    asked, answered = Event(), Event()

    def application(environ: dict[str, Any], start: Start) -> Any:
        if environ["long"]:
            start("200 OK", [])
            return steps()
        start("200 OK", [("Content-Length", "1")])
        return [b"x"]

    def steps() -> Iterator[bytes]:
        while not answered.is_set():  # for ever, if nobody else had a turn
            asked.set()
            yield b""
        yield b"made"

    turns = Turns(application)
    made: list[bytes] = []
    thread = Thread(target=lambda: made.extend(turns({"long": True}, started)), daemon=True)
    thread.start()
    assert asked.wait(5)
    for _ in range(3):
        assert turns({"long": False}, started) == [b"x"]
    answered.set()
    thread.join(5)
    assert made == [b"made"]
