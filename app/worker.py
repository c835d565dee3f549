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
from app.kernel.db import Database
from app.kernel.mail import post_for
from app.kernel.queue import FACTS_CHANGED, Job, Work, enqueue_recurring, run_one
from app.kernel.signing import read_key
from app.oauth.jobs import forget_past as forget_tokens
from app.parts import parts_for
from app.people.jobs import forget_past as forget_people
from directory import jobs as directory_jobs
from directory.jobs import LetterWriter
from sharing.actions.events import tell_recipients
from sharing.chain.notes import Signer
from sharing.jobs import Anchor, Sequencer

POLL_SECONDS: Final = 1.0

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


WORK: Final[dict[str, Work]] = {
    FACTS_CHANGED: _tell_recipients,
    "oauth.forget_past": _forget_tokens,
    "idempotency.forget_past": _forget_keys,
    "people.forget_past": _forget_people,
    **directory_jobs.WORK,
}
RECURRING: Final = {
    "oauth.forget_past": timedelta(minutes=1),
    "idempotency.forget_past": timedelta(minutes=10),
    "people.forget_past": timedelta(minutes=10),
    **directory_jobs.RECURRING,
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
        tasks.append(sequencer_for(settings).run)
    if jobs:
        tasks.append(partial(_work, settings))
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


def work_for(settings: Settings) -> dict[str, Work]:
    """Return what the worker does, with the post and the addresses that letters need."""
    post = post_for(settings.mail_url, settings.mail_from, settings.home / "mail")
    writer = LetterWriter(post, settings.public_url, settings.publisher)
    return WORK | {directory_jobs.LETTER: writer.send}


def sequencer_for(settings: Settings) -> Sequencer:
    """Return the log's sequencer, with the log's own key."""
    url = settings.database_sequencer_url
    if url is None:
        raise SettingsFault(["DATABASE_SEQUENCER_URL: set it, or DATABASE_URL"])
    return Sequencer(
        Database.connect(url, None, pool_size=1),
        Signer(settings.log_origin, read_key(settings.log_key_file)),
        Anchor(settings.anchor_file),
        system_clock,
    )


def _work(settings: Settings, stopping: threading.Event) -> None:
    parts, work = parts_for(settings), work_for(settings)
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
        return run_one(database, work, at, directory_jobs.GIVEN_UP) is not None
    except SQLAlchemyError as error:
        structlog.get_logger(__name__).warning("database not available", error=type(error).__name__)
        return False
    except Exception:  # noqa: BLE001  one job's fault, whatever it is, must not keep the others from running
        structlog.get_logger(__name__).exception("job failed")
        return True
