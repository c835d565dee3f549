"""Whatever is killed, the service answers again by itself, or nothing of it is left."""

from collections.abc import Callable

import pytest

from tests.app.demo.running import Demo, at_work, kill, run_in, until

pytestmark = pytest.mark.long


def web_workers(demo: Demo) -> list[int]:
    return demo.web_workers()


def server(demo: Demo) -> list[int]:
    return [demo.server()]


def worker(demo: Demo) -> list[int]:
    return [demo.worker()]


def postmaster(demo: Demo) -> list[int]:
    return [demo.postmaster()]


def answers_whoever_is_asked(demo: Demo) -> bool:
    """Several times, for one of the web workers may be well while the other is not."""
    school = demo.desk("oak-mis")
    try:
        return all(school.call("GET", "/v1/echo").status == 200 for _ in range(6))
    except OSError:
        return False


@pytest.mark.parametrize("who", [web_workers, server, worker, postmaster])
def test_what_is_killed_comes_back(demo: Demo, who: Callable[[Demo], list[int]]) -> None:
    until(lambda: answers_whoever_is_asked(demo))
    for pid in (killed := who(demo)):
        kill(pid)
    until(lambda: not set(killed) & set(at_work(demo.home)))
    until(lambda: demo.is_ready() and answers_whoever_is_asked(demo))
    until(lambda: len(demo.web_workers()) == 2 and len(demo.pids("worker")) == 1)
    asked = demo.desk("oak-mis").call("POST", "/v1/disclosures", {}, Prefer="wait=5")
    assert asked.status == 422


def test_one_of_two_web_workers_is_replaced(demo: Demo) -> None:
    until(lambda: demo.is_ready() and len(demo.web_workers()) == 2)
    gone = demo.web_workers()[0]
    kill(gone)
    until(lambda: gone not in demo.web_workers() and len(demo.web_workers()) == 2)
    until(lambda: answers_whoever_is_asked(demo))


def test_kill_9_of_the_supervisor_leaves_nothing_and_the_next_start_works(demo: Demo) -> None:
    until(demo.is_ready)
    kill(demo.process.pid)
    until(lambda: not at_work(demo.home), 10)
    with run_in(demo.home) as again:
        assert answers_whoever_is_asked(again)
        everything = at_work(again.home)
        for pid in everything:
            kill(pid)
        until(lambda: not at_work(again.home), 10)
    with run_in(demo.home) as again:
        assert answers_whoever_is_asked(again)
        assert again.end() == 0
        assert at_work(demo.home) == []
