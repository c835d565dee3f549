"""The log taken out as a table: an entry of the log says so, as of every export."""

from datetime import datetime

from sqlalchemy.orm import Session

from sharing.actions.exporting import Reader, log_export
from sharing.queries.exporting import Openings
from sharing.queries.tables import EARLIEST, Stretch

CSV = "csv"


def log_table(session: Session, reader: Reader, wanted: Stretch, at: datetime) -> None:
    """Write the entry that says who took which stretch out; the session speaks for the reader."""
    since = None if wanted.since == EARLIEST else wanted.since.isoformat()
    more = {"form": CSV, "since": since, "until": wanted.until.isoformat()}
    log_export(session, reader, Openings.FACTS, at, more=more)
