"""Nothing is answered that is not in the log, and nothing answered is lost, whatever is killed."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from app.demo.postgres import running
from app.kernel.vault import KeyRing
from app.parts import load_vault
from tests.app.demo.asking import Crowd, crowd
from tests.app.demo.running import Demo, at_work, kill, run_in, until

pytestmark = pytest.mark.long

ANSWERS_BETWEEN_KILLS = 20


def goes_on(asking: Crowd) -> None:
    """Wait until the crowd is answered again."""
    enough = asking.count() + ANSWERS_BETWEEN_KILLS
    until(lambda: asking.count() >= enough)


def logged(home: Path) -> dict[UUID, str]:
    """Every entry of the log by id, with the practitioner's id where its other half names one."""
    with running(home / "pg", home / "run") as server:
        url = server.url("rightshare")
        key = load_vault(url, KeyRing.read(home / "keys" / "vault.json")).named("log")
        engine = create_engine(url)
        with engine.connect() as connection:
            found = connection.execute(text("select id, opening from log_subject order by id"))
            rows = [(row.id, bytes(row.opening)) for row in found]
        engine.dispose()
    opened = {one: json.loads(key.open(seal, "log_subject", one, "opening")) for one, seal in rows}
    return {one: (about.get("practitioner") or {}).get("id", "") for one, about in opened.items()}


def kill_one(of: Callable[[Demo], list[int]]) -> Callable[[Demo], None]:
    """A blow to the first of them, once there is one: the last blow's heirs may not be born yet."""

    def strike(demo: Demo) -> None:
        found: list[int] = []

        def there_is_one() -> bool:
            with suppress(StopIteration, OSError):
                found[:] = of(demo)
            return bool(found)

        until(there_is_one)
        kill(found[0])

    return strike


KILLS = (
    kill_one(Demo.web_workers),
    kill_one(lambda demo: [demo.postmaster()]),
    kill_one(Demo.web_workers),
    kill_one(lambda demo: [demo.server()]),
)


def test_what_was_answered_is_in_the_log_after_every_kind_of_kill(home: Path) -> None:
    with run_in(home) as demo, crowd(demo) as asking:
        for strike in KILLS:
            goes_on(asking)
            strike(demo)
        goes_on(asking)
        for pid in at_work(home):
            kill(pid)
        asking.stop()
    with run_in(home) as demo:
        again = [one for one in asking.unanswered if one.key is not None]
        retried = {one.number: one.ask(demo.desk(one.client_id)) for one in again}
        twice = {one.number: one.ask(demo.desk(one.client_id)) for one in again}
        demo.end()

    entries = logged(home)
    times = Counter(entries.values())
    statuses = Counter(answer.status for _, answer in asking.answered)
    assert statuses[200] > 20
    assert statuses[403] + statuses[404] > 20
    assert len(asking.unanswered) > 0
    for question, answer in asking.answered:
        if answer.status == 200:
            assert entries[UUID(answer.body["id"])] == question.number
        if answer.status in {200, 403, 404}:
            assert times[question.number] == 1, (question, answer)
        else:
            assert (answer.status, answer.body["code"]) == (503, "unavailable")
    for question in asking.unanswered:
        assert times[question.number] <= 1
    for number, answer in retried.items():
        assert answer.status == twice[number].status
        assert answer.body.get("id") == twice[number].body.get("id")
        assert times[number] == 1
