"""Work that is done later, by the worker, at least once: rows of one table.

Nothing here notifies: PostgreSQL's NOTIFY takes a lock of the whole database until commit, which
would make disclosures wait for each other. The worker asks each second instead.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index, Text, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Base, Database, UtcDateTime
from app.kernel.ids import new_id

FACTS_CHANGED: Final = "facts.changed"
"""The kind of job that tells others of a change: one storey makes it, another does it."""
MOST_ATTEMPTS: Final = 10
_FIRST_WAIT: Final = timedelta(seconds=2)
_LONGEST_WAIT: Final = timedelta(hours=1)
_KEPT_FOR: Final = timedelta(days=1)
_DIED: Final = "WorkerDied"


class JobRow(Base):
    """One job: it runs when it is due, again later if it fails, and stays if it cannot be done.

    One that is done stays for a day, so that a recurring one is not made again for its stretch.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(
            None,
            "run_at",
            postgresql_where=text("done_at is null and failed_because is null"),
        ),
        Index(
            "uq_job_recurring",
            "kind",
            "due",
            unique=True,
            postgresql_where=text("payload = '{}'::jsonb"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    due: Mapped[datetime] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_because: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Job:
    """What a job's function is given, with the session whose transaction is the job's own.

    `failed_because` is the kind of the last fault, for what is done about a job that is given up.
    """

    kind: str
    payload: Mapping[str, Any]
    due: datetime
    failed_because: str | None = None


Work = Callable[[Session, Job, datetime], None]
NOTHING: Final[Mapping[str, Work]] = {}


def enqueue(
    session: Session, kind: str, payload: Mapping[str, Any], due: datetime, at: datetime
) -> None:
    """Have work done once this transaction is committed; ids in `payload`, never names."""
    values = {"id": new_id(at), "kind": kind, "payload": dict(payload), "due": due}
    session.execute(insert(JobRow).values(**values, run_at=due, attempts=0))


def enqueue_recurring(session: Session, kind: str, every: timedelta, at: datetime) -> None:
    """Have recurring work done for the stretch that `at` lies in; many workers make one job."""
    seconds = int(every.total_seconds())
    due = at - timedelta(seconds=int(at.timestamp()) % seconds, microseconds=at.microsecond)
    values = {"id": new_id(at), "kind": kind, "payload": {}, "due": due, "run_at": due}
    session.execute(insert(JobRow).values(**values, attempts=0).on_conflict_do_nothing())


def run_one(
    database: Database,
    work: Mapping[str, Work],
    at: datetime,
    given_up: Mapping[str, Work] = NOTHING,
) -> str | None:
    """Run one due job in a transaction of its own; return its kind, or None where none was due.

    A job that fails is tried again later, ten times in all, and then stays as failed: what
    `given_up` has for its kind is done in the transaction that says so. One whose worker died at
    each try is given up in the same way, not tried for ever.
    """
    with database.transaction() as session:
        claimed = _claim(session, work, at)
    if claimed is None:
        return None
    job = Job(claimed.kind, claimed.payload, claimed.due)
    if claimed.attempts >= MOST_ATTEMPTS:
        with database.transaction() as session:
            _put_off(session, claimed, _DIED, at)
            given_up.get(job.kind, _nothing)(session, replace(job, failed_because=_DIED), at)
        return claimed.kind
    try:
        with database.transaction() as session:
            if _hold(session, claimed):
                work[claimed.kind](session, job, at)
                session.execute(update(JobRow).where(JobRow.id == claimed.id).values(done_at=at))
                session.execute(delete(JobRow).where(JobRow.done_at < at - _KEPT_FOR))
    except Exception as error:
        failed = replace(job, failed_because=type(error).__name__)
        with database.transaction() as session:
            if _put_off(session, claimed, type(error).__name__, at):
                given_up.get(job.kind, _nothing)(session, failed, at)
        raise
    return claimed.kind


def failed_jobs(session: Session) -> dict[str, int]:
    """Return how many jobs of each kind stay as failed."""
    counted = select(JobRow.kind, func.count()).where(JobRow.failed_because.is_not(None))
    found = session.execute(counted.group_by(JobRow.kind).order_by(JobRow.kind))
    return {str(kind): int(count) for kind, count in found}


def _claim(session: Session, work: Mapping[str, Work], at: datetime) -> JobRow | None:
    """Take a due job out of others' sight until it is done, failed, or this worker died."""
    found = (
        select(JobRow)
        .where(
            JobRow.run_at <= at,
            JobRow.done_at.is_(None),
            JobRow.failed_because.is_(None),
            JobRow.kind.in_(work),
        )
        .order_by(JobRow.run_at, JobRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.scalars(found).first()
    if row is not None:
        session.execute(
            update(JobRow)
            .where(JobRow.id == row.id)
            .values(attempts=row.attempts + 1, run_at=at + _wait(row.attempts))
            .execution_options(synchronize_session=False)  # the row says how it was found
        )
    return row


def _hold(session: Session, job: JobRow) -> bool:
    """Keep a job from every other worker until this transaction ends; False if one has it by now.

    The wait that `_claim` sets is short, and work may take longer: without this, a second worker
    would begin what the first has not finished.
    """
    row = JobRow
    here = select(row.id).where(row.id == job.id, row.done_at.is_(None))
    return session.scalar(here.with_for_update(skip_locked=True)) is not None


def _nothing(_: Session, __: Job, ___: datetime) -> None:
    """Do nothing about a job that is given up: that it stays as failed is all there is to it."""


def _put_off(session: Session, job: JobRow, because: str, at: datetime) -> bool:
    """Have a job tried again later, or leave it as failed; say whether it is."""
    done_for = job.attempts + 1 >= MOST_ATTEMPTS
    session.execute(
        update(JobRow)
        .where(JobRow.id == job.id)
        .values(run_at=at + _wait(job.attempts), failed_because=because if done_for else None)
    )
    return done_for


def _wait(attempts: int) -> timedelta:
    """Return a wait that doubles, with jitter, so that what failed together does not return so."""
    longest = min(_FIRST_WAIT.total_seconds() * 2**attempts, _LONGEST_WAIT.total_seconds())
    return timedelta(seconds=longest * (0.5 + secrets.randbelow(500) / 1000))
