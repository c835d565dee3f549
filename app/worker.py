"""The background worker: runs what is due, each job in a transaction of its own."""

import signal
import threading
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.config import Settings
from app.factory import parts_for
from app.kernel import idempotency
from app.kernel.clock import Clock
from app.kernel.db import Database
from app.kernel.queue import Job, Work, enqueue_recurring, run_one
from app.oauth.jobs import forget_past as forget_tokens

POLL_SECONDS: Final = 1.0


def _forget_tokens(session: Session, _: Job, at: datetime) -> None:
    forget_tokens(session, at)


def _forget_keys(session: Session, _: Job, at: datetime) -> None:
    idempotency.forget_past(session, at)


WORK: Final[dict[str, Work]] = {
    "oauth.forget_past": _forget_tokens,
    "idempotency.forget_past": _forget_keys,
}
RECURRING: Final = {
    "oauth.forget_past": timedelta(minutes=1),
    "idempotency.forget_past": timedelta(minutes=10),
}


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; the job that is running then is finished first."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    parts = parts_for(settings)
    while not stopping.is_set():
        if not work_once(parts.database, parts.clock):
            stopping.wait(POLL_SECONDS)
    parts.database.close()


def work_once(database: Database, clock: Clock) -> bool:
    """Run one job if one is due; say whether one was. What fails is logged, and tried again."""
    at = clock()
    try:
        with database.transaction() as session:
            for kind, every in RECURRING.items():
                enqueue_recurring(session, kind, every, at)
        return run_one(database, WORK, at) is not None
    except SQLAlchemyError as error:
        structlog.get_logger(__name__).warning("database not available", error=type(error).__name__)
        return False
    except Exception:  # noqa: BLE001  one job's fault, whatever it is, must not keep the others from running
        structlog.get_logger(__name__).exception("job failed")
        return True
