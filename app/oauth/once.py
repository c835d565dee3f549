"""Once means once, and revoked means now: each rule of that kind is one atomic statement.

Looking first and writing then loses races. These run on a connection of their own in autocommit,
before the door's transaction, so that a rolled-back request has still used what it used.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from app.kernel.prepared import Prepared
from app.oauth.limits import SPEND, Bucket, spending


@dataclass(frozen=True, slots=True)
class Single:
    """Something that may be used once; after `until` it would be refused for its age."""

    digest: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What the database said of a client's request to `/oauth`."""

    fresh: frozenset[bytes]
    within_rate: bool
    revoked: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """A client as registered at this instant, read in the statement that settles its call."""

    agency: str
    scopes: list[str]
    purposes: list[str]
    kinds: list[str]
    may_override: bool
    api_rate: int
    api_burst: int


@dataclass(frozen=True, slots=True)
class Admission:
    """What the database said of one API call; no facts where the client has ended."""

    fresh: bool
    revoked: bool
    facts: Facts | None


def digest(*parts: str) -> bytes:
    """Return SHA-256 of the parts, which may hold anything that JSON can."""
    hashed = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        hashed.update(len(encoded).to_bytes(8, "big") + encoded)
    return hashed.digest()


def client_mark(client_id: str) -> str:
    """Return the id under which a client is cut off; a token's own id never has a colon."""
    return f"client:{client_id}"


def agency_mark(agency: str) -> str:
    """Return the id under which all of an agency's clients are cut off."""
    return f"agency:{agency}"


_SETTLE = Prepared(
    text(f"""
with used as (
  insert into oauth_used (digest, until)
  select * from unnest(cast(:digests as bytea[]), cast(:untils as timestamptz[]))
  on conflict do nothing returning digest
), {SPEND}
select array(select digest from used) as fresh, exists (select from spent) as within_rate,
  exists (select from oauth_revoked where id = any(:ids)) as revoked
""")  # noqa: S608  (SPEND is a constant)
)


def settle(
    connection: Connection, singles: Sequence[Single], marks: list[str], bucket: Bucket
) -> Settled:
    """Use these once, charge the client's bucket, and say whether anything is cut off."""
    ordered = sorted(singles, key=lambda single: single.digest)  # two requests never deadlock
    values: dict[str, Any] = {
        "digests": [single.digest for single in ordered],
        "untils": [single.until for single in ordered],
        "ids": marks,
    } | spending(bucket)
    row = _SETTLE.one(connection, values)
    return Settled(frozenset(bytes(one) for one in row.fresh), row.within_rate, row.revoked)


# A crash may forget the proofs of the last 0.6 s: the setting ends with this statement, and only
# proofs of API calls are written under it. Each is bound to one token, method and address.
_ADMIT = Prepared(
    text("""
with used as (
  insert into oauth_used (digest, until) values (:digest, :until)
  on conflict do nothing returning 1
)
select set_config('synchronous_commit', 'off', true), exists (select from used) as fresh,
  exists (select from oauth_revoked where id = any(:ids)) as revoked,
  c.agency, c.scopes, c.purposes, c.kinds, c.may_override, c.api_rate, c.api_burst
from (select) as one left join oauth_client c
  on c.client_id = :client_id and c.ended_at is null
""")
)


def admit(connection: Connection, proof: Single, client_id: str, ids: list[str]) -> Admission:
    """Use the proof of an API call, and read who calls and whether anything is cut off."""
    values = {"digest": proof.digest, "until": proof.until, "client_id": client_id, "ids": ids}
    _, fresh, revoked, *facts = _ADMIT.one(connection, values)
    return Admission(fresh, revoked, None if facts[0] is None else Facts(*facts))


def is_revoked(connection: Connection, ids: list[str]) -> bool:
    """Return whether any of these is cut off."""
    statement = "select exists (select from oauth_revoked where id = any(%(ids)s))"
    return bool(connection.exec_driver_sql(statement, {"ids": ids}).scalar_one())


def use_once(connection: Connection, single: Single) -> bool:
    """Use it; False if it was used before."""
    statement = """insert into oauth_used (digest, until) values (%(digest)s, %(until)s)
      on conflict do nothing returning true"""
    values = {"digest": single.digest, "until": single.until}
    return connection.exec_driver_sql(statement, values).scalar() is True


def cut_off(connection: Connection, mark: str, until: datetime | None) -> None:
    """Refuse a token, grant, client or agency from now on; for good where there is no `until`.

    What is cut off already stays so for as long as it was.
    """
    statement = """insert into oauth_revoked (id, until) values (%(id)s, %(until)s)
      on conflict do nothing"""
    connection.exec_driver_sql(statement, {"id": mark, "until": until})


def restore(connection: Connection, mark: str) -> None:
    """Let in again what was cut off."""
    connection.exec_driver_sql("delete from oauth_revoked where id = %(id)s", {"id": mark})
