"""Which notices are on file, for those who sent and received them and for IG leads; nobody named.

Row-level security shows an agency its own. Columns are named one by one: IG leads may not select
the others.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, aliased

from sharing.models.notices import NoticeRow, SchoolHolidayRow
from sharing.terms.notices import Box, Done, NoticeCode, NoticeOnFile, SchoolHoliday, Shown

MOST_HOLIDAYS: Final = 200
_COLUMNS: Final[Any] = (
    NoticeRow.id,
    NoticeRow.kind,
    NoticeRow.sender,
    NoticeRow.recipient,
    NoticeRow.basis,
    NoticeRow.happened_at,
    NoticeRow.sent_at,
    NoticeRow.deadline,
    NoticeRow.corrects,
    NoticeRow.entry_id,
    NoticeRow.read_at,
    NoticeRow.acknowledged_at,
    NoticeRow.done,
    NoticeRow.withdrawn_at,
)


def notices(  # noqa: PLR0913  (whose, and which of them)
    session: Session,
    agency: str,
    box: Box,
    shown: Shown,
    at: datetime,
    *,
    after: UUID | None,
    limit: int,
) -> list[NoticeOnFile]:
    """Return the notices that an agency sent or received, the newest first."""
    party = NoticeRow.sender if box is Box.SENT else NoticeRow.recipient
    found = _from(after, limit).where(party == agency)
    if shown is Shown.WAITING:
        found = found.where(standing(), NoticeRow.acknowledged_at.is_(None))
    elif shown is Shown.OVERDUE:
        found = found.where(overdue(at))
    return _listed(session, found)


def all_overdue(
    session: Session, at: datetime, *, after: UUID | None, limit: int
) -> list[NoticeOnFile]:
    """Return what nobody has read in time, of every agency whose notices this session may see."""
    return _listed(session, _from(after, limit).where(overdue(at)))


def overdue(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a notice stands, is past its deadline, and nobody has read it."""
    return and_(standing(), NoticeRow.read_at.is_(None), NoticeRow.deadline <= at)


def standing() -> ColumnElement[bool]:
    """Return the condition that a notice was neither withdrawn nor corrected by a later one."""
    later = aliased(NoticeRow)
    corrected = select(later.id).where(later.corrects == NoticeRow.id).exists()
    return and_(NoticeRow.withdrawn_at.is_(None), ~corrected)


def notice_of(row: Any) -> NoticeOnFile:  # noqa: ANN401  (a row of the columns, or of the table)
    """Return a notice without what it says and whom it is about."""
    return NoticeOnFile(
        id=row.id,
        kind=NoticeCode(row.kind),
        sender=row.sender,
        recipient=row.recipient,
        basis=row.basis,
        happened_at=row.happened_at,
        sent_at=row.sent_at,
        deadline=row.deadline,
        corrects=row.corrects,
        entry_id=row.entry_id,
        read_at=row.read_at,
        acknowledged_at=row.acknowledged_at,
        done=None if row.done is None else Done(row.done),
        withdrawn_at=row.withdrawn_at,
    )


def school_holidays(session: Session) -> Sequence[SchoolHoliday]:
    """Return the days without school that hold now, in order."""
    row = SchoolHolidayRow
    found = (
        select(row.title, row.first_day, row.last_day)
        .where(row.replaced_at.is_(None))
        .order_by(row.first_day, row.id)
        .limit(MOST_HOLIDAYS)
    )
    return [SchoolHoliday(*one) for one in session.execute(found)]


def _from(after: UUID | None, limit: int) -> Select[Any]:
    found: Select[Any] = select(*_COLUMNS).order_by(NoticeRow.id.desc()).limit(limit)
    return found if after is None else found.where(NoticeRow.id < after)


def _listed(session: Session, found: Select[Any]) -> list[NoticeOnFile]:
    return [notice_of(row) for row in session.execute(found)]
