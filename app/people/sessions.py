"""Sessions of people, on file by the SHA-256 of a secret that only their browser holds."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.auth import Person
from app.people.models import PersonRow, SessionRow
from directory.queries.agencies import taking_part

IDLE: Final = timedelta(minutes=30)
IN_ALL: Final = timedelta(hours=10)
_BYTES: Final = 32


def new_secret() -> str:
    """Return what a browser is to hold: 256 random bits."""
    return secrets.token_urlsafe(_BYTES)


def begin(session: Session, secret: str, username: str, at: datetime) -> None:
    """Begin a session under a secret that nobody held before the sign-in."""
    row = {"digest": _digest(secret), "username": username, "began_at": at, "seen_at": at}
    session.execute(insert(SessionRow).values(row))


def person_of(connection: Connection, secret: str, at: datetime) -> Person | None:
    """Return whose session it is, and note that they were here; None if it has ended.

    It ends after 30 minutes without a page, after ten hours in all, and with the account, which
    stands for as long as its agency takes part. One statement, since every page asks it; the
    connection is in autocommit.
    """
    seen = (
        update(SessionRow)
        .where(
            SessionRow.digest == _digest(secret),
            SessionRow.seen_at > at - IDLE,
            SessionRow.began_at > at - IN_ALL,
        )
        .values(seen_at=at)
        .returning(SessionRow.username)
        .cte("seen")
    )
    agency = taking_part(at).subquery()
    # A crash may forget that somebody was here in the last second: no reason to wait for the disk.
    unhurried = func.set_config("synchronous_commit", "off", True)  # noqa: FBT003  (SQL's own)
    found = (
        select(PersonRow.username, PersonRow.role, PersonRow.agency, agency.c.name, unhurried)
        .join(seen, seen.c.username == PersonRow.username)
        .join(agency, agency.c.code == PersonRow.agency)
        .where(PersonRow.starts <= at, or_(PersonRow.ends.is_(None), PersonRow.ends > at))
    )
    row = connection.execute(found).one_or_none()
    return None if row is None else Person(*row[:4])


def end(session: Session, secret: str) -> None:
    """End a session, wherever its secret may still lie."""
    session.execute(delete(SessionRow).where(SessionRow.digest == _digest(secret)))


def forget_past(session: Session, at: datetime) -> None:
    """Forget the sessions that have ended."""
    past = or_(SessionRow.seen_at <= at - IDLE, SessionRow.began_at <= at - IN_ALL)
    session.execute(delete(SessionRow).where(past))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
