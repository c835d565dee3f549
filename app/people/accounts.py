"""Accounts: who may sign in, for which agency, in which role. It counts at the next page."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.auth import ROLES, Person
from app.kernel.vault import DataKey, Vault
from app.people import codes
from app.people.models import PersonRow, SessionRow
from app.people.passwords import Passwords, new_password
from directory.queries import agencies
from directory.rules.agencies import covers

LONGEST_NAME: Final = 64
NEVER: Final = -1
"""The step of time of an account whose authenticator was never used."""

_KEY: Final = "people"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)


class AccountRefused(Exception):
    """The account cannot be made or changed so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person signs in with. Shown once, when the account is made or reset."""

    password: str
    totp_secret: str

    def __repr__(self) -> str:
        return "Credentials(…)"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as sign-in needs it, with the second factor opened."""

    person: Person
    password_hash: str
    totp_secret: str


def new_credentials() -> Credentials:
    """Return a password and a second factor that nobody has."""
    return Credentials(new_password(), codes.new_secret())


def tidied(username: str) -> str:
    """Return a name as it is on file, whatever its case and the spaces around it."""
    return username.strip().casefold()


def add_person(  # noqa: PLR0913  (what an account is)
    session: Session,
    person: Person,
    credentials: Credentials,
    passwords: Passwords,
    at: datetime,
    *,
    demonstration: bool = False,
) -> None:
    """Open an account from `at`; `AccountRefused`, `UnknownAgency` where it cannot be."""
    if not _NAME.fullmatch(person.username):
        raise AccountRefused(
            f"{person.username!r} is no user name: small letters, digits, dots, _ and - only,"
            f" at most {LONGEST_NAME}."
        )
    _check_role(person.role)
    agencies.agency(session, person.agency)
    row = {
        "username": person.username,
        "agency": person.agency,
        "role": person.role,
        "demonstration": demonstration,
        "starts": at,
        **_secrets(session, person.username, credentials, passwords),
    }
    made = insert(PersonRow).values(row).on_conflict_do_nothing().returning(PersonRow.username)
    if session.scalar(made) is None:
        raise AccountRefused(
            f"{person.username} has an account, or had one: a name is one person's for ever."
            f" For a new password: rightshare person reset {person.username}"
        )


def reset_person(
    session: Session, username: str, credentials: Credentials, passwords: Passwords, at: datetime
) -> None:
    """Give a person another password and second factor; wherever they are signed in, it ends."""
    _change(session, username, at, _secrets(session, username, credentials, passwords))


def end_person(session: Session, username: str, at: datetime) -> None:
    """Close an account; wherever that person is signed in, it ends."""
    _change(session, username, at, {"ends": at})


def account(session: Session, username: str, at: datetime) -> Account | None:
    """Return an account that stands at that instant; None where there is none.

    An account stands for as long as its own period and its agency's part in the partnership last.
    """
    row = session.get(PersonRow, username, populate_existing=True)
    if row is None or row.starts > at or (row.ends is not None and row.ends <= at):
        return None
    agency = agencies.agency(session, row.agency)
    if not any(covers(one, at) for one in agency.active):
        return None
    person = Person(row.username, row.role, row.agency, agency.name)
    opened = _vault_key(session).open(row.sealed_totp, *_place(username))
    return Account(person, row.password_hash, opened.decode())


def password_hash(session: Session, username: str) -> str | None:
    """Return the hash of a person's password, whether their account stands or not."""
    if not _NAME.fullmatch(username):
        return None  # nobody's name, and perhaps one that PostgreSQL cannot even take
    return session.scalar(select(PersonRow.password_hash).filter_by(username=username))


def use_step(session: Session, found: Account, step: int) -> bool:
    """Use the one-time code of a step; False if it, or a later one, was used before.

    So it is, too, where the account was reset since it was read.
    """
    used = (
        update(PersonRow)
        .where(
            PersonRow.username == found.person.username,
            PersonRow.password_hash == found.password_hash,
            PersonRow.totp_step < step,
        )
        .values(totp_step=step)
        .returning(PersonRow.username)
    )
    return session.scalar(used) is not None


def knows(session: Session, username: str, secret: str) -> bool:
    """Say whether an account of this name has this second factor."""
    found = select(PersonRow.sealed_totp).where(PersonRow.username == username)
    sealed = session.scalar(found)
    return (
        sealed is not None
        and _vault_key(session).open(sealed, *_place(username)) == secret.encode()
    )


def _change(session: Session, username: str, at: datetime, values: dict[str, Any]) -> None:
    standing = or_(PersonRow.ends.is_(None), PersonRow.ends > at)
    changed = (
        update(PersonRow)
        .where(PersonRow.username == username, standing)
        .values(values)
        .returning(PersonRow.username)
    )
    if session.scalar(changed) is None:
        raise AccountRefused(f"nobody has an account of the name {username}, or it has ended.")
    session.execute(delete(SessionRow).where(SessionRow.username == username))


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise AccountRefused(f"{role!r} is no role: there are {', '.join(sorted(ROLES))}.")


def _secrets(
    session: Session, username: str, credentials: Credentials, passwords: Passwords
) -> dict[str, Any]:
    sealed = _vault_key(session).seal(credentials.totp_secret.encode(), *_place(username))
    return {
        "password_hash": passwords.hash(credentials.password),
        "sealed_totp": sealed,
        "totp_step": NEVER,
    }


def _vault_key(session: Session) -> DataKey:
    return Vault.of(session).named(_KEY)


def _place(username: str) -> tuple[str, str, str]:
    return ("person", username, "sealed_totp")
