"""What waits on the desk of an information governance lead: counted, and nobody named."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sharing.models.rights import AccessPackRow, LegalHoldRow
from sharing.queries.register import due
from sharing.terms.access import PackState
from sharing.terms.register import AgreementDue

LOOKS_AHEAD: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PacksWaiting:
    """How many packs wait for a person, how many of them too long, and by when the first is due."""

    waiting: int
    overdue: int
    first_due: date | None


def packs_waiting(session: Session, today: date) -> PacksWaiting:
    """Count the packs that wait for a person."""
    row = AccessPackRow
    counted = select(func.count(), func.count().filter(row.due < today), func.min(row.due)).where(
        row.state == PackState.NEEDS_REVIEW.value
    )
    return PacksWaiting(*session.execute(counted).one())


def holds_standing(session: Session) -> int:
    """Count the legal holds that nobody has released."""
    standing = select(func.count()).where(LegalHoldRow.released_at.is_(None))
    return session.scalars(standing).one()


def agreements_due(session: Session, at: datetime, agency: str | None) -> list[AgreementDue]:
    """Return what is to be done about agreements within a month: by one agency, or by anybody."""
    listed = due(session, at, at + LOOKS_AHEAD)
    return [one for one in listed if agency is None or agency in one.agencies]
