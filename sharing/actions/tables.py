"""The log taken out as a table: an entry of the log says so, as of every export."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from sharing.actions.exporting import Reader, log_export
from sharing.queries.tables import EARLIEST, Stretch
from sharing.terms.exporting import Openings

CSV = "csv"


def log_table(session: Session, reader: Reader, wanted: Stretch, at: datetime) -> None:
    """Write the entry that says who took which stretch out; the session speaks for the reader."""
    log_export(session, reader, Openings.FACTS, at, more=facts_of_table(wanted))


def facts_of_table(wanted: Stretch) -> dict[str, Any]:
    """Return what an entry says of the table that was taken out."""
    since = None if wanted.since == EARLIEST else wanted.since.isoformat()
    return {"form": CSV, "since": since, "until": wanted.until.isoformat()}
