"""Client authentication: an assertion signed by the client (RFC 7523, `private_key_jwt`).

Authlib's own class takes an `exp` in ten years, an empty `jti`, a list of audiences, another
`client_id` in the form, and algorithms that FAPI 2.0 rules out; so all it checks is checked here.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc.jwk import KeySet

from app.oauth import claims as claim
from app.oauth.jose import Malformed, NotVerified, Unverified, read
from app.oauth.once import Single, digest
from app.oauth.refusals import BadClient, came
from app.oauth.registered import AUTH_METHOD, Client

LONGEST = 3600
"""Seconds. Authlib's own client makes assertions of an hour; 60 s is what we advise."""
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
QueryClient = Callable[[str], Client | None]


class ClientAssertion(JWTBearerClientAssertion):
    """`private_key_jwt`, to the letter of FAPI 2.0. The `jti` is used by `Server`, not here."""

    CLIENT_AUTH_METHOD = AUTH_METHOD  # type: ignore[misc]  # the stub calls final what is to be renamed

    def __init__(self, issuer: str, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.issuer = issuer
        self.now = now

    def get_audiences(self) -> list[str]:
        """Return the one audience."""
        return [self.issuer]

    def resolve_client_public_key(self, client: Client) -> KeySet:
        """Return the keys that the client was registered with."""
        return client.keys

    def __call__(self, query_client: QueryClient, request: OAuth2Request) -> Client:
        """Return the client that signed the assertion; `BadClient` says what did not fit.

        Leaves in `request.credential` what must be used once.
        """
        unverified = _sent(request)
        client_id = self._unverified_client_id(unverified, request.form.get("client_id"))
        client = query_client(client_id)
        if client is None:
            raise BadClient(f"there is no client {client_id} here")
        claims = self.process_assertion_claims(unverified, client)
        used = digest("assertion", client_id, claims["jti"])
        request.credential = Single(used, claim.check_age(claims, self.now(), LONGEST))
        return client

    def process_assertion_claims(self, unverified: Unverified, client: Client) -> dict[str, Any]:
        """Return the claims, signed by a key of the client and each as the profile has it."""
        keys = self.resolve_client_public_key(client)
        try:
            claims = unverified.verify(keys)
        except NotVerified as error:
            known = ", ".join(str(key.kid) for key in keys)
            kid = came(unverified.unverified_header.get("kid"))
            reason = f"client_assertion: {error}; kid was {kid}, registered: {known}"
            raise BadClient(reason) from error
        self.verify_claims(claims)
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> None:
        """Check what Authlib leaves open; `BadClient` names the claim."""
        try:
            claim.check_audience(claims, self.issuer)
            claim.text(claims, "jti")
            claim.instant(claims, "iat")
            claim.check_age(claims, self.now(), LONGEST)
        except claim.ClaimWrong as error:
            raise BadClient(f"client_assertion: {error}") from error

    def _unverified_client_id(self, unverified: Unverified, in_form: str | None) -> str:
        claims = unverified.unverified_claims
        sub, iss = claims.get("sub"), claims.get("iss")
        if sub != iss:
            reason = f"iss and sub must both be the client id, got {came(iss)} and {came(sub)}"
            raise BadClient(f"client_assertion: {reason}")
        if not isinstance(sub, str) or not CODE.fullmatch(sub):
            raise BadClient(f"client_assertion: sub must be the client id, got {came(sub)}")
        if in_form not in (None, sub):
            raise BadClient(f"client_id must be that of the assertion, {sub}, got {came(in_form)}")
        return sub


def _sent(request: OAuth2Request) -> Unverified:
    """Return the assertion of a request that authenticates so and in no other way."""
    form = request.form
    if (request.headers or {}).get("Authorization") or "client_secret" in form:
        _expected("no Authorization header and no client_secret")
    kind = form.get("client_assertion_type")
    if kind != ClientAssertion.CLIENT_ASSERTION_TYPE:
        _expected(
            f"client_assertion_type={ClientAssertion.CLIENT_ASSERTION_TYPE}, got {came(kind)}"
        )
    if not form.get("client_assertion"):
        _expected("client_assertion, got none")
    try:
        return read(form["client_assertion"])
    except Malformed as error:
        raise BadClient(f"client_assertion: {error}") from error


def _expected(what: str) -> NoReturn:
    raise BadClient(f"authenticate with private_key_jwt (RFC 7523): send {what}")
