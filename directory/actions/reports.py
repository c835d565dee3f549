"""What anybody may say about a record, and what an editor makes of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import false, func, insert, select, update
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from directory.actions.editing_errors import ReportResolved, TooManyReports
from directory.actions.keeping import check_may_change
from directory.actions.proposing import propose
from directory.models.editing import ReportRow
from directory.queries.editing import current
from directory.queries.records import record
from directory.queries.reports import report, seen_report
from directory.terms.editing import ANYBODY, NewReport, Proposal, Report, Resolution
from directory.terms.keeping import Actor
from directory.terms.records import Record, Viewer

AN_HOUR: Final = timedelta(hours=1)
MOST_OF_A_SENDER: Final = 5
MOST_OF_A_RECORD: Final = 10
MOST_OF_ALL: Final = 200
"""So many reports an hour: people write fewer, and nobody reads more."""
SENDERS_KEPT: Final = timedelta(days=1)


def report_wrong(session: Session, new: NewReport, at: datetime) -> Report:
    """Put a report on file for an editor; what it corrects becomes a draft that waits for one.

    `UnknownRecord` if its sender may not see the record, `TooManyReports` beyond what people
    write, and what `propose` raises where the correction is not valid.
    """
    if new.trusted:
        held = record(session, new.kind, new.record)
    else:
        held = current(session, new.kind, new.record, Viewer(new.agency))
    _check_rates(session, new, at)
    draft = None
    if new.correction:
        draft = propose(session, _correction(new, held, new.correction), at).id
    made = new_id(at)
    session.execute(insert(ReportRow).values(_row(new, held, at) | {"id": made, "draft": draft}))
    return report(session, made)


def resolve(
    session: Session,
    report_id: UUID,
    resolution: Resolution,
    by: Actor,
    at: datetime,
) -> Report:
    """Say what became of a report; where to write to its sender is forgotten with that.

    `NotYoursToChange` if another agency answers for the record.
    """
    session.execute(select(ReportRow.id).where(ReportRow.id == report_id).with_for_update())
    one = seen_report(session, report_id, Viewer(by.agency))
    check_may_change(session, by, record(session, one.kind, one.record).owner, at)
    if one.outcome is not None:
        raise ReportResolved
    values = {
        "outcome": resolution.outcome.value,
        "note": resolution.note,
        "resolved_by": by.id,
        "resolved_at": at,
        "reply_to": None,
    }
    session.execute(update(ReportRow).where(ReportRow.id == report_id).values(values))
    return report(session, report_id)


def forget_senders(session: Session, at: datetime) -> None:
    """Forget what tells one sender from another as soon as no limit needs it."""
    old = (ReportRow.recorded_at < at - SENDERS_KEPT, ReportRow.sender.is_not(None))
    session.execute(update(ReportRow).where(*old).values(sender=None))


def _check_rates(session: Session, new: NewReport, at: datetime) -> None:
    row = ReportRow
    of_sender = false() if new.sender is None else row.sender == new.sender
    of_record = (row.kind == new.kind.value) & (row.record == new.record)
    counted = select(
        func.count(),
        func.count().filter(of_record),
        func.count().filter(of_sender),
    ).where(row.recorded_at > at - AN_HOUR)
    everything, same_record, same_sender = session.execute(counted).one()
    too_many = (
        everything >= MOST_OF_ALL
        or same_record >= MOST_OF_A_RECORD
        or same_sender >= MOST_OF_A_SENDER
    )
    if too_many:
        raise TooManyReports


def _correction(new: NewReport, held: Record, fields: Mapping[str, Any]) -> Proposal:
    author = new.client or ANYBODY
    document = {**held.document, **fields, "id": str(held.id)}
    return Proposal(new.kind, document, author, new.agency, note=new.text)


def _row(new: NewReport, held: Record, at: datetime) -> dict[str, Any]:
    return {
        "kind": new.kind.value,
        "record": new.record,
        "version": held.version,
        "about": new.about.value,
        "text": new.text,
        "reply_to": new.reply_to,
        "sender": new.sender,
        "client": new.client,
        "recorded_at": at,
    }
