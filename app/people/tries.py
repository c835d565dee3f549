"""How many sign-ins may go wrong, counted where all workers see it (PostgreSQL).

A try is counted before the password is looked at, in one statement, so that many at once cannot
slip through together; one that succeeds is given back. Nobody can lock others out: a browser in
which a person has signed in before has an allowance of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from app.people.models import WrongSignInRow

WINDOW: Final = timedelta(minutes=15)
MOST_BY_NAME: Final = 10
MOST_BY_BROWSER: Final = 10
MOST_BY_ADDRESS: Final = 50


class TooManyTries(Exception):
    """So many sign-ins went wrong that no more are looked at before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many wrong sign-ins")
        self.until = until


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many wrong tries within the window, counted under a key that names nobody."""

    key: bytes
    most: int


def allowances(
    vault: Vault, username: str, address: str, browser: str | None
) -> tuple[Allowance, ...]:
    """Return what a try is counted under: its address, and its name or the browser's own share.

    `browser` is the id of a browser in which this person has signed in before. Names are counted
    whether or not anybody has them, so that the limit does not tell.
    """
    by_address = Allowance(_key(vault, "address", _network(address)), MOST_BY_ADDRESS)
    if browser is None:
        own = Allowance(_key(vault, "name", username), MOST_BY_NAME)
    else:
        own = Allowance(_key(vault, "browser", browser, username), MOST_BY_BROWSER)
    return tuple(sorted((by_address, own), key=lambda one: one.key))  # two tries never deadlock


# Tries older than the window drop out as new ones come, so no row grows beyond `most`.
_COUNT = text("""
insert into wrong_sign_in as w (key, tries, last_at) values (:key, array[:at], :at)
on conflict (key) do update set last_at = excluded.last_at,
  tries = array(select one from unnest(w.tries) one where one > :since order by one) || :at
where (select count(*) from unnest(w.tries) one where one > :since) < :most
returning true
""")
_OLDEST = text("""
select min(one) from wrong_sign_in w, unnest(w.tries) one where w.key = :key and one > :since
""")
_GIVE_BACK = text("""
update wrong_sign_in set tries = tries[1 : array_position(tries, :at) - 1]
  || tries[array_position(tries, :at) + 1 : cardinality(tries)]
where key = :key and array_position(tries, :at) is not null
""")


def count(session: Session, allowed: Sequence[Allowance], at: datetime) -> None:
    """Count a try; `TooManyTries` where an allowance is used up, and then nothing is counted.

    The caller's transaction must be rolled back then.
    """
    since = at - WINDOW
    for one in allowed:
        values = {"key": one.key, "at": at, "since": since, "most": one.most}
        if session.scalar(_COUNT, values) is None:
            oldest = session.scalar(_OLDEST, {"key": one.key, "since": since})
            raise TooManyTries((oldest or at) + WINDOW)


def give_back(session: Session, allowed: Sequence[Allowance], at: datetime) -> None:
    """Uncount a try that was counted at this instant: it was none of the wrong ones."""
    for one in allowed:
        session.execute(_GIVE_BACK, {"key": one.key, "at": at})


def forget_past(session: Session, at: datetime) -> None:
    """Forget what no longer counts."""
    session.execute(delete(WrongSignInRow).where(WrongSignInRow.last_at < at - WINDOW))


def _network(address: str) -> str:
    """Return what one customer of a network has: an IPv4 address, or 64 bits of an IPv6 one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(IPv6Network((found, 64), strict=False))
    return str(found)


def _key(vault: Vault, *parts: str) -> bytes:
    return vault.blind_index("wrong sign-in", *parts)
