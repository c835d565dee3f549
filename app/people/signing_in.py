"""What signing in asks: name, password and one-time code, all right, and not too many wrong ones.

Whatever is wrong, the answer is the same, after the same work.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.auth import Person
from app.kernel.db import Database
from app.people import codes, sessions, tries
from app.people.accounts import Account, account, password_hash, use_step
from app.people.passwords import Passwords


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in, as it was typed, and where it came from.

    `browser` is the id of a browser in which this person signed in before, None for any other.
    """

    username: str
    password: str
    code: str
    address: str
    browser: str | None = None

    def __repr__(self) -> str:
        return "Attempt(…)"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session has begun; `secret` is for the browser alone."""

    person: Person
    secret: str

    def __repr__(self) -> str:
        return "SignedIn(…)"


def sign_in(
    database: Database, passwords: Passwords, attempt: Attempt, at: datetime
) -> SignedIn | None:
    """Begin a session, or return None where anything is wrong; `TooManyTries` if that is too often.

    The try is on file before the password is looked at: a worker that dies has still counted it.
    """
    allowed = tries.allowances(database.vault, attempt.username, attempt.address, attempt.browser)
    with database.transaction() as session:
        tries.count(session, allowed, at)
        kept = password_hash(session, attempt.username)
    if not passwords.matches(kept, attempt.password):
        return None
    with database.transaction() as session:
        found = account(session, attempt.username, at)
        if (
            found is None
            or found.password_hash != kept
            or not _use_code(session, found, attempt, at)
        ):
            return None
        tries.give_back(session, allowed, at)
        secret = sessions.new_secret()
        sessions.begin(session, secret, found.person.username, at)
        return SignedIn(found.person, secret)


def _use_code(session: Session, found: Account, attempt: Attempt, at: datetime) -> bool:
    step = codes.step_of(found.totp_secret, attempt.code, at)
    return step is not None and use_step(session, found, step)
