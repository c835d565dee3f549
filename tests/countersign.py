"""What an agency's system does to sign an agreement: hash the bytes it read, sign a statement."""

import hashlib
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.jwk import JWKRegistry

from app.oauth.jose import REGISTRY
from sharing.rules.contents import canonical

ALGORITHMS = {"EC": "ES256", "OKP": "EdDSA", "RSA": "PS256"}
OFFICIAL = {"name": "Ada Official", "role": "Director of Children's Services"}


def statement(
    content: bytes, code: str, version: int, agency: str, at: datetime, **changes: Any
) -> dict[str, Any]:
    """What an official of an agency agrees to."""
    return {
        "agreement": code,
        "version": version,
        "content_sha256": hashlib.sha256(content).hexdigest(),
        "agency": agency,
        "signatory": OFFICIAL,
        "signed_at": at.isoformat(),
    } | changes


def signed(claims: dict[str, Any], private_jwk: dict[str, Any]) -> str:
    """A compact JWS over a statement."""
    key = JWKRegistry.import_key(private_jwk)
    header = {"alg": ALGORITHMS[private_jwk["kty"]]}
    return jws.serialize_compact(header, canonical(claims), key, registry=REGISTRY)
