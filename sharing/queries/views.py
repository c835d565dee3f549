"""The searches of the log that an agency keeps; the session speaks for it."""

import json
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from sharing.models.lines import LogViewRow
from sharing.terms.searching import View

MOST_VIEWS = 100


def views(session: Session) -> list[View]:
    """Return the views of the agency, by name."""
    found = select(LogViewRow).order_by(LogViewRow.name, LogViewRow.id).limit(MOST_VIEWS)
    return [_view(session, row) for row in session.scalars(found)]


def view(session: Session, view_id: UUID) -> View | None:
    """Return one view, or None where the agency has none of this id."""
    row = session.get(LogViewRow, view_id)
    return None if row is None else _view(session, row)


def _view(session: Session, row: LogViewRow) -> View:
    filters = dict(row.filters)
    if row.persons is not None:
        key = Vault.of(session).named("log")
        filters |= json.loads(key.open(row.persons, "log_view", row.id, "persons"))
    return View(row.id, row.name, row.owner, filters, row.made_at)
