"""Sessions of people, on file by the SHA-256 of a secret that only their browser holds."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.auth import Person
from app.people.accounts import account
from app.people.models import SessionRow

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


def person_of(session: Session, secret: str, at: datetime) -> Person | None:
    """Return whose session it is, and note that they were here; None if it has ended.

    It ends after 30 minutes without a page, after ten hours in all, and with the account.
    """
    # A crash may forget that somebody was here in the last second: no reason to wait for the disk.
    session.execute(text("set local synchronous_commit = off"))
    seen = (
        update(SessionRow)
        .where(
            SessionRow.digest == _digest(secret),
            SessionRow.seen_at > at - IDLE,
            SessionRow.began_at > at - IN_ALL,
        )
        .values(seen_at=at)
        .returning(SessionRow.username)
    )
    username = session.scalar(seen)
    found = None if username is None else account(session, username, at)
    return None if found is None else found.person


def end(session: Session, secret: str) -> None:
    """End a session, wherever its secret may still lie."""
    session.execute(delete(SessionRow).where(SessionRow.digest == _digest(secret)))


def forget_past(session: Session, at: datetime) -> None:
    """Forget the sessions that have ended."""
    past = or_(SessionRow.seen_at <= at - IDLE, SessionRow.began_at <= at - IN_ALL)
    session.execute(delete(SessionRow).where(past))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
