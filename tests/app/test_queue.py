"""Work that is done later is done once, tried again when it fails, and never lost."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.kernel.queue import MOST_ATTEMPTS, Job, enqueue, enqueue_recurring, failed_jobs, run_one
from app.worker import RECURRING, WORK, work_once
from sharing.jobs.keeping import PARTITIONS, Keeper
from tests.service import MONDAY, Service

done: list[tuple[str, object]] = []


@pytest.fixture(autouse=True)
def _forget() -> None:
    done.clear()


def note(_: Session, job: Job, __: datetime) -> None:
    done.append((job.kind, job.payload.get("n")))


class Broken(Exception):
    """What fails in these tests."""


def fail(_: Session, __: Job, ___: datetime) -> None:
    raise Broken


def test_a_job_runs_once_when_it_is_due(service: Service) -> None:
    database = service.parts.database
    with database.transaction() as session:
        enqueue(session, "note", {"n": 1}, MONDAY + timedelta(minutes=5), MONDAY)

    assert run_one(database, {"note": note}, MONDAY) is None
    later = MONDAY + timedelta(minutes=5)
    assert run_one(database, {"note": note}, later) == "note"
    assert run_one(database, {"note": note}, later) is None
    assert done == [("note", 1)]


def test_a_job_of_a_transaction_that_rolled_back_never_was(service: Service) -> None:
    database = service.parts.database

    def enqueue_and_fail() -> None:
        with database.transaction() as session:
            enqueue(session, "note", {"n": 1}, MONDAY, MONDAY)
            raise Broken

    with pytest.raises(Broken):
        enqueue_and_fail()

    assert run_one(database, {"note": note}, MONDAY) is None


def test_recurring_work_runs_once_for_each_stretch_however_many_workers_ask(
    service: Service,
) -> None:
    database = service.parts.database
    for minute in (0, 0, 1):
        at = MONDAY + timedelta(minutes=minute, seconds=7)
        with database.transaction() as session:
            enqueue_recurring(session, "note", timedelta(minutes=1), at)
        run_one(database, {"note": note}, at)

    assert len(done) == 2


def test_a_job_that_keeps_failing_is_put_off_and_then_stays_as_failed(service: Service) -> None:
    database = service.parts.database
    with database.transaction() as session:
        enqueue(session, "fail", {"n": 1}, MONDAY, MONDAY)
    for attempt in range(MOST_ATTEMPTS):
        with pytest.raises(Broken):
            run_one(database, {"fail": fail}, MONDAY + timedelta(days=attempt))

    assert run_one(database, {"fail": fail}, MONDAY + timedelta(days=99)) is None
    with database.transaction() as session:
        assert failed_jobs(session) == {"fail": 1}


def test_the_worker_does_each_recurring_job_once_and_then_rests(service: Service) -> None:
    database, clock = service.parts.database, service.clock
    work = WORK | {PARTITIONS: Keeper(service.parts.eraser_database).keep_partitions}

    assert [work_once(database, clock, work) for _ in range(len(RECURRING) + 1)] == [
        *([True] * len(RECURRING)),
        False,
    ]


def test_what_is_to_be_done_about_failed_work_is_done_once_with_the_last_try(
    service: Service,
) -> None:
    database = service.parts.database
    with database.transaction() as session:
        enqueue(session, "fail", {"n": 1}, MONDAY, MONDAY)
    for attempt in range(MOST_ATTEMPTS):
        assert done == []
        at = MONDAY + timedelta(days=attempt)
        with pytest.raises(Broken):
            run_one(database, {"fail": fail}, at, {"fail": note})

    assert run_one(database, {"fail": fail}, MONDAY + timedelta(days=99), {"fail": note}) is None
    assert done == [("fail", 1)]


def test_work_that_one_worker_is_at_is_not_begun_by_another(service: Service) -> None:
    database = service.parts.database
    with database.transaction() as session:
        enqueue(session, "slow", {"n": 1}, MONDAY, MONDAY)

    def slow(session: Session, job: Job, at: datetime) -> None:
        later = at + timedelta(hours=1)
        note(session, job, at)
        assert run_one(database, {"slow": slow}, later) is None

    assert run_one(database, {"slow": slow}, MONDAY) == "slow"
    assert done == [("slow", 1)]
