"""Tokens on behalf of a practitioner: the agency signs who, what for and under which agreement."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oauth2.rfc7523 import JWTBearerGrant
from joserfc.jwk import KeySet

from app.kernel.auth import SignedPractitioner
from app.kernel.clock import now
from app.kernel.db import database
from app.oauth import claims as claim
from app.oauth.grants import ClientGrant
from app.oauth.jose import Malformed, NotVerified, Unverified, import_key_set, read
from app.oauth.once import Single, digest, use_once
from app.oauth.refusals import BadGrant, BadRequest, came
from app.oauth.registered import Client, agency_jwks

TYPE = "practitioner+jwt"
LONGEST = 300
_LONGEST_TEXT = 128
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class VouchedFor:
    """What an agency said of a practitioner, and until when."""

    practitioner: SignedPractitioner
    auth_time: int
    acr: str
    ends: float

    def get_user_id(self) -> str:
        """Return the subject of the token, as Authlib asks for it."""
        return self.practitioner.id


class PractitionerGrant(ClientGrant, JWTBearerGrant):
    """RFC 7523 section 2.1, with what Authlib leaves out: the client, `typ`, `jti`, lifetime."""

    def validate_token_request(self) -> None:
        """Authenticate the client as ever, then the agency's assertion."""
        client = self.check_client()
        sent = self.request.form.get("assertion")
        if not sent:
            raise BadRequest("send assertion: a practitioner+jwt signed by the agency")
        try:
            self.request.user = _checked(read(sent), client, self.server.settings.issuer, now())
        except (Malformed, NotVerified, claim.ClaimWrong) as error:
            raise BadGrant(f"assertion: {error}") from error

    def create_token_response(self) -> Any:  # noqa: ANN401  (Authlib's triple)
        """Issue the token; what Authlib does here logs it."""
        return self.issue()


def _checked(unverified: Unverified, client: Client, issuer: str, at: datetime) -> VouchedFor:
    """Return what the agency vouched for, used here for the first time."""
    typ = unverified.unverified_header.get("typ")
    if typ != TYPE:
        raise claim.ClaimWrong(f"typ must be {TYPE}, got {came(typ)}")
    agency = unverified.unverified_claims.get("iss")
    if agency != client.agency:
        raise claim.ClaimWrong(f"iss must be the client's agency {client.agency}, got {agency}")
    with database().autocommit() as connection:
        jwks = agency_jwks(connection, client.agency)
    if not jwks["keys"]:
        raise claim.ClaimWrong(f"no keys of the agency {client.agency} are registered")
    claims = unverified.verify(_keys(jwks))
    claim.check_audience(claims, issuer)
    until = claim.check_age(claims, at, LONGEST)
    vouched = _vouched(claims)
    single = Single(digest("practitioner", client.agency, claim.text(claims, "jti")), until)
    with database().autocommit() as connection:
        if not use_once(connection, single):
            raise claim.ClaimWrong("jti was used before: sign a new assertion for each token")
    return vouched


def _keys(jwks: dict[str, Any]) -> KeySet:
    return import_key_set(jwks)


def _vouched(claims: claim.Claims) -> VouchedFor:
    claim.text(claims, "name", _LONGEST_TEXT)  # for the agency's own records: we keep ids only
    practitioner = SignedPractitioner(
        _plain(claims, "sub"),
        _code(claims, "role"),
        _code(claims, "purpose"),
        _code(claims, "agreement") if claims.get("agreement") is not None else None,
    )
    return VouchedFor(
        practitioner,
        int(claim.instant(claims, "auth_time")),
        _plain(claims, "acr"),
        claim.instant(claims, "exp"),
    )


def _plain(claims: claim.Claims, name: str) -> str:
    """Return text that can be stored and shown: no control characters, no broken surrogates."""
    value = claim.text(claims, name, _LONGEST_TEXT)
    if not value.isprintable():
        raise claim.ClaimWrong(f"{name} must be printable text")
    return value


def _code(claims: claim.Claims, name: str) -> str:
    value = claim.text(claims, name)
    if not _CODE.fullmatch(value):
        raise claim.ClaimWrong(f"{name} must be a code, got {came(value)}")
    return value
