"""Vouching for a service as it stands, and saying which agency answers for a record."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from directory.actions.drafts import ASSURED
from directory.actions.editing_errors import ServiceEnded, UnknownReference
from directory.actions.keeping import check_may_change
from directory.actions.records import lock_changes, put_records
from directory.models.records import DirectoryRecordRow, DirectoryVersionRow
from directory.queries.agencies import unknown_codes
from directory.queries.editing import current
from directory.queries.records import record
from directory.rules.freshness import next_check
from directory.terms.editing import Confirmed, Handover
from directory.terms.keeping import Actor
from directory.terms.records import Authorship, Origin, Record, RecordKind, Viewer

DEFUNCT = "defunct"


def confirm(
    session: Session, service: UUID, by: Actor, at: datetime, note: str | None = None
) -> Confirmed:
    """Write down that somebody vouches for a service as it stands: no second person is asked.

    `UnknownRecord` if there is none that they may see; `ServiceEnded` if it is defunct;
    `NotYoursToChange` if another agency answers for it.
    """
    lock_changes(session)
    held = current(session, RecordKind.SERVICE, service, Viewer(by.agency))
    check_may_change(session, by, held.owner, at)
    return vouch(session, held, by, at, note)


def vouch(
    session: Session, held: Record, by: Actor, at: datetime, note: str | None = None
) -> Confirmed:
    """Date the assurance of a service with today; changes must be locked by now."""
    if held.document.get("status") == DEFUNCT:
        raise ServiceEnded
    today = at.date()
    document = {**held.document, ASSURED: today.isoformat()}
    authorship = Authorship(by.id, Origin.CONFIRMED, by.agency, note=note)
    put_records(session, RecordKind.SERVICE, [document], authorship, at)
    now = record(session, RecordKind.SERVICE, held.id)
    return Confirmed(held.id, today, next_check(today, today), now.version)


def hand_over(session: Session, to: Handover, by: Actor, at: datetime) -> Record:
    """Make an agency answer for a record from now on; its versions say who decided that.

    `UnknownReference` if there is no such agency, `NotYoursToChange` if another answers for it
    now. What the record says stays as it is.
    """
    lock_changes(session)
    held = current(session, to.kind, to.record, Viewer(by.agency))
    check_may_change(session, by, held.owner, at)
    if unknown_codes(session, {to.owner}):
        said = "No agency has this code. GET /v1/agencies lists those there are."
        raise UnknownReference(said, "#/owner")
    if held.owner != to.owner:
        row = DirectoryRecordRow
        here = (row.kind == to.kind.value, row.id == to.record)
        values = {"owner": to.owner, "version": held.version + 1, "changed_at": at}
        session.execute(update(row).where(*here).values(values))
        session.execute(insert(DirectoryVersionRow).values(_handed_over(held, to.owner, by, at)))
    return record(session, to.kind, to.record)


def _handed_over(held: Record, owner: str, by: Actor, at: datetime) -> dict[str, object]:
    return {
        "kind": held.kind.value,
        "id": held.id,
        "number": held.version + 1,
        "document": dict(held.document),
        "origin": Origin.EDITED.value,
        "author": by.id,
        "agency": by.agency,
        "note": f"Owner: {owner}",
        "source": held.source,
        "licence": held.licence,
        "at": at,
    }
