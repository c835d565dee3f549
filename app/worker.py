"""The background worker: runs what is due, each job in a transaction of its own."""

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.config import Settings, SettingsFault
from app.kernel import idempotency
from app.kernel.clock import Clock, system_clock
from app.kernel.db import Database, fault_of
from app.kernel.mail import post_for
from app.kernel.outward import Outward
from app.kernel.queue import FACTS_CHANGED, Job, Work, enqueue_recurring, run_one
from app.oauth.jobs import forget_past as forget_tokens
from app.parts import Parts, key_files, parts_for
from app.people.jobs import forget_past as forget_people
from directory import jobs as directory_jobs
from directory.jobs import LetterWriter
from sharing.actions import webhooks
from sharing.actions.anchor import Anchor
from sharing.actions.escalations import settle_waiting
from sharing.actions.events import SEND_ON, send_on, tell_recipients
from sharing.actions.notices import tell_of_overdue
from sharing.actions.removing import remove_past
from sharing.actions.witnesses import Witnesses
from sharing.jobs import keeping
from sharing.jobs.indexing import Indexer
from sharing.jobs.keeping import Keeper
from sharing.jobs.reviewer import Reviewer
from sharing.jobs.sequencer import NO_WITNESSES, Cosigner, Sequencer
from sharing.terms.lines import Hours

POLL_SECONDS: Final = 1.0

WorkOf = Callable[[Settings, Parts], Mapping[str, Work]]

Task = Callable[[threading.Event], None]
"""Works until the event is set."""


def _forget_tokens(session: Session, _: Job, at: datetime) -> None:
    forget_tokens(session, at)


def _forget_keys(session: Session, _: Job, at: datetime) -> None:
    idempotency.forget_past(session, at)


def _forget_people(session: Session, _: Job, at: datetime) -> None:
    forget_people(session, at)


def _tell_recipients(session: Session, job: Job, at: datetime) -> None:
    tell_recipients(session, job.payload, at)


def _send_on(session: Session, job: Job, at: datetime) -> None:
    send_on(session, job.payload, at)


def _remove_past(session: Session, _: Job, at: datetime) -> None:
    remove_past(session, at)


def _tell_of_overdue(session: Session, _: Job, at: datetime) -> None:
    tell_of_overdue(session, at)


def _settle_waiting(session: Session, _: Job, at: datetime) -> None:
    settle_waiting(session, lambda: at)


WORK: Final[dict[str, Work]] = {
    FACTS_CHANGED: _tell_recipients,
    SEND_ON: _send_on,
    "oauth.forget_past": _forget_tokens,
    "idempotency.forget_past": _forget_keys,
    "people.forget_past": _forget_people,
    "records.remove_past": _remove_past,
    "notices.overdue": _tell_of_overdue,
    "escalations.settle": _settle_waiting,
    **directory_jobs.WORK,
    **keeping.WORK,
}
GIVEN_UP: Final[dict[str, Work]] = {**directory_jobs.GIVEN_UP, **keeping.GIVEN_UP}
RECURRING: Final = {
    "oauth.forget_past": timedelta(minutes=1),
    "idempotency.forget_past": timedelta(minutes=10),
    "people.forget_past": timedelta(minutes=10),
    "records.remove_past": timedelta(hours=1),
    "notices.overdue": timedelta(minutes=5),
    "escalations.settle": timedelta(minutes=1),
    **directory_jobs.RECURRING,
    **keeping.RECURRING,
}


