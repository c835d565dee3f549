"""Taking the whole log out: one asks, another agrees, the first takes it; the log notes each.

UK GDPR, Article 32(4): nobody who may read much does so on their own word alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.vault import Vault
from sharing.actions.exporting import NO_MORE, Reader, log_export
from sharing.actions.log import LOG_KEY, Line, append_entry
from sharing.actions.review_errors import (
    ExportDecided,
    ExportExpired,
    ExportTaken,
    OwnExport,
    SecondPersonNeeded,
    UnknownExport,
)
from sharing.chain.leaves import EntryKind
from sharing.models.exporting import LogExportRequestRow
from sharing.queries.export_requests import request_of
from sharing.rules.exporting import MAY_LIE, MAY_WAIT, is_own, state_at
from sharing.terms.exporting import ExportRequest, ExportState, Openings

REQUESTED: Final = "export_requested"
APPROVED: Final = "export_approved"


@dataclass(frozen=True, slots=True)
class NewExport:
    """How much of the log somebody wants, and why; the reason is kept sealed."""

    openings: Openings
    reason: str


def request_export(session: Session, new: NewExport, by: Reader, at: datetime) -> ExportRequest:
    """Note that somebody wants the whole log; it waits for a second person for a day."""
    made = new_id(at)
    key = Vault.of(session).named(LOG_KEY)
    row = LogExportRequestRow(
        id=made,
        openings=new.openings.value,
        reason=key.seal(new.reason.encode(), "log_export_request", made, "reason"),
        agency=by.agency,
        requested_by=by.name,
        requested_at=at,
        expires_at=at + MAY_WAIT,
    )
    session.add(row)
    session.flush()
    request = request_of(session, row)
    _note(session, REQUESTED, request, by, at)
    return request


def approve_export(session: Session, request: UUID, by: Reader, at: datetime) -> ExportRequest:
    """Agree that an export be taken, within a day, once, by whoever asked for it.

    `UnknownExport`; `OwnExport` for whoever asked; `ExportDecided`, `ExportTaken` and
    `ExportExpired` where it is too late.
    """
    row = _held(session, request)
    found = request_of(session, row)
    if is_own(found, by.name):
        raise OwnExport
    state = state_at(found, at)
    if state is not ExportState.WAITING:
        raise _too_late(state)
    approval = {"approved_by": by.name, "approved_agency": by.agency, "approved_at": at}
    made = _changed(session, row, approval | {"expires_at": at + MAY_LIE})
    _note(session, APPROVED, made, by, at)
    return made


def take_export(
    session: Session,
    request: UUID,
    by: Reader,
    at: datetime,
    more: Mapping[str, Any] = NO_MORE,
) -> ExportRequest:
    """Let whoever asked take an approved export, and note that the log was taken out.

    `more` are facts of what was taken, as `log_export` writes them.

    `UnknownExport`; `SecondPersonNeeded` until somebody approved it, and for anybody but whoever
    asked; `ExportTaken` and `ExportExpired` where it is too late.
    """
    row = _held(session, request)
    found = request_of(session, row)
    state = state_at(found, at)
    if state in {ExportState.TAKEN, ExportState.EXPIRED}:
        raise _too_late(state)
    if state is ExportState.WAITING or not is_own(found, by.name) or found.agency != by.agency:
        raise SecondPersonNeeded
    made = _changed(session, row, {"taken_at": at})
    said = {"request": str(request)} | dict(more)
    log_export(session, by, found.openings, at, more=said)
    return made


def _held(session: Session, request: UUID) -> LogExportRequestRow:
    row = session.get(LogExportRequestRow, request, with_for_update=True)
    if row is None:
        raise UnknownExport
    return row


def _too_late(state: ExportState) -> ExportDecided | ExportTaken | ExportExpired:
    if state is ExportState.APPROVED:
        return ExportDecided()
    return ExportTaken() if state is ExportState.TAKEN else ExportExpired()


def _changed(session: Session, row: LogExportRequestRow, changes: dict[str, Any]) -> ExportRequest:
    where = LogExportRequestRow.id == row.id
    session.execute(update(LogExportRequestRow).where(where).values(**changes))
    session.refresh(row)
    return request_of(session, row)


def _note(session: Session, act: str, request: ExportRequest, by: Reader, at: datetime) -> None:
    """Write the entry that says what was asked or approved; the session speaks for the agency."""
    facts = by.facts() | {
        "act": act,
        "openings": request.openings.value,
        "outcome": act,
        "request": str(request.id),
    }
    about = by.about() | ({"reason": request.reason} if act == REQUESTED else {})
    append_entry(session, Line(by.agency, None, act, facts, about), at, EntryKind.READING)
