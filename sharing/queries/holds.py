"""Legal holds on file, with whatever ended them."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, SQLColumnExpression, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from sharing.models.rights import LegalHoldRow
from sharing.terms.rights import Hold, Words

LOG_KEY = "log"
_NOTHING = Words(None, None)


def holds(
    session: Session, *, after: UUID | None, limit: int, agency: str | None = None
) -> list[Hold]:
    """Return holds, the newest first, from the one after `after`: of one agency, or of all."""
    row = LegalHoldRow
    found = select(row).order_by(row.id.desc()).limit(limit)
    if after is not None:
        found = found.where(row.id < after)
    if agency is not None:
        found = found.where(row.recorded_by_agency == agency)
    return [hold_of(session, one) for one in session.scalars(found)]


def is_held(
    subject: SQLColumnExpression[UUID],
    agencies: Sequence[SQLColumnExpression[str]],
    began: SQLColumnExpression[datetime],
) -> ColumnElement[bool]:
    """Say of a row whether a hold stands on its subject, or on an agency for when it began.

    The database's own function decides, the one by which it refuses to erase.
    """
    return func.is_held(subject, array(agencies), began, type_=Boolean)


def hold(session: Session, hold_id: UUID) -> Hold | None:
    """Return one hold; None if there is none of this id."""
    row = session.get(LegalHoldRow, hold_id)
    return None if row is None else hold_of(session, row)


def hold_of(session: Session, row: LegalHoldRow) -> Hold:
    """Return a hold in words; what was erased of it is None."""
    return Hold(
        id=row.id,
        subject=row.subject_id,
        agency=row.agency,
        starts=row.starts,
        ends=row.ends,
        words=_opened(session, row.words, row.id, "words"),
        set_by=row.set_by,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by_agency,
        released_at=row.released_at,
        released_by=row.released_by,
        release=_opened(session, row.release_words, row.id, "release_words"),
    )


def _opened(session: Session, sealed: bytes | None, hold: UUID, column: str) -> Words:
    if sealed is None:
        return _NOTHING
    return Words(
        **json.loads(Vault.of(session).named(LOG_KEY).open(sealed, "legal_hold", hold, column))
    )
