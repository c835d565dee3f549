"""What is past its date goes: the content of a record, and of a notice, the row stays.

Nobody is told it from that date on, whether or not this has run (`queries.asking`). What a legal
hold keeps stays until the hold is released.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from app.kernel.db import speak_for
from directory.queries.agencies import agencies
from sharing.models.notices import NoticeRow
from sharing.models.records import RecordRow
from sharing.queries.holds import is_held
from sharing.terms.records import Removed

MOST_AT_ONCE: Final = 1_000
"""Rows of one agency and table that one run empties; the next run goes on."""


def remove_past(session: Session, at: datetime) -> int:
    """Empty what is past its retention and under no legal hold, and say how much that was."""
    removed = 0
    for agency in agencies(session):
        speak_for(session, agency.code)  # row-level security lets each source change its own
        removed += _remove_records(session, agency.code, at)
        removed += _remove_notices(session, agency.code, at)
    return removed


def _remove_records(session: Session, source: str, at: datetime) -> int:
    row = RecordRow
    held = is_held(row.subject_id, [row.source], row.recorded_at)
    past = select(row.id).where(row.source == source, row.retain_until <= at, ~held)
    past = past.where(row.content.is_not(None)).order_by(row.retain_until, row.id)
    gone = {"content": None, "removed_at": at, "removed_because": Removed.PAST_RETENTION.value}
    return _emptied(session, row, past, gone)


def _remove_notices(session: Session, sender: str, at: datetime) -> int:
    row = NoticeRow
    held = is_held(row.subject_id, [row.sender, row.recipient], row.sent_at)
    past = select(row.id).where(row.sender == sender, row.retain_until <= at, ~held)
    past = past.where(or_(row.content.is_not(None), row.note.is_not(None)))
    past = past.order_by(row.retain_until, row.id)
    return _emptied(session, row, past, {"content": None, "note": None})


def _emptied(session: Session, row: Any, past: Select[Any], gone: dict[str, Any]) -> int:  # noqa: ANN401  (a table's class)
    done = session.execute(
        update(row)
        .where(row.id.in_(past.limit(MOST_AT_ONCE)))
        .values(**gone)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())
