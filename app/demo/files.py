"""What the demonstration writes down for people and programs: who signs in, and what to try."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

import pyotp

PEOPLE: Final = (
    ("ig-lead", "ig_lead", "ig-office"),
    ("cluster-manager", "cluster_manager", "eh-hub"),
    ("second-editor", "cluster_manager", "eh-hub"),
    ("practitioner", "practitioner", "oak-school"),
    ("signatory", "signatory", "housing"),
)
"""User name, role and agency of those who can sign in; a draft needs a second editor,
and an agreement that is about to be renewed waits for the signatory."""

_PASSWORD_BYTES = 12


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone who can sign in to this checkout's demonstration; as `people.json` holds them."""

    username: str
    password: str
    totp_secret: str
    role: str
    agency: str


def new_people(known: Iterable[DemoPerson] = ()) -> list[DemoPerson]:
    """Return those who can sign in, with passwords and secrets that no other checkout has.

    Who is known already keeps theirs.
    """
    kept = {one.username: one for one in known}
    return [
        kept.get(username)
        or DemoPerson(
            username=username,
            password=secrets.token_urlsafe(_PASSWORD_BYTES),
            totp_secret=pyotp.random_base32(),
            role=role,
            agency=agency,
        )
        for username, role, agency in PEOPLE
    ]


def people_json(people: list[DemoPerson]) -> list[dict[str, Any]]:
    """Return `people.json`."""
    return [asdict(person) for person in people]
