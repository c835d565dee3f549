"""A client as an agency would write it, which can also be made to do each thing wrong."""

import base64
import hashlib
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.util import urlsafe_b64encode
from werkzeug.test import TestResponse

from app.oauth.clients import Registration, register_client
from tests.oauth.authority import BASE_URL, Authority

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN = "/oauth/token"  # noqa: S105  (an address)


class _Lax(jws.JWSRegistry):
    """Signs whatever a test wants signed."""

    max_header_length = 100_000

    def check_header(self, header: dict[str, Any]) -> None:
        """Let anything pass."""


def sign(header: dict[str, Any], claims: object, key: Key) -> str:
    """Return a compact JWS, even of what is no JWT."""
    payload = claims if isinstance(claims, str | bytes) else json.dumps(claims)
    name = header["alg"]
    named = "Ed25519" if name == "EdDSA" else name
    algorithm = _Lax(algorithms=[named]).get_alg(named)
    head = urlsafe_b64encode(json.dumps(header).encode())
    body = urlsafe_b64encode(payload.encode() if isinstance(payload, str) else payload)
    signature = urlsafe_b64encode(algorithm.sign(head + b"." + body, key))
    return (head + b"." + body + b"." + signature).decode()


def new_key(alg: str = "ES256") -> Key:
    if alg == "ES256":
        return ECKey.generate_key("P-256", auto_kid=True)
    if alg == "PS256":
        return RSAKey.generate_key(2048, auto_kid=True)
    return OKPKey.generate_key("Ed25519", auto_kid=True)


def without_nones(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@dataclass
class Machine:
    """A registered client and its key. A claim given as None is left out."""

    authority: Authority
    client_id: str
    agency: str = "oak"
    alg: str = "ES256"
    key: Key = field(default_factory=new_key)
    dpop_key: Key | None = None

    @property
    def proves_with(self) -> Key:
        return self.dpop_key or self.key

    def assertion(self, header: dict[str, Any] | None = None, **claims: object) -> str:
        at = self.authority.clock.at.timestamp()
        usual = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": BASE_URL,
            "jti": secrets.token_urlsafe(16),
            "iat": int(at),
            "exp": int(at) + 60,
        }
        usual_header = {"alg": self.alg, "kid": self.key.kid, "typ": "JWT"}
        return sign(
            without_nones(usual_header | (header or {})), without_nones(usual | claims), self.key
        )

    def proof(
        self,
        method: str = "POST",
        path: str = TOKEN,
        token: str | None = None,
        header: dict[str, Any] | None = None,
        **claims: object,
    ) -> str:
        key = self.proves_with
        usual = {
            "htm": method,
            "htu": BASE_URL + path,
            "iat": int(self.authority.clock.at.timestamp()),
            "jti": secrets.token_urlsafe(16),
            "ath": None if token is None else sha256(token),
        }
        jwk = key.as_dict(private=False)
        jwk.pop("kid", None)
        usual_header = {"typ": "dpop+jwt", "alg": self.alg, "jwk": jwk}
        return sign(
            without_nones(usual_header | (header or {})), without_nones(usual | claims), key
        )

    def form(self, **more: object) -> dict[str, Any]:
        usual = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": None if "client_assertion" in more else self.assertion(),
        }
        return without_nones(usual | more)

    def ask(self, path: str = TOKEN, proof: str | None = "", **form: object) -> TestResponse:
        """Ask an endpoint of `/oauth`. A proof of None is left out."""
        proof = self.proof(path=path) if proof == "" else proof
        headers = {} if proof is None else {"DPoP": proof}
        return self.authority.http.post(path, data=self.form(**form), headers=headers)

    def token(self, **form: object) -> str:
        answer = self.ask(**form)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["access_token"])

    def about(self, endpoint: str, token: str, **form: object) -> TestResponse:
        """Ask to introspect or revoke."""
        return self.ask(f"/oauth/{endpoint}", None, grant_type=None, token=token, **form)

    def call(
        self, token: str, path: str = "/v1/echo", method: str = "GET", **sent: Any
    ) -> TestResponse:
        """Call the API with a token; `proof` and `authorization` replace the usual headers."""
        proof = sent.pop("proof", None) or self.proof(method, path, token)
        headers = {"Authorization": sent.pop("authorization", f"DPoP {token}"), "DPoP": proof}
        return self.authority.http.open(path, method=method, headers=headers, **sent)

    def elsewhere(self, authority: Authority) -> "Machine":
        """Return the same client, speaking to another instance."""
        return Machine(
            authority, self.client_id, self.agency, self.alg, self.key, dpop_key=self.dpop_key
        )


def register(authority: Authority, alg: str = "ES256", **changes: Any) -> Machine:
    """Register a client of an id of its own, and return it."""
    key = new_key(alg)
    usual: dict[str, Any] = {
        "client_id": f"oak-{secrets.token_hex(4)}",
        "agency": "oak",
        "jwks": {"keys": [key.as_dict(private=False)]},
        "scopes": frozenset({"echo.read", "client.write"}),
        "purposes": frozenset({"early_help_support"}),
        "kinds": frozenset({"content"}),
        "grants": frozenset({"client_credentials", JWT_BEARER}),
    }
    asked = Registration(**usual | changes)
    with authority.database.transaction() as session:
        register_client(session, asked, authority.clock.at)
    return Machine(authority, asked.client_id, asked.agency, alg, key)


def sha256(text: str) -> str:
    hashed = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


def claims_of(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=="))
    return found


def header_of(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        base64.urlsafe_b64decode(token.split(".", maxsplit=1)[0] + "==")
    )
    return found


def refusal(answer: TestResponse) -> tuple[int, str, str]:
    """Return status, error and description of a refusal by `/oauth`."""
    body = answer.get_json()
    return answer.status_code, body["error"], body.get("error_description", "")


def challenge(answer: TestResponse) -> str:
    """Return the error code of a refusal by the API, and check its form."""
    assert answer.status_code in {401, 403}, answer.text
    header = answer.headers["WWW-Authenticate"]
    assert header.startswith("DPoP ")
    assert 'algs="ES256 PS256 EdDSA Ed25519"' in header
    found = None
    with suppress(IndexError):
        found = header.split('error="')[1].split('"')[0]
    assert found
    return found
