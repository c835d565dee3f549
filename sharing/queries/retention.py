"""How long each class of record is kept, as it was signed off."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from sharing.models.rights import RetentionClassRow
from sharing.terms.rights import Retention, RetentionCode

MOST_SIGNED = 500


def signed(session: Session) -> list[Retention]:
    """Return everything that was signed off, the newest first."""
    row = RetentionClassRow
    newest_first = select(row).order_by(row.recorded_at.desc(), row.id.desc())
    return [_of(one) for one in session.scalars(newest_first.limit(MOST_SIGNED))]


def in_force(session: Session, at: datetime) -> list[Retention]:
    """Return what holds at an instant: of each class the newest signature that has started."""
    row = RetentionClassRow
    found = (
        select(row)
        .ext(distinct_on(row.code))
        .where(row.starts <= at, row.recorded_at <= at)
        .order_by(row.code, row.recorded_at.desc(), row.id.desc())
    )
    return [_of(one) for one in session.scalars(found)]


def _of(row: RetentionClassRow) -> Retention:
    return Retention(
        RetentionCode(row.code),
        row.months,
        row.erasable,
        row.signed_by,
        row.authority,
        row.starts,
        row.recorded_at,
    )
