"""DPoP (RFC 9449): a proof, made anew for each request, that the caller holds the token's key."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from flask import Request
from joserfc.jwk import Key
from joserfc.util import json_b64decode

from app.kernel.vault import Vault
from app.oauth import claims as claim
from app.oauth.jose import Malformed, NotVerified, import_public_key, read
from app.oauth.once import Single, digest
from app.oauth.refusals import BadProof, NonceWanted, came

HEADER = "DPoP"
NONCE_HEADER = "DPoP-Nonce"
_WITHIN = 60
_KEPT = timedelta(seconds=2 * _WITHIN)
_NONCE_STEP = 60
_NONCE_STEPS = 5
_PORTS = {"http": 80, "https": 443}


class Nonces:
    """Nonces that need no memory: the minute, and a keyed hash of it that all workers can make."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def current(self, at: datetime) -> str:
        """Return the nonce of this minute."""
        return self._of(int(at.timestamp()) // _NONCE_STEP)

    def holds(self, nonce: object, at: datetime) -> bool:
        """Return whether a nonce is ours, and of the last five minutes."""
        step = int(at.timestamp()) // _NONCE_STEP
        sent = str(nonce).encode("utf-8", "replace")
        recent = (self._of(step - back).encode() for back in range(_NONCE_STEPS))
        return any(hmac.compare_digest(sent, one) for one in recent)

    def _of(self, step: int) -> str:
        return _base64url(self._vault.blind_index("dpop-nonce", str(step)))


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that holds: whose key made it, and by what it is recognised if it comes again."""

    thumbprint: str
    single: Single


@lru_cache(maxsize=4096)
def proof_key(header_segment: str) -> tuple[Key, str]:
    """Return key and thumbprint from a proof's header, which is the same in all of a key's proofs.

    Checking a point of a curve takes longer than verifying a signature, hence the cache.
    """
    header = json_b64decode(header_segment.encode())
    if header.get("typ") != "dpop+jwt":
        raise BadProof(f"typ of the DPoP proof must be dpop+jwt, got {came(header.get('typ'))}")
    try:
        key = import_public_key(header.get("jwk"))
    except Malformed as error:
        raise BadProof(f"jwk in the header of the DPoP proof: {error}") from error
    return key, key.thumbprint()


def check_proof(
    request: Request, base_url: str, at: datetime, nonces: Nonces | None, token: str | None = None
) -> Proof:
    """Return the proof of this request, for this token if there is one; else `BadProof`.

    Whether it was used before is for the caller to settle.
    """
    sent = [one for one in request.headers.get(HEADER, "").split(",") if one]  # as WSGI joins them
    if len(sent) != 1:
        raise BadProof(f"send exactly one DPoP header (RFC 9449), got {len(sent)}")
    try:
        unverified = read(sent[0])
        key, thumbprint = proof_key(unverified.header_segment)
        claims = unverified.verify(key)
        _check_target(claims, request, base_url)
        _check_iat(claims, at)
        _check_token(claims, token)
        if nonces is not None and not nonces.holds(claims.get("nonce"), at):
            raise NonceWanted("repeat the request with nonce from the DPoP-Nonce header")
        used = digest("proof", thumbprint, claim.text(claims, "jti"))
    except (Malformed, NotVerified, claim.ClaimWrong) as error:
        raise BadProof(f"DPoP proof: {error}") from error
    return Proof(thumbprint, Single(used, at + _KEPT))


def _check_target(claims: claim.Claims, request: Request, base_url: str) -> None:
    """Compare method and address with what clients see, never with the Host header."""
    if claims.get("htm") != request.method:
        message = f"htm must be {request.method}, got {came(claims.get('htm'))}"
        raise claim.ClaimWrong(message)
    wanted = base_url + request.path
    sent = claim.text(claims, "htu", 2000)
    try:
        fits = normal_address(sent) == normal_address(wanted)
    except ValueError:  # a port that is no number, brackets that do not close
        fits = False
    if not fits:
        raise claim.ClaimWrong(f"htu must be {wanted}, got {came(sent)}")


def normal_address(address: str) -> tuple[str, str, int | None, str]:
    """Return scheme, host, port and path as RFC 9449, section 4.3, has them compared."""
    parts = urlsplit(address)
    scheme = parts.scheme.lower()
    port = parts.port or _PORTS.get(scheme)
    return scheme, (parts.hostname or "").lower(), port, unquote(parts.path) or "/"


def _check_iat(claims: claim.Claims, at: datetime) -> None:
    away = claim.instant(claims, "iat") - at.timestamp()
    if abs(away) > _WITHIN:
        raise claim.ClaimWrong(f"iat must be within 60 s of this server's clock, is {away:.0f} s")


def _check_token(claims: claim.Claims, token: str | None) -> None:
    if token is None:
        return
    hashed = _base64url(hashlib.sha256(token.encode("utf-8", "replace")).digest())
    if claims.get("ath") != hashed:
        message = "ath must be the base64url of the SHA-256 of the access token"
        raise claim.ClaimWrong(f"{message}, got {came(claims.get('ath'))}")


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
