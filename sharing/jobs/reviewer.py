"""The reviewer's eye: measures and judges each entry a second or so after its line was written.

It is on nobody's way: what is asked is answered before, and flags block nothing.
"""

import threading
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.clock import Clock
from app.kernel.db import Database, fault_of
from sharing.actions.drawing import keep_seeds
from sharing.actions.scoring import lead, score

POLL_SECONDS: Final = 1.0
LOOKS_AFTER_SEEDS: Final = timedelta(hours=1)


class Reviewer:
    """Scores entries; any number may run, one of them works at a time."""

    def __init__(self, database: Database, ig_database: Database, clock: Clock) -> None:
        """Take the database as the web process writes it, and as the role that reads it all."""
        self._database = database
        self._reading = ig_database
        self._clock = clock

    def run(self, stopping: threading.Event) -> None:
        """Follow the lines until told to stop; a database that is away for a while is waited for.

        An entry that cannot be measured stops the queue there and is told to the operator's log:
        to pass it over would be to choose what nobody looks at.
        """
        logger = structlog.get_logger(__name__)
        seeds_due = self._clock()
        while not stopping.is_set():
            try:
                if self._clock() >= seeds_due:
                    self.keep_seeds()
                    seeds_due = self._clock() + LOOKS_AFTER_SEEDS
                if self.step():
                    continue
            except SQLAlchemyError as error:
                logger.warning("database fault", **fault_of(error))
            except Exception:
                logger.exception("an entry could not be scored")
            stopping.wait(POLL_SECONDS)

    def step(self) -> int:
        """Score one batch; returns how many entries it held."""
        with self._database.transaction() as session:
            first = lead(session)
            if first is None:
                return 0
            with self._reading.reading() as reading:
                return score(session, reading, first, self._clock())

    def keep_seeds(self) -> None:
        """Commit to seeds to come, and tell those of months that are over."""
        with self._database.transaction() as session:
            if lead(session) is not None:
                keep_seeds(session, self._clock())
