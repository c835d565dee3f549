"""Writing down what an entry is from now on, beside what it was: nothing is ever overwritten."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from directory.models.keeping import EntryVersionRow
from directory.rules.entries import as_document
from directory.terms.contacts import ContactPoint
from directory.terms.coverage import Area, Cover, Coverage
from directory.terms.keeping import Actor, EntryKind

Entry = ContactPoint | Area | Coverage | Cover


def note_version(
    session: Session, entry: Entry, by: Actor, at: datetime, before: Entry | None = None
) -> None:
    """Write down what an entry is from an instant, and by whom; nothing if nothing has changed.

    `before` is what it was: of an entry older than its history that is written down first, with
    nobody's name. The caller lets one transaction at a time change the entry.
    """
    kind, of = _named(entry)
    row = EntryVersionRow
    numbers = select(func.max(row.number)).where(row.kind == kind.value, row.entry == of)
    last = session.scalar(numbers) or 0
    if before is not None and _document(before) == _document(entry):
        return
    key = {"kind": kind.value, "entry": of}
    if before is not None and last == 0:
        first = {"number": 1, "document": _document(before), "at": before.recorded_at}
        session.execute(insert(row).values(**key, **first))
        last = 1
    made = {"number": last + 1, "document": _document(entry), "at": at}
    session.execute(insert(row).values(**key, **made, author=by.id, agency=by.agency))


def _named(entry: Entry) -> tuple[EntryKind, str]:
    match entry:
        case Area():
            return EntryKind.AREA, entry.code
        case Coverage():
            return EntryKind.COVERAGE, str(entry.id)
        case Cover():
            return EntryKind.COVER, str(entry.id)
        case ContactPoint():
            return EntryKind.CONTACT_POINT, str(entry.id)


def _document(entry: Entry) -> dict[str, Any]:
    """Return an entry as it is kept: of a contact point, what it says and when it ends in one."""
    said = as_document(entry)
    return {**said.pop("facts"), **said} if isinstance(entry, ContactPoint) else said
