"""Which shields are to be looked at again, and when each was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from consent.models.protection import ShieldReviewRow, ShieldRow
from consent.queries.protection import shielded_by
from consent.rules.periods import months_later


@dataclass(frozen=True, slots=True)
class ShieldDue:
    """A shield that still stands, and by when a person should have looked at it again."""

    shield: UUID
    subjects: frozenset[UUID]
    set_by: str
    starts: datetime
    reviewed_at: datetime | None
    on: datetime


def shields_due(
    session: Session, agency: str, months: int, until: datetime, at: datetime
) -> Sequence[ShieldDue]:
    """Return the shields that this agency set, stand at `at` and fall due before `until`."""
    row, review = ShieldRow, ShieldReviewRow
    last = (
        select(func.max(review.recorded_at))
        .where(review.shield_id == row.id)
        .correlate(row)
        .scalar_subquery()
    )
    found = select(row.id, row.set_by, row.starts, last.label("reviewed_at")).where(
        row.recorded_by_agency == agency, or_(row.ends.is_(None), row.ends > at)
    )
    listed = [
        ShieldDue(
            one.id,
            shielded_by(session, one.id),
            one.set_by,
            one.starts,
            one.reviewed_at,
            months_later(one.reviewed_at or one.starts, months),
        )
        for one in session.execute(found.order_by(row.id)).all()
    ]
    return sorted((one for one in listed if one.on <= until), key=lambda one: (one.on, one.shield))
