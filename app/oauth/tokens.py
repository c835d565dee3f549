"""Access tokens: signed JWTs (RFC 9068) bound to the client's key, made and read here.

A token that was verified is remembered by its bytes; whether it is revoked never is.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from joserfc import jwt

from app.kernel.auth import SignedPractitioner
from app.oauth import claims as claim
from app.oauth.jose import Malformed, NotVerified, read
from app.oauth.keys import Ring
from app.oauth.once import agency_mark, client_mark
from app.oauth.practitioners import VouchedFor
from app.oauth.refusals import BadToken, came
from app.oauth.registered import Client
from app.oauth.settings import OAuthSettings

LIFETIME = 300
_TYPE = "at+jwt"
_ID_BYTES = 16
_MOST_REMEMBERED = 4096
_CLOCKS_DIFFER = 60


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token whose signature, issuer and audience hold."""

    id: str
    grant: str
    client_id: str
    agency: str
    scopes: frozenset[str]
    thumbprint: str
    issued: int
    expires: int
    practitioner: SignedPractitioner | None
    claims: dict[str, Any]

    @property
    def marks(self) -> list[str]:
        """The ids by which it may have been cut off."""
        return [self.id, self.grant, client_mark(self.client_id), agency_mark(self.agency)]

    def lives(self, at: datetime) -> bool:
        """Return whether it is of this time; whether it is cut off is another question."""
        seconds = at.timestamp()
        return self.issued <= seconds + _CLOCKS_DIFFER and seconds < self.expires


class TokenGenerator(JWTBearerTokenGenerator):
    """Authlib's generator with our clock, one named key and algorithm, and a `kid`."""

    def __init__(
        self,
        settings: OAuthSettings,
        ring: Callable[[], Ring],
        now: Callable[[], datetime],
        thumbprint: Callable[[], str],
    ) -> None:
        super().__init__(settings.issuer, alg="ES256", expires_generator=LIFETIME)
        self.audience = settings.audience
        self.ring = ring
        self.now = now
        self.thumbprint = thumbprint

    def generate(  # noqa: PLR0913, PLR0917  (Authlib's signature)
        self,
        grant_type: str,
        client: Any,  # noqa: ANN401  (Authlib's signature)
        user: VouchedFor | None = None,
        scope: str | None = None,
        expires_in: int | None = None,  # noqa: ARG002  (Authlib's signature)
        include_refresh_token: bool = True,  # noqa: ARG002, FBT001, FBT002  (Authlib's signature)
    ) -> dict[str, str | int]:
        """Return the answer of the token endpoint. Its token is of type DPoP, never Bearer."""
        allowed = self.get_allowed_scope(client, scope or "")
        issued = int(self.now().timestamp())
        expires = issued + LIFETIME
        if user is not None:
            expires = min(expires, int(user.ends))
        claims = self.claims(client, allowed, issued, expires)
        claims |= self.get_extra_claims(client, grant_type, user, allowed)
        return {
            "access_token": self.sign(claims),
            "token_type": "DPoP",
            "expires_in": expires - issued,
            "scope": allowed,
        }

    def claims(self, client: Client, scope: str, issued: int, expires: int) -> dict[str, Any]:
        """Return the claims that every token has; RFC 9068, section 2.2."""
        return {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": client.client_id,
            "client_id": client.client_id,
            "agency": client.agency,
            "scope": scope,
            "iat": issued,
            "exp": expires,
            "jti": secrets.token_urlsafe(_ID_BYTES),
            "gid": secrets.token_urlsafe(_ID_BYTES),
            "cnf": {"jkt": self.thumbprint()},
        }

    def get_extra_claims(
        self,
        client: Client,
        grant_type: str,  # noqa: ARG002  (Authlib's signature)
        user: VouchedFor | None,
        scope: str,  # noqa: ARG002  (Authlib's signature)
    ) -> dict[str, Any]:
        """Return what is added for a practitioner: who acts, what for, under which agreement."""
        if user is None:
            return {}
        who = user.practitioner
        extra = {
            "sub": who.id,
            "act": {"sub": client.client_id},
            "role": who.role,
            "purpose": who.purpose,
            "auth_time": user.auth_time,
            "acr": user.acr,
        }
        return extra | ({} if who.agreement is None else {"agreement": who.agreement})

    def sign(self, claims: dict[str, Any]) -> str:
        """Return the token, signed with the key that signs now."""
        key = self.ring().signing
        header = {"alg": "ES256", "typ": _TYPE, "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=["ES256"])


class TokenReader:
    """Reads the tokens that we issued, each verified once and then known by its bytes."""

    def __init__(self, settings: OAuthSettings, ring: Callable[[str], Ring]) -> None:
        self._settings = settings
        self._ring = ring
        self._verified: OrderedDict[str, AccessToken] = OrderedDict()
        self._lock = Lock()

    def read(self, compact: str, at: datetime) -> AccessToken:
        """Return a token of ours that is of this time; `BadToken` says what is wrong with it."""
        token = self._verified.get(compact)
        if token is None:
            token = self._verify(compact)
            with self._lock:
                self._verified[compact] = token
                if len(self._verified) > _MOST_REMEMBERED:  # tokens die in the order they came
                    self._verified.popitem(last=False)
        if not token.lives(at):
            raise BadToken("the access token has expired: ask for another")
        return token

    def _verify(self, compact: str) -> AccessToken:
        try:
            unverified = read(compact)
            header = unverified.unverified_header
            if str(header.get("typ")).lower().removeprefix("application/") != _TYPE:
                raise BadToken(f"typ of the access token must be at+jwt, got {header.get('typ')}")
            kid = str(header.get("kid"))
            key = self._ring(kid).published.get(kid)
            if key is None or header.get("alg") != "ES256":
                raise BadToken("the access token is not signed by this server")
            return self._token(unverified.verify(key))
        except (Malformed, NotVerified) as error:
            raise BadToken(f"the access token is {error}") from error

    def _token(self, claims: claim.Claims) -> AccessToken:
        """Return the token from claims that we signed, for this API and no other."""
        settings = self._settings
        if (claims["iss"], claims["aud"]) != (settings.issuer, settings.audience):
            raise BadToken(f"aud must be {settings.audience}, got {came(claims['aud'])}")
        return AccessToken(
            id=claims["jti"],
            grant=claims["gid"],
            client_id=claims["client_id"],
            agency=claims["agency"],
            scopes=frozenset(claims["scope"].split()),
            thumbprint=claims["cnf"]["jkt"],
            issued=claims["iat"],
            expires=claims["exp"],
            practitioner=_practitioner(claims),
            claims=dict(claims),
        )


def _practitioner(claims: claim.Claims) -> SignedPractitioner | None:
    if "act" not in claims:
        return None
    return SignedPractitioner(
        claims["sub"], claims["role"], claims["purpose"], claims.get("agreement")
    )
