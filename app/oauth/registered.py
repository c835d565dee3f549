"""Clients as they are registered: read here, changed in `clients`."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin
from joserfc.jwk import KeySet
from sqlalchemy import Connection, text

from app.kernel.prepared import Prepared
from app.oauth.jose import import_key_set
from app.oauth.limits import Bucket

AUTH_METHOD = "private_key_jwt"
CLIENT_CREDENTIALS = "client_credentials"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GRANTS = frozenset({CLIENT_CREDENTIALS, JWT_BEARER})
"""The grants that a client can be registered for, because they work."""


@dataclass(frozen=True, slots=True)
class Client(ClientMixin):
    """A client that has not ended, as Authlib asks about it."""

    client_id: str
    agency: str
    scopes: frozenset[str]
    grants: frozenset[str]
    keys: KeySet
    bucket: Bucket

    def get_client_id(self) -> str:
        """Return the client's id."""
        return self.client_id

    def get_allowed_scope(self, scope: str | None) -> str | None:  # type: ignore[override]  # None means refuse; the stub does not say so
        """Return the scopes to issue; None, and so a refusal, if one of them is not held."""
        wanted = frozenset((scope or "").split()) or self.scopes
        return " ".join(sorted(wanted)) if wanted <= self.scopes else None

    def check_grant_type(self, grant_type: str) -> bool:
        """Return whether the client is registered for a grant."""
        return grant_type in self.grants

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002  (Authlib's signature)
        """Return whether the client may authenticate so: one way, at every endpoint."""
        return method == AUTH_METHOD


_CLIENT = Prepared(
    text("""
select agency, scopes, grants, cast(jwks as text), token_rate, token_burst from oauth_client
where client_id = :client_id and ended_at is null
""")
)


def find_client(connection: Connection, client_id: str) -> Client | None:
    """Return a client that has not ended."""
    row = _CLIENT.one(connection, {"client_id": client_id})
    if row is None:
        return None
    agency, scopes, grants, jwks, rate, burst = row
    return Client(
        client_id,
        agency,
        frozenset(scopes),
        frozenset(grants),
        _imported(jwks),
        Bucket(f"client:{client_id}", rate, burst),
    )


@lru_cache(maxsize=1024)
def _imported(jwks: str) -> KeySet:
    """Import a stored set once, not at each request: checking a point of a curve takes 0.2 ms."""
    return import_key_set(json.loads(jwks))


_AGENCY_KEYS = "select jwk from oauth_agency_key where agency = %(agency)s order by kid"


def agency_jwks(connection: Connection, agency: str) -> dict[str, Any]:
    """Return the keys with which an agency vouches for its practitioners; perhaps none."""
    rows = connection.exec_driver_sql(_AGENCY_KEYS, {"agency": agency}).scalars()
    return {"keys": list(rows)}
