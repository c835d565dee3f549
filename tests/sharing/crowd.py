"""Many who ask at once, each on connections of its own, and one who changes something."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from werkzeug.test import TestResponse

from app.kernel.clock import system_clock
from tests.make import HUB, OAK
from tests.postgres import libpq
from tests.service import Service
from tests.sharing.seeing import Rows

ASKERS = 6
WAIT = 30.0
Body = dict[str, Any]
Change = tuple[str, Body]


@dataclass(frozen=True)
class Answered:
    """One request: when it was begun and answered, by a clock that never goes back."""

    begun: float
    ended: float
    status: int
    told: Any


@dataclass
class Crowd:
    """Many askers on several instances of the service, each with connections of its own."""

    instances: list[Service]
    answers: list[Answered] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def asking(self, number: int, body: Body) -> None:
        service = self.instances[number % len(self.instances)]
        while not self.stop.is_set():
            begun = time.monotonic()
            answer = service.call("POST", "/v1/disclosures", json=body)
            self.answers.append(
                Answered(begun, time.monotonic(), answer.status_code, answer.get_json())
            )

    def await_answers(self, wanted: Callable[[Answered], bool], count: int) -> None:
        deadline = time.monotonic() + WAIT
        while sum(map(wanted, list(self.answers))) < count:
            assert time.monotonic() < deadline, "nobody is answered"
            time.sleep(0.005)


def on_real_time(service: Service) -> Service:
    """Return another instance of the service on the same database, by the real clock."""
    made = Service(service.admin_url, clock=system_clock)
    return made.as_client(OAK, may_override=True)


@contextmanager
def crowd(service: Service) -> Iterator[Crowd]:
    instances = [on_real_time(service) for _ in range(2)]
    yield Crowd(instances)
    for one in instances:
        one.close()


@dataclass(frozen=True)
class Race:
    """What came of many asking while one changed something."""

    answers: list[Answered]
    changed: TestResponse
    begun: float
    ended: float

    def after(self) -> list[Answered]:
        return [one for one in self.answers if one.begun > self.ended]


def race(service: Service, body: Body, change: Change, agency: str = HUB) -> Race:
    """Let many ask the same until well after somebody has changed something beneath them."""
    path, said_now = change
    changer = on_real_time(service).as_client(agency)
    with crowd(service) as many, ThreadPoolExecutor(ASKERS) as pool:
        asking = [pool.submit(many.asking, number, body) for number in range(ASKERS)]
        try:
            many.await_answers(lambda _: True, 3 * ASKERS)
            begun = time.monotonic()
            changed = changer.call("POST", path, json=said_now)
            ended = time.monotonic()
            many.await_answers(lambda one: one.begun > ended, 2 * ASKERS)
        finally:
            many.stop.set()
        for one in asking:
            one.result(WAIT)
    changer.close()
    assert changed.status_code == 201, changed.get_data(as_text=True)
    return Race(many.answers, changed, begun, ended)


@contextmanager
def held(service: Service, statement: str) -> Iterator[None]:
    """Hold a lock on a table's rows until the block ends, as a slow disk would."""
    with psycopg.connect(libpq(service.admin_url)) as connection:
        connection.execute(statement)
        yield
        connection.rollback()


def await_waiting(superuser: Rows, statement: str) -> None:
    """Return once a connection waits for a lock with this in its statement."""
    deadline = time.monotonic() + WAIT
    while True:
        waiting = superuser.execute(
            "select query from pg_stat_activity where wait_event_type = 'Lock'"
            " and datname = current_database()"
        ).fetchall()
        if any(statement in query for (query,) in waiting):
            return
        assert time.monotonic() < deadline, f"nobody waits in {statement}: {waiting}"
        time.sleep(0.01)
