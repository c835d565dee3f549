import threading

import pytest

from app.worker import run_together


def test_what_one_task_raises_ends_the_others_and_the_process() -> None:
    ended = []

    def works_on(stopping: threading.Event) -> None:
        stopping.wait()
        ended.append("the other")

    def fails(_: threading.Event) -> None:
        raise RuntimeError("half of the worker")

    with pytest.raises(RuntimeError, match="half of the worker"):
        run_together([works_on, fails], threading.Event())
    assert ended == ["the other"]


def test_tasks_end_when_they_are_told_to() -> None:
    def works_on(stopping: threading.Event) -> None:
        stopping.wait()

    stopping = threading.Event()
    threading.Timer(0.05, stopping.set).start()
    run_together([works_on, works_on], stopping)
    assert stopping.is_set()
