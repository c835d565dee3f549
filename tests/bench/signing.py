"""What a client signs before it asks: assertions and proofs, made before the clock starts."""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, Key

from tests.bench import load
from tests.bench.world import CLIENT

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_LASTS = 200.0
"""Seconds for which a token is used again; it lives for 300."""


@dataclass(slots=True)
class Client:
    """A client of one server, with the key that it authenticates with and proves."""

    key: Key
    port: int
    issuer: str
    token_path: str = "/oauth/token"  # noqa: S105  (an address)
    proves_with: Key = field(default_factory=lambda: ECKey.generate_key("P-256"))
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    _public: dict[str, str] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token_request(self, scope: str = "echo.read") -> bytes:
        """Return a request for a token."""
        form = {
            "grant_type": "client_credentials",
            "scope": scope,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "DPoP": self.proof("POST", self.token_path),
        }
        return load.request(self.port, self.token_path, headers, urlencode(form).encode())

    def token(self, scope: str = "disclosure.request") -> str:
        """Return a token for disclosures, or for what is named; the same one until it gets old."""
        kept = self._tokens.get(scope)
        if kept is None or time.monotonic() > kept[1]:
            answer = load.drive(self.port, [self.token_request(scope)]).answers[0]
            status, body = load.split(answer)
            if status != 200:
                raise RuntimeError(body.decode())
            kept = json.loads(body)["access_token"], time.monotonic() + TOKEN_LASTS
            self._tokens[scope] = kept
        return kept[0]

    def call(self, path: str, body: bytes, token: str) -> bytes:
        """Return a call of the API with a proof of its own."""
        headers = {
            "Authorization": f"DPoP {token}",
            "DPoP": self.proof("POST", path, token),
            "Content-Type": "application/json",
        }
        return load.request(self.port, path, headers, body)

    def proof(self, method: str, path: str, token: str | None = None) -> str:
        """Return a proof for one request."""
        claims = {
            "htm": method,
            "htu": self.base_url + path,
            "iat": int(time.time()),
            "jti": secrets.token_urlsafe(16),
        }
        if token is not None:
            hashed = hashlib.sha256(token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self._jwk()}
        return jwt.encode(header, claims, self.proves_with, algorithms=["ES256"])

    def _jwk(self) -> dict[str, str]:
        if not self._public:
            whole = self.proves_with.as_dict(private=False)
            self._public.update({name: str(whole[name]) for name in ("kty", "crv", "x", "y")})
        return self._public

    def _assertion(self) -> str:
        at = int(time.time())
        claims = {
            "iss": CLIENT,
            "sub": CLIENT,
            "aud": self.issuer,
            "jti": secrets.token_urlsafe(16),
            "iat": at,
            "exp": at + 60,
        }
        header = {"alg": "ES256", "kid": self.key.kid, "typ": "JWT"}
        return jwt.encode(header, claims, self.key, algorithms=["ES256"])
