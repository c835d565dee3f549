"""What is past its date goes: the content of a record, and of a notice, the row stays.

Nobody is told it from that date on, whether or not this has run (`queries.asking`).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.kernel.db import speak_for
from directory.queries.agencies import agencies
from sharing.models.notices import NoticeRow
from sharing.models.records import RecordRow
from sharing.terms.records import Removed

MOST_AT_ONCE: Final = 1_000
"""Rows of one agency and table that one run empties; the next run goes on."""


def remove_past(session: Session, at: datetime, spared: Collection[UUID] = ()) -> int:
    """Empty what is past its retention, and say how much that was.

    `spared` are the subjects of whom nothing may go now, as under a legal hold.
    """
    removed = 0
    for agency in agencies(session):
        speak_for(session, agency.code)  # row-level security lets each source change its own
        removed += _remove_records(session, agency.code, at, spared)
        removed += _remove_notices(session, agency.code, at, spared)
    return removed


def _remove_records(session: Session, source: str, at: datetime, spared: Collection[UUID]) -> int:
    row = RecordRow
    past = _past(row.id, row.subject_id, row.retain_until, at, spared)
    past = past.where(row.source == source, row.content.is_not(None))
    gone = {"content": None, "removed_at": at, "removed_because": Removed.PAST_RETENTION.value}
    return _emptied(session, row, past, gone)


def _remove_notices(session: Session, sender: str, at: datetime, spared: Collection[UUID]) -> int:
    row = NoticeRow
    past = _past(row.id, row.subject_id, row.retain_until, at, spared)
    past = past.where(row.sender == sender, or_(row.content.is_not(None), row.note.is_not(None)))
    return _emptied(session, row, past, {"content": None, "note": None})


def _past(
    row_id: InstrumentedAttribute[UUID],
    subject: InstrumentedAttribute[UUID],
    until: InstrumentedAttribute[Any],
    at: datetime,
    spared: Collection[UUID],
) -> Any:  # noqa: ANN401  (a statement of SQLAlchemy's)
    return (
        select(row_id)
        .where(until <= at, subject.not_in(list(spared)))
        .order_by(until, row_id)
        .limit(MOST_AT_ONCE)
    )


def _emptied(session: Session, row: Any, past: Any, gone: dict[str, Any]) -> int:  # noqa: ANN401  (a table's class, a statement)
    done = session.execute(
        update(row)
        .where(row.id.in_(past))
        .values(**gone)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())
