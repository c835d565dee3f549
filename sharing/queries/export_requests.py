"""Who asked to take the whole log out, and who agreed."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from sharing.models.exporting import LogExportRequestRow
from sharing.terms.exporting import ExportRequest, Openings


def export_requests(session: Session, *, after: UUID | None, limit: int) -> list[ExportRequest]:
    """Return requests, newest first, from after one."""
    found = select(LogExportRequestRow).order_by(LogExportRequestRow.id.desc()).limit(limit)
    if after is not None:
        found = found.where(LogExportRequestRow.id < after)
    return [request_of(session, row) for row in session.scalars(found)]


def export_request(session: Session, request: UUID) -> ExportRequest | None:
    """Return one request, or None where there is none of this id."""
    row = session.get(LogExportRequestRow, request)
    return None if row is None else request_of(session, row)


def request_of(session: Session, row: LogExportRequestRow) -> ExportRequest:
    """Return a request as it stands in its row, with its reason opened."""
    key = Vault.of(session).named("log")
    return ExportRequest(
        id=row.id,
        openings=Openings(row.openings),
        reason=key.open(row.reason, "log_export_request", row.id, "reason").decode(),
        agency=row.agency,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        expires_at=row.expires_at,
        approved_by=row.approved_by,
        approved_agency=row.approved_agency,
        approved_at=row.approved_at,
        taken_at=row.taken_at,
    )
