"""A search of the log is kept by a name, for everybody of the agency who reads the log."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.vault import Vault
from sharing.actions.log import LOG_KEY, canonical
from sharing.actions.searching_errors import FilterRefused, TooManyViews, UnknownView, ViewExists
from sharing.models.lines import LogViewRow
from sharing.queries.views import MOST_VIEWS
from sharing.terms.searching import FilterFault, NewView, View

_SEALED: Final = ("practitioner",)
_NEVER_KEPT: Final = ("subject", "family")
_WHY: Final = "Name the subject when you search: a view would outlive the erasure of a person."


def keep(session: Session, new: NewView, at: datetime) -> View:
    """Keep a search by a name; what names a practitioner is sealed.

    `FilterRefused` if it names a subject, `ViewExists` if the name is taken, `TooManyViews` if the
    agency has a hundred. The session speaks for the agency.
    """
    if wrong := [
        FilterFault(f"filters/{one}", _WHY) for one in _NEVER_KEPT if new.filters.get(one)
    ]:
        raise FilterRefused(wrong)
    if (session.scalar(select(func.count()).select_from(LogViewRow)) or 0) >= MOST_VIEWS:
        raise TooManyViews
    view_id, key = new_id(at), Vault.of(session).named(LOG_KEY)
    persons = {name: new.filters[name] for name in _SEALED if name in new.filters}
    sealed = key.seal(canonical(persons), "log_view", view_id, "persons") if persons else None
    plain = {name: value for name, value in new.filters.items() if name not in persons}
    row = {
        "id": view_id,
        "agency": new.agency,
        "name": new.name,
        "owner": new.owner,
        "filters": plain,
        "persons": sealed,
        "made_at": at,
    }
    kept = insert(LogViewRow).values(row).on_conflict_do_nothing().returning(LogViewRow.id)
    if session.scalar(kept) is None:
        raise ViewExists(pointer="#/name")
    return View(view_id, new.name, new.owner, new.filters, at)


def remove(session: Session, view_id: UUID) -> None:
    """Keep a view no longer; `UnknownView` if the agency that the session speaks for has none."""
    gone = delete(LogViewRow).where(LogViewRow.id == view_id).returning(LogViewRow.id)
    if session.scalar(gone) is None:
        raise UnknownView
