"""Whoever is suspended is told nothing, by whichever door."""

from datetime import datetime

from sqlalchemy.orm import Session

from directory.queries.agencies import takes_part
from sharing.actions.errors import AgencySuspended


def check_takes_part(session: Session, agency: str, at: datetime) -> None:
    """Return if an agency takes part in the partnership at an instant; else `AgencySuspended`."""
    if not takes_part(session, agency, at):
        raise AgencySuspended
