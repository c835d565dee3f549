"""Introspection (RFC 7662) and revocation (RFC 7009): a client's own tokens, and no others."""

from datetime import UTC, datetime
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from app.kernel.clock import now
from app.kernel.db import database
from app.oauth.once import cut_off, is_revoked
from app.oauth.refusals import BadRequest, BadToken
from app.oauth.registered import AUTH_METHOD, Client
from app.oauth.tokens import AccessToken, TokenReader


def _own_token(tokens: TokenReader, request: OAuth2Request, client: Client) -> AccessToken | None:
    """Return the token that was sent if it lives and is the client's own; hints change nothing."""
    sent = request.form.get("token")
    if not sent:
        raise BadRequest("send token: the access token in question")
    try:
        token = tokens.read(sent, now())
    except BadToken:
        return None
    return token if token.client_id == client.client_id else None


class Introspection(IntrospectionEndpoint):
    """Says what a token holds, to the client it was issued to."""

    CLIENT_AUTH_METHODS = (AUTH_METHOD,)

    def __init__(self, tokens: TokenReader) -> None:
        super().__init__()
        self.tokens = tokens

    def authenticate_token(self, request: OAuth2Request, client: Client) -> AccessToken | None:
        """Return the client's own living token."""
        return _own_token(self.tokens, request, client)

    def create_introspection_payload(self, token: AccessToken | None) -> dict[str, Any]:
        """Return the token's claims, or that it is not active and nothing else."""
        if token is None:
            return {"active": False}
        with database().autocommit() as connection:
            if is_revoked(connection, token.marks):
                return {"active": False}
        return {"active": True, "token_type": "DPoP"} | token.claims


class Revocation(RevocationEndpoint):
    """Cuts off a token at once, for the client it was issued to."""

    CLIENT_AUTH_METHODS = (AUTH_METHOD,)

    def __init__(self, tokens: TokenReader) -> None:
        super().__init__()
        self.tokens = tokens

    def authenticate_token(self, request: OAuth2Request, client: Client) -> AccessToken | None:
        """Return the client's own living token; another's is answered alike, without effect."""
        return _own_token(self.tokens, request, client)

    def revoke_token(self, token: AccessToken, request: OAuth2Request) -> None:  # noqa: ARG002  (Authlib's signature)
        """Refuse the token from now on."""
        with database().autocommit() as connection:
            cut_off(connection, token.id, datetime.fromtimestamp(token.expires, UTC))
