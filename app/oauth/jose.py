"""Signed JSON from strangers: read without trust, then verified with one key and our algorithms.

joserfc's defaults take HS256 and RS256, refuse every RSA proof for the size of its header, refuse
header fields that they do not know, and warn where they should refuse: hence our own registry, and
keys that are checked before they are imported.
"""

import json
from dataclasses import dataclass
from typing import Any, cast

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey
from joserfc.util import to_bytes, urlsafe_b64decode

from app.oauth.refusals import came

ALGORITHMS = ("ES256", "PS256", "EdDSA", "Ed25519")
PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
MOST_KEYS = 2
_LEAST_RSA_BITS = 2048
_LONGEST_RSA_MEMBER = 700  # 4096 bits in base64url, and a little
_LONGEST_EXPONENT = 8
_LONGEST_KID = 256
_MALFORMED = (JoseError, ValueError, TypeError, KeyError, OverflowError, RecursionError)


class Malformed(Exception):
    """This is no compact JWS with JSON in it, or no key that we take; the message says why."""


class NotVerified(Exception):
    """The signature does not hold under the key that should have made it."""


class Registry(jws.JWSRegistry):
    """joserfc's registry, with room for an RSA key in the header, and `EdDSA` by its new name."""

    max_header_length = 2048

    def get_alg(self, name: str) -> Any:  # noqa: ANN401  (joserfc does not export the type)
        """Return the algorithm; RFC 9864 renamed `EdDSA` with Curve25519 to `Ed25519`."""
        return super().get_alg("Ed25519" if name == "EdDSA" else name)


REGISTRY = Registry(algorithms=ALGORITHMS, strict_check_header=False)


@dataclass(frozen=True, slots=True)
class Unverified:
    """A signed document whose signature nobody has checked yet."""

    unverified_header: dict[str, Any]
    unverified_claims: dict[str, Any]
    header_segment: str
    signature: jws.CompactSignature

    def verify(self, key: Key | KeySet) -> dict[str, Any]:
        """Return the claims; `NotVerified` unless the key, by an algorithm of ours, signed them."""
        try:
            holds = jws.validate_compact(self.signature, key, registry=REGISTRY)
        except _MALFORMED as error:
            raise NotVerified(_because(error)) from error
        if not holds:
            raise NotVerified("the signature does not belong to the key")
        return self.unverified_claims


def read(compact: str) -> Unverified:
    """Return header and claims as they stand; `Malformed` if this is no signed JSON object."""
    try:
        signature = jws.extract_compact(to_bytes(compact), registry=REGISTRY)
        claims = json.loads(signature.payload)
    except _MALFORMED as error:
        raise Malformed(f"not a signed JWT in compact form ({_because(error)})") from error
    header = cast("object", signature.protected)
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Malformed("header and claims of the JWT must be JSON objects")
    if "crit" in header or "b64" in header:
        raise Malformed("this service understands no critical header fields: leave out crit")
    if header.get("alg") not in ALGORITHMS:
        allowed = "ES256, PS256 or EdDSA"
        raise Malformed(f"alg must be {allowed}, got {came(header.get('alg'))}")
    return Unverified(header, claims, compact.partition(".")[0], signature)


def import_public_key(jwk: object) -> Key:
    """Return a public key that may sign here; `Malformed` says what is wrong with another one."""
    if not isinstance(jwk, dict):
        raise Malformed("a key must be a JSON object")
    if PRIVATE_MEMBERS & jwk.keys():
        raise Malformed("a key must be public: it holds private members, so replace it")
    if jwk.get("use", "sig") != "sig":
        raise Malformed("use must be sig")
    try:
        match jwk:
            case {"kty": "EC", "crv": "P-256", "x": x, "y": y}:
                return ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y} | _kid(jwk))
            case {"kty": "OKP", "crv": "Ed25519", "x": x}:
                return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x} | _kid(jwk))
            case {"kty": "RSA", "n": n, "e": e}:
                _check_rsa(n, e)
                return RSAKey.import_key({"kty": "RSA", "n": n, "e": e} | _kid(jwk))
            case _:
                raise Malformed(
                    "a key must be EC P-256 (ES256), RSA (PS256) or OKP Ed25519 (EdDSA)"
                )
    except (*_MALFORMED, UnsupportedAlgorithm) as error:
        raise Malformed(f"the key cannot be read ({_because(error)})") from error


def import_key_set(jwks: object) -> KeySet:
    """Return a set of one or two public keys, each with a `kid` of its own, else `Malformed`."""
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_KEYS:
        raise Malformed('a key set must be {"keys": [...]} with one or two keys')
    found = KeySet([import_public_key(jwk) for jwk in keys])
    if len({key.kid for key in found.keys}) < len(found.keys):
        raise Malformed("two keys of a set need two kids")
    return found


def public_jwks(keys: KeySet) -> dict[str, Any]:
    """Return the set as it is stored and published."""
    return dict(keys.as_dict(private=False))


def _kid(jwk: dict[str, Any]) -> dict[str, str]:
    kid = jwk.get("kid")
    if kid is None:
        return {}
    if not isinstance(kid, str) or not 0 < len(kid) <= _LONGEST_KID or not kid.isprintable():
        raise Malformed("kid must be printable text of 1 to 256 characters")
    return {"kid": kid}


def _check_rsa(modulus: object, exponent: object) -> None:
    """Refuse what joserfc imports with a mere warning, or what would cost us seconds to verify."""
    if not isinstance(modulus, str) or not isinstance(exponent, str):
        raise Malformed("n and e must be text")
    if len(modulus) > _LONGEST_RSA_MEMBER or len(exponent) > _LONGEST_EXPONENT:
        raise Malformed("RSA keys may have 4096 bits at most, and a small exponent")
    bits = int.from_bytes(urlsafe_b64decode(to_bytes(modulus)), "big").bit_length()
    if bits < _LEAST_RSA_BITS:
        raise Malformed(f"RSA keys need 2048 bits or more, got {bits}")


def _because(error: BaseException) -> str:
    if isinstance(error, Malformed):
        return str(error)
    return getattr(error, "description", "") or type(error).__name__
