"""Agencies' systems that keep asking while the demonstration is being killed."""

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.app.demo.running import Answer, Demo, Desk

ROLE = "designated_safeguarding_lead"


@dataclass(frozen=True)
class Question:
    """One request; its practitioner's id, sealed in the entry, says which entry is its own."""

    number: str
    client_id: str
    body: dict[str, Any]
    key: str | None

    def ask(self, desk: Desk) -> Answer:
        named = {} if self.key is None else {"Idempotency-Key": self.key}
        return desk.call("POST", "/v1/disclosures", self.body, **named)


@dataclass
class Crowd:
    """Who asks, what they were answered, and what they never heard of again."""

    home: Path
    answered: list[tuple[Question, Answer]] = field(default_factory=list)
    unanswered: list[Question] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def count(self) -> int:
        return len(self.answered)

    def ask_on(self, stories: list[tuple[str, dict[str, Any]]], seat: int) -> None:
        desks = {client_id: Desk(self.home, client_id) for client_id, _ in stories}
        for client_id, request in itertools.islice(itertools.cycle(stories), seat, None):
            if self._stopping.is_set():
                return
            question = self._question(client_id, request)
            try:
                answer = question.ask(desks[client_id])
            except (OSError, HTTPException, SystemExit) as error:
                if not _was_refused(error):
                    self.unanswered.append(question)
                self._stopping.wait(0.2)
            else:
                self.answered.append((question, answer))

    def stop(self) -> None:
        self._stopping.set()

    def _question(self, client_id: str, request: dict[str, Any]) -> Question:
        number = f"asked-{next(self._numbers):05}"
        body = request | {"practitioner": {"id": number, "role": ROLE}}
        keyed = int(number[-1]) % 2 == 0
        return Question(number, client_id, body, str(uuid4()) if keyed else None)


def _was_refused(error: BaseException) -> bool:
    """Whether nobody listened, so that the question never left."""
    return isinstance(getattr(error, "reason", error), ConnectionRefusedError)


@contextmanager
def crowd(demo: Demo, threads: int = 4) -> Iterator[Crowd]:
    """Have systems ask all that the demonstration's stories suggest, over and over."""
    asking = Crowd(demo.home)
    stories = suggested(demo.home)
    seats = [
        threading.Thread(target=asking.ask_on, args=(stories, seat * 3)) for seat in range(threads)
    ]
    for seat in seats:
        seat.start()
    try:
        yield asking
    finally:
        asking.stop()
        for seat in seats:
            seat.join()


def suggested(home: Path) -> list[tuple[str, dict[str, Any]]]:
    """Everything that `subjects.json` says to try, by whom."""
    told = json.loads((home / "demo" / "subjects.json").read_text())
    return [(one["client_id"], one["request"]) for story in told for one in story["try"]]