def run(settings: Settings, *, jobs: bool = True, sequencer: bool = True) -> None:
    """Work until SIGTERM or SIGINT; what is running then is finished first.

    Only the process that sequences reads the key of the log; in production it is one of its own.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    tasks: list[Task] = []
    if sequencer:
        witnesses = witnesses_for(settings)
        tasks.append(sequencer_for(settings, witnesses).run)
        if witnesses.asked:
            tasks.append(cosigner_for(settings, witnesses).run)
    if jobs:
        tasks.append(partial(_work, settings, work_for))
        # Other people's servers take as long as they like: nothing else waits for them.
        tasks.append(partial(_work, settings, sending_for))
        tasks.append(indexer_for(settings).run)
        tasks.append(reviewer_for(settings).run)
    run_together(tasks, stopping)


def run_together(tasks: Sequence[Task], stopping: threading.Event) -> None:
    """Run tasks side by side until told to stop. What one of them raises ends all, and is raised.

    A process of which half has died would look alive: whoever started it starts it again instead.
    """
    with ThreadPoolExecutor(len(tasks)) as threads:
        running = [threads.submit(task, stopping) for task in tasks]
        wait(running, return_when=FIRST_EXCEPTION)
        stopping.set()
    for task in running:
        task.result()


def work_for(settings: Settings, parts: Parts) -> dict[str, Work]:
    """Return what the worker does, with the post, the addresses and the role that it needs."""
    post = post_for(settings.mail_url, settings.mail_from, settings.home / "mail")
    writer = LetterWriter(post, settings.public_url, settings.publisher)
    return WORK | {directory_jobs.LETTER: writer.send} | Keeper(parts.eraser_database).work


def sending_for(settings: Settings, _: Parts | None = None) -> dict[str, Work]:
    """Return the work that waits for servers of agencies."""
    return {webhooks.SEND: sends_webhooks(Outward(loopback=not settings.production))}


def sends_webhooks(outward: Outward) -> Work:
    """Return the work of sending an event to where its agency wants it."""

    def send(session: Session, job: Job, at: datetime) -> None:
        webhooks.send(session, job.payload, outward, at)

    return send


def sequencer_for(settings: Settings, witnesses: Witnesses = NO_WITNESSES) -> Sequencer:
    """Return the log's sequencer, with the log's own key, or two while one takes over."""
    signers = key_files(settings).log_signers
    anchor = Anchor(settings.anchor_file)
    return Sequencer(sequencer_database(settings), signers, anchor, system_clock, witnesses)


def cosigner_for(settings: Settings, witnesses: Witnesses) -> Cosigner:
    """Return what takes the log's checkpoints to its witnesses."""
    anchor = Anchor(settings.anchor_file)
    return Cosigner(sequencer_database(settings), witnesses, anchor, system_clock)


def indexer_for(settings: Settings, parts: Parts | None = None) -> Indexer:
    """Return what gives the log's entries their lines, by the hours that this partnership keeps."""
    on = parts or parts_for(settings)
    return Indexer(on.database, on.ig_database, Hours(*settings.working_hours))


def reviewer_for(settings: Settings) -> Reviewer:
    """Return what scores the log's entries for its reviewers."""
    parts = parts_for(settings)
    return Reviewer(parts.database, parts.ig_database, parts.clock)


def witnesses_for(settings: Settings) -> Witnesses:
    """Return those who cosign the log's checkpoints; nobody where no file names them."""
    path = settings.witnesses_file
    return NO_WITNESSES if path is None else Witnesses.read(path)


def sequencer_database(settings: Settings) -> Database:
    """Return the database as the role that alone moves the log on."""
    url = settings.database_sequencer_url
    if url is None:
        raise SettingsFault(["DATABASE_SEQUENCER_URL: set it, or DATABASE_URL"])
    return Database.connect(url, None, pool_size=1)


def _work(settings: Settings, work_of: WorkOf, stopping: threading.Event) -> None:
    parts = parts_for(settings)
    work = work_of(settings, parts)
    while not stopping.is_set():
        if not work_once(parts.database, parts.clock, work):
            stopping.wait(POLL_SECONDS)
    parts.database.close()


def work_once(database: Database, clock: Clock, work: Mapping[str, Work] = WORK) -> bool:
    """Run one job if one is due; say whether one was. What fails is logged, and tried again."""
    at = clock()
    try:
        with database.transaction() as session:
            for kind, every in RECURRING.items():
                enqueue_recurring(session, kind, every, at)
        return run_one(database, work, at, GIVEN_UP) is not None
    except SQLAlchemyError as error:
        structlog.get_logger(__name__).warning("database fault", **fault_of(error))
        return False
    except Exception:  # noqa: BLE001  one job's fault, whatever it is, must not keep the others from running
        structlog.get_logger(__name__).exception("job failed")
        return True
