"""Duties that came with a permit are closed by the agency that received it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from sharing.actions.errors import ObligationClosed, UnknownObligation
from sharing.actions.log import LOG_KEY
from sharing.models.log import ObligationRow


@dataclass(frozen=True, slots=True)
class Closing:
    """How a duty was met; the note may speak of the family and is sealed."""

    outcome: str
    note: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A duty that is met."""

    code: str
    outcome: str
    closed_at: datetime


def close_obligation(
    session: Session, entry: UUID, code: str, closing: Closing, at: datetime
) -> Closed:
    """Close a duty of the agency that the session speaks for.

    `UnknownObligation` if this entry brought it no such duty, `ObligationClosed` if it is met.
    """
    row = session.get(ObligationRow, (entry, code))
    if row is None:
        raise UnknownObligation
    if row.closed_at is not None:
        raise ObligationClosed
    key = Vault.of(session).named(LOG_KEY)
    sealed = (
        None
        if closing.note is None
        else key.seal(closing.note.encode(), "obligation", entry, code, "note")
    )
    session.execute(
        update(ObligationRow)
        .where(ObligationRow.entry_id == entry, ObligationRow.code == code)
        .values(closed_at=at, closed_by=closing.by, outcome=closing.outcome, note=sealed)
    )
    return Closed(code, closing.outcome, at)
