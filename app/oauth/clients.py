"""What operators do to clients: register, narrow, change keys, end. It counts at the next call."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from joserfc.jwk import KeySet
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.oauth import limits
from app.oauth.jose import MOST_KEYS, Malformed, import_key_set, import_public_key, public_jwks
from app.oauth.models import AgencyKeyRow, ClientRow
from app.oauth.registered import CLIENT_CREDENTIALS, GRANTS
from directory.queries import agencies as directory


class ClientExists(Exception):
    """The client id is taken, perhaps by a client that has ended: an id is never used again."""


class UnknownClient(Exception):
    """There is no such client, or it has ended."""


class KeysRefused(Exception):
    """The keys are not such as may sign here; the message says why."""


class GrantsRefused(Exception):
    """A grant that does not exist here."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast a client may go: a second, and at once after a rest."""

    token_rate: int = limits.TOKEN_RATE
    token_burst: int = limits.TOKEN_BURST
    api_rate: int = limits.API_RATE
    api_burst: int = limits.API_BURST


@dataclass(frozen=True, slots=True)
class Registration:
    """A client as it is registered."""

    client_id: str
    agency: str
    jwks: dict[str, Any]
    scopes: frozenset[str]
    purposes: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    may_override: bool = False
    grants: frozenset[str] = frozenset({CLIENT_CREDENTIALS})
    redirect_uris: tuple[str, ...] = ()
    rates: Rates = field(default_factory=Rates)
    registered_at: datetime | None = None
    ended_at: datetime | None = None


def register_client(session: Session, asked: Registration, at: datetime) -> Registration:
    """Register a client for one agency, and return it as registered.

    `UnknownAgency`, `ClientExists`, `KeysRefused` and `GrantsRefused` say what is
    wrong. Only the public half of a key is taken.
    """
    directory.agency(session, asked.agency)
    if not asked.grants or not asked.grants <= GRANTS:
        raise GrantsRefused(", ".join(sorted(asked.grants - GRANTS)))
    client = replace(asked, jwks=public_jwks(_checked(asked.jwks)), registered_at=at, ended_at=None)
    statement = insert(ClientRow).values(_row(client)).on_conflict_do_nothing()
    if session.execute(statement.returning(ClientRow.client_id)).one_or_none() is None:
        raise ClientExists(asked.client_id)
    return client


def client(session: Session, client_id: str) -> Registration:
    """Return a client, ended or not; `UnknownClient` if there was never one of this id."""
    row = session.get(ClientRow, client_id, populate_existing=True)
    if row is None:
        raise UnknownClient(client_id)
    return _registration(row)


def narrow_client(
    session: Session, client_id: str, scopes: Iterable[str], purposes: Iterable[str]
) -> Registration:
    """Let a client keep only these of its scopes and purposes."""
    held = _standing(session, client_id)
    kept = {
        "scopes": sorted(held.scopes & frozenset(scopes)),
        "purposes": sorted(held.purposes & frozenset(purposes)),
    }
    session.execute(update(ClientRow).where(ClientRow.client_id == client_id).values(kept))
    return client(session, client_id)


def end_client(session: Session, client_id: str, at: datetime) -> None:
    """End a client: its next call is refused, whatever tokens it holds."""
    _standing(session, client_id)
    session.execute(update(ClientRow).where(ClientRow.client_id == client_id).values(ended_at=at))


def add_client_key(session: Session, client_id: str, jwk: dict[str, Any]) -> Registration:
    """Take a second key beside the first; `KeysRefused` if there are two already."""
    held = _standing(session, client_id).jwks["keys"]
    if len(held) >= MOST_KEYS:
        raise KeysRefused("the client has two keys: drop one before adding another")
    return _replace_keys(session, client_id, [*held, jwk])


def replace_client_keys(
    session: Session, client_id: str, keys: list[dict[str, Any]]
) -> Registration:
    """Let a client use these keys and no others; for one whose private keys are lost."""
    _standing(session, client_id)
    return _replace_keys(session, client_id, keys)


def drop_client_key(session: Session, client_id: str, kid: str) -> Registration:
    """Forget a key of a client; `KeysRefused` if it has none of this id, or no other."""
    held = _standing(session, client_id).jwks["keys"]
    kept = [jwk for jwk in held if jwk["kid"] != kid]
    if len(kept) == len(held) or not kept:
        raise KeysRefused(f"the client has no key {kid}, or no other one")
    return _replace_keys(session, client_id, kept)


def replace_agency_keys(
    session: Session, agency: str, jwks: dict[str, Any], at: datetime
) -> dict[str, Any]:
    """Let an agency vouch for its practitioners with these keys, and no others."""
    directory.agency(session, agency)
    keys = _checked(jwks)
    session.execute(delete(AgencyKeyRow).where(AgencyKeyRow.agency == agency))
    rows = [
        {"agency": agency, "kid": key.kid, "jwk": key.as_dict(private=False), "recorded_at": at}
        for key in keys.keys
    ]
    session.execute(insert(AgencyKeyRow).values(rows))
    return public_jwks(keys)


def _replace_keys(session: Session, client_id: str, keys: list[dict[str, Any]]) -> Registration:
    jwks = public_jwks(_checked({"keys": keys}))
    session.execute(update(ClientRow).where(ClientRow.client_id == client_id).values(jwks=jwks))
    return client(session, client_id)


def _checked(jwks: dict[str, Any]) -> KeySet:
    try:
        for jwk in jwks.get("keys", []):
            import_public_key(jwk)
        return import_key_set(jwks)
    except (Malformed, TypeError, AttributeError) as error:
        raise KeysRefused(str(error)) from error


def _standing(session: Session, client_id: str) -> Registration:
    """Return a client that has not ended, and keep others from changing it meanwhile."""
    query = select(ClientRow).where(ClientRow.client_id == client_id, ClientRow.ended_at.is_(None))
    row = session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if row is None:
        raise UnknownClient(client_id)
    return _registration(row)


def _row(client: Registration) -> dict[str, Any]:
    return {
        "client_id": client.client_id,
        "agency": client.agency,
        "jwks": client.jwks,
        "scopes": sorted(client.scopes),
        "purposes": sorted(client.purposes),
        "kinds": sorted(client.kinds),
        "may_override": client.may_override,
        "grants": sorted(client.grants),
        "redirect_uris": list(client.redirect_uris),
        "token_rate": client.rates.token_rate,
        "token_burst": client.rates.token_burst,
        "api_rate": client.rates.api_rate,
        "api_burst": client.rates.api_burst,
        "registered_at": client.registered_at,
    }


def _registration(row: ClientRow) -> Registration:
    return Registration(
        row.client_id,
        row.agency,
        row.jwks,
        frozenset(row.scopes),
        frozenset(row.purposes),
        frozenset(row.kinds),
        row.may_override,
        frozenset(row.grants),
        tuple(row.redirect_uris),
        Rates(row.token_rate, row.token_burst, row.api_rate, row.api_burst),
        row.registered_at,
        row.ended_at,
    )
