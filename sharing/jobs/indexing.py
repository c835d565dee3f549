"""The indexer: gives each entry its line for reviewers, a second or so after its leaf.

It is not on the way of any disclosure: entries that wait for their lines are told to whoever
searches, and no request waits for it.
"""

import threading
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.db import Database, fault_of
from sharing.actions.indexing import index, lead
from sharing.terms.lines import USUAL_HOURS, Hours

POLL_SECONDS: Final = 1.0


class Indexer:
    """Writes lines; any number may run, one of them works at a time."""

    def __init__(
        self, database: Database, ig_database: Database, hours: Hours = USUAL_HOURS
    ) -> None:
        """Take the database as the web process writes it, and as the role that reads it all."""
        self._database = database
        self._reading = ig_database
        self._hours = hours

    def run(self, stopping: threading.Event) -> None:
        """Follow the log until told to stop; a database that is away for a while is waited for."""
        log = structlog.get_logger(__name__)
        while not stopping.is_set():
            try:
                if self.step():
                    continue
            except SQLAlchemyError as error:
                log.warning("database fault", **fault_of(error))
            stopping.wait(POLL_SECONDS)

    def step(self) -> int:
        """Write the lines of one batch; returns how many entries it held."""
        with self._database.transaction() as session:
            first = lead(session)
            if first is None:
                return 0
            with self._reading.reading() as reading:
                return index(session, reading, first, self._hours)
