"""Two people at once: one of them is first, and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.kernel.named import NamedProblem
from directory.actions.drafts import approve, withdraw
from directory.actions.editing_errors import DraftConflict, DraftDecided
from directory.actions.reminders import press, remind, write_letter
from directory.terms.reminding import LinkState
from tests.directory.editing.builders import ADA, BEN, OAK, RAE, flat, held, on_file, proposed
from tests.service import MONDAY, Service

pytestmark = pytest.mark.long
Act = Callable[[Session], Any]


def at_once(service: Service, *acts: Act) -> list[Any]:
    """Do each in a transaction of its own, begun together; return what each gave or raised."""
    ready = Barrier(len(acts))

    def run(act: Act) -> Any:
        ready.wait()
        try:
            with service.parts.database.transaction() as session:
                return act(session)
        except NamedProblem as error:
            return type(error)

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_a_draft_is_decided_on_once_however_many_decide(service: Service) -> None:
    with service.parts.database.transaction() as session:
        on_file(session)
        draft = proposed(session, flat(session, name="Group")).id

    done = at_once(
        service,
        lambda session: approve(session, draft, BEN, MONDAY),
        lambda session: approve(session, draft, OAK, MONDAY),
        lambda session: approve(session, draft, RAE, MONDAY),
        lambda session: withdraw(session, draft, ADA, MONDAY),
    )

    assert done.count(DraftDecided) == 3
    with service.parts.database.reading() as session:
        assert held(session).version in (1, 2)


def test_of_two_drafts_of_one_record_the_second_conflicts(service: Service) -> None:
    with service.parts.database.transaction() as session:
        on_file(session)
        one, two = (proposed(session, flat(session, name=name)).id for name in ("A", "B"))

    done = at_once(
        service,
        lambda session: approve(session, one, BEN, MONDAY),
        lambda session: approve(session, two, BEN, MONDAY),
    )

    assert done.count(DraftConflict) == 1
    with service.parts.database.reading() as session:
        assert held(session).version == 2


def test_a_link_that_is_pressed_twice_at_once_counts_once(service: Service) -> None:
    links: list[str] = []
    with service.parts.database.transaction() as session:
        on_file(session, assured_date="2025-01-01", assurer_email="hub@leeds.example")
        (letter,) = remind(session, MONDAY)
        write_letter(session, letter, "Leeds", lambda token: links.append(token) or "", MONDAY)

    done = at_once(service, *[lambda session: press(session, links[0], MONDAY)] * 3)

    assert {one.state for one in done} == {LinkState.USED}
    with service.parts.database.reading() as session:
        assert held(session).version == 2
