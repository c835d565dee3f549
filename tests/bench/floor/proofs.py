"""Who asks, with joserfc and nothing between: a refusal is an exception, answered with 401."""

import base64
import hashlib
import json
import time
from functools import lru_cache
from typing import Any

from flask import Request
from joserfc import jws, jwt
from joserfc.jwk import ECKey, Key, KeySet
from joserfc.util import json_b64decode

from tests.bench.floor.config import TOLD

ES256 = ["ES256"]
WITHIN = 60


class Refused(Exception):
    """Token, proof or assertion does not hold."""


def hold(condition: object) -> None:
    if not condition:
        raise Refused


def token_claims(compact: str, key: Key) -> dict[str, Any]:
    """Return the claims of a token of ours that is alive; verified anew at each call."""
    token = jwt.decode(compact, key, algorithms=ES256)
    claims = token.claims
    hold(token.header["typ"] == "at+jwt")
    hold(claims["iss"] == TOLD["issuer"] and claims["aud"] == TOLD["audience"])
    hold(claims["iat"] <= time.time() + WITHIN and time.time() < claims["exp"])
    return claims


def proof(request: Request, compact: str | None = None) -> tuple[str, str]:
    """Return the thumbprint of the key that proved this request, and the proof's `jti`."""
    sent = request.headers["DPoP"]
    header = json_b64decode(sent.partition(".")[0].encode())
    hold(header["typ"] == "dpop+jwt" and header["alg"] == "ES256" and "d" not in header["jwk"])
    key = ECKey.import_key(header["jwk"])
    claims = json.loads(jws.deserialize_compact(sent, key, algorithms=ES256).payload)
    hold(claims["htm"] == request.method and claims["htu"] == TOLD["base_url"] + request.path)
    hold(abs(claims["iat"] - time.time()) <= WITHIN)
    hold(1 <= len(claims["jti"]) <= 256)
    if compact is not None:
        hashed = base64.urlsafe_b64encode(hashlib.sha256(compact.encode()).digest())
        hold(claims["ath"] == hashed.rstrip(b"=").decode())
    return key.thumbprint(), claims["jti"]


def assertion_claims(compact: str, keys: KeySet) -> dict[str, Any]:
    """Return the claims of a client's assertion."""
    claims = jwt.decode(compact, keys, algorithms=ES256).claims
    at = time.time()
    hold(claims["iss"] == claims["sub"] and claims["aud"] == TOLD["issuer"])
    hold(claims["iat"] <= at + 10 and at < claims["exp"] <= at + 3610)
    hold(1 <= len(claims["jti"]) <= 256)
    return claims


def unverified_subject(compact: str) -> str:
    return str(json_b64decode(compact.split(".")[1].encode())["sub"])


@lru_cache(maxsize=1024)
def client_keys(jwks: str) -> KeySet:
    return KeySet.import_key_set(json.loads(jwks))


def digest(*parts: str) -> bytes:
    return hashlib.sha256("\x1f".join(parts).encode()).digest()
