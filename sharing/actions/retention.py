"""Signing off how long a class of record is kept; the past is not rewritten."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from sharing.actions.rights_errors import (
    RetentionStartsInThePast,
)
from sharing.models.rights import RetentionClassRow
from sharing.terms.rights import Actor, NewRetention, Retention


def sign_retention(session: Session, new: NewRetention, by: Actor, at: datetime) -> Retention:
    """Let a class be kept this long, from an instant on that is not past."""
    starts = new.starts or at
    if starts < at:
        raise RetentionStartsInThePast(pointer="#/starts")
    session.execute(
        insert(RetentionClassRow).values(
            id=new_id(at),
            code=new.code.value,
            months=new.months,
            erasable=new.erasable,
            starts=starts,
            signed_by=new.signed_by,
            authority=new.authority,
            recorded_at=at,
            recorded_by_client=by.client,
            recorded_by_agency=by.agency,
        )
    )
    return Retention(new.code, new.months, new.erasable, new.signed_by, new.authority, starts, at)
