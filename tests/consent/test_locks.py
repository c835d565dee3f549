import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.kernel.db import Database
from app.kernel.named import NotAvailable
from consent.actions import consents, holding, subjects
from consent.actions.subjects import GivenIdentifier
from consent.queries.locks import lock_for_change, member_lock_keys, shared_lock_keys
from tests.consent.builders import (
    CHILD,
    HUB,
    MONDAY,
    OTHER,
    PARTNERS,
    PUPIL,
    TUESDAY,
    family,
    known,
    recorded,
    registered,
)

SECONDS = 10.0
_SHARED = text("select pg_advisory_xact_lock_shared(key) from unnest(cast(:keys as bigint[])) key")


def digests(session: Session, *given: GivenIdentifier) -> list[bytes]:
    return [one.digest for one in subjects.read_identifiers(session, given, PARTNERS)]


def ask(session: Session, *given: GivenIdentifier) -> None:
    """Hold what an asker holds while it decides."""
    session.execute(_SHARED, {"keys": shared_lock_keys(digests(session, *given))}).all()


def waits(database: Database, act: Callable[[Session], object]) -> bool:
    """Say whether an act in a transaction of its own has to wait for somebody."""
    with database.transaction() as session:
        session.execute(text("set local lock_timeout = '50ms'"))
        try:
            act(session)
        except OperationalError:
            session.rollback()
            return True
    return False


def test_keys_are_ordered_and_each_comes_once() -> None:
    one, other = UUID(int=1), UUID(int=2)

    assert member_lock_keys([other, one, other]) == sorted({*member_lock_keys([one, other])})
    assert shared_lock_keys([b"\xff" * 32, b"\x00" * 32, b"\xff" * 32]) == [-1, 0]


def test_askers_do_not_wait_for_each_other(committing: Database) -> None:
    with committing.transaction() as session:
        family(session)

    with committing.transaction() as asking:
        ask(asking, CHILD)
        assert not waits(committing, lambda session: ask(session, CHILD))


def test_a_change_waits_for_whoever_is_deciding_by_any_identifier(committing: Database) -> None:
    with committing.transaction() as session:
        child = registered(session, CHILD, PUPIL)
        other = registered(session, OTHER)

    for identifier in (CHILD, PUPIL):
        with committing.transaction() as asking:
            ask(asking, identifier)
            assert waits(committing, lambda session: lock_for_change(session, [child]))
            assert not waits(committing, lambda session: lock_for_change(session, [other]))


def test_an_asker_waits_for_whoever_changes_the_subject_or_a_member(committing: Database) -> None:
    with committing.transaction() as session:
        child = registered(session, CHILD)

    with committing.transaction() as changing:
        lock_for_change(changing, [child])
        assert waits(committing, lambda session: ask(session, CHILD))
        by_id = {"keys": member_lock_keys([child])}
        assert waits(committing, lambda session: session.execute(_SHARED, by_id))


def test_an_identifier_nobody_knows_is_locked_while_it_is_registered(committing: Database) -> None:
    with committing.transaction() as registering:
        holding.hold_new(registering, digests(registering, CHILD), lambda: MONDAY)

        assert waits(committing, lambda session: ask(session, CHILD))


def test_the_clock_is_read_when_the_lock_is_held(committing: Database) -> None:
    with committing.transaction() as session:
        child = registered(session, CHILD)
    read: list[str] = []

    def clock() -> datetime:
        read.append("clock")
        return TUESDAY

    with committing.transaction() as asking:
        ask(asking, CHILD)
        assert waits(committing, lambda session: holding.hold_subjects(session, [child], clock))
        assert read == []
    with committing.transaction() as session:
        assert holding.hold_subjects(session, [child], clock) == TUESDAY
        with pytest.raises(NotAvailable):
            holding.hold_consent(session, UUID(int=1), clock)
        with pytest.raises(NotAvailable):
            holding.hold_shield(session, UUID(int=1), clock)
    assert read == ["clock"]


@pytest.mark.long
def test_no_decision_rests_on_a_consent_after_its_withdrawal(committing: Database) -> None:
    """Askers look again and again; one withdraws. What they saw fits the order of the commits."""
    with committing.transaction() as session:
        child, mother = family(session)
        said = recorded(session, child, mother, MONDAY)
    answered = threading.Event()
    began_after: list[bool] = []
    seen: list[tuple[bool, datetime]] = []

    def clock() -> datetime:
        return datetime.now(UTC)  # noqa: TID251  (a race needs the real one)

    def look() -> None:
        for _ in range(200):
            late = answered.is_set()
            with committing.transaction() as session:
                ask(session, CHILD)
                at = clock()
                found = known(session, CHILD, at=at)
                assert found is not None
                (consent,) = found.consents
                withdrawn = consent.withdrawn_at is not None and consent.withdrawn_at <= at
                seen.append((withdrawn, at))
            if late:
                began_after.append(withdrawn)
                return

    askers = [threading.Thread(target=look) for _ in range(3)]
    for asker in askers:
        asker.start()
    with committing.transaction() as session:
        at = holding.hold_consent(session, said.id, clock)
        consents.withdraw(session, said.id, HUB, at)
    answered.set()
    for asker in askers:
        asker.join(SECONDS)

    assert began_after == [True] * 3
    assert all(withdrawn == (instant >= at) for withdrawn, instant in seen)


@pytest.mark.long
def test_two_who_change_the_same_family_never_wait_for_each_other_in_a_ring(
    committing: Database,
) -> None:
    with committing.transaction() as session:
        people = [registered(session, CHILD), registered(session, OTHER), registered(session)]
    failed: list[OperationalError] = []

    def change(order: list[UUID]) -> None:
        for _ in range(50):
            with committing.transaction() as session, suppress(NotAvailable):
                try:
                    lock_for_change(session, order)
                except OperationalError as error:
                    failed.append(error)
                    raise

    changing = [threading.Thread(target=change, args=(order,)) for order in (people, people[::-1])]
    for one in changing:
        one.start()
    for one in changing:
        one.join(SECONDS)

    assert failed == []
