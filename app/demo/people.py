"""Opens the accounts of those whom `people.json` says can sign in."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.demo.files import DemoPerson
from app.kernel.auth import Person
from app.kernel.db import Database
from app.people.accounts import Credentials, add_person, knows, reset_person
from app.people.passwords import Passwords


def open_accounts(database: Database, people: list[DemoPerson], at: datetime) -> None:
    """Let each of these sign in with what their file says; whoever can already is left alone."""
    with database.transaction() as session:
        for one in people:
            if not knows(session, one.username, one.totp_secret):
                _open(session, one, at)


def _open(session: Session, one: DemoPerson, at: datetime) -> None:
    credentials, passwords = Credentials(one.password, one.totp_secret), Passwords()
    found = text("select exists (select from person where username = :username)")
    if session.scalar(found, {"username": one.username}):
        reset_person(session, one.username, credentials, passwords, at)
    else:
        person = Person(one.username, one.role, one.agency)
        add_person(session, person, credentials, passwords, at, demonstration=True)
