"""What people said is wrong with records."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models.editing import ReportRow
from directory.models.records import DirectoryRecordRow
from directory.queries.editing import BATCH, put_together
from directory.queries.records import record
from directory.rules.audience import seen_by
from directory.terms.editing import Report, ReportAbout, ReportOutcome, ReportState, UnknownReport
from directory.terms.records import RecordKind, Viewer


@dataclass(frozen=True, slots=True)
class ReportSearch:
    """Which reports are sought."""

    state: ReportState | None = None
    record: UUID | None = None
    owner: str | None = None


def report(session: Session, report_id: UUID) -> Report:
    """Return a report, whoever may see it; `UnknownReport` if there is none."""
    found = session.get(ReportRow, report_id, populate_existing=True)
    if found is None:
        raise UnknownReport
    return _report(found)


def seen_report(session: Session, report_id: UUID, viewer: Viewer) -> Report:
    """Return a report about a record that the viewer may see, else `UnknownReport`."""
    found = report(session, report_id)
    if not _may_see(session, found, viewer):
        raise UnknownReport
    return found


def reports(
    session: Session,
    search: ReportSearch,
    viewer: Viewer,
    *,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[Report]:
    """Return reports about records that the viewer may see, the oldest first, after `after`."""
    row, held = ReportRow, DirectoryRecordRow
    statement = select(row).order_by(row.id).limit(BATCH)
    if search.state is ReportState.WAITING:
        statement = statement.where(row.resolved_at.is_(None))
    if search.state is ReportState.RESOLVED:
        statement = statement.where(row.resolved_at.is_not(None))
    if search.record is not None:
        statement = statement.where(row.record == search.record)
    if search.owner is not None:
        owned = select(held.id).where(
            held.kind == row.kind, held.id == row.record, held.owner == search.owner
        )
        statement = statement.where(owned.exists())
    found: list[Report] = []
    while limit is None or len(found) < limit:
        since = statement if after is None else statement.where(row.id > after)
        batch = [_report(one) for one in session.scalars(since)]
        found += (one for one in batch if _may_see(session, one, viewer))
        if len(batch) < BATCH:
            break
        after = batch[-1].id
    return found[:limit]


def _may_see(session: Session, one: Report, viewer: Viewer) -> bool:
    held = record(session, one.kind, one.record)
    return seen_by(put_together(session, one.kind, held.document), viewer) is not None


def _report(row: ReportRow) -> Report:
    return Report(
        row.id,
        RecordKind(row.kind),
        row.record,
        row.version,
        ReportAbout(row.about),
        row.text,
        row.recorded_at,
        row.reply_to,
        row.client,
        row.draft,
        None if row.outcome is None else ReportOutcome(row.outcome),
        row.resolved_by,
        row.resolved_at,
        row.note,
    )
