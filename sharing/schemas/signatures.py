"""Signatures under agreements on the wire: by an agency's own key, or by hand on paper."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from marshmallow import ValidationError, fields, post_load

from app.kernel.problem import pointed
from app.kernel.schema import (
    Choice,
    Code,
    Day,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    WholeNumber,
)
from sharing.actions.errors import SignatureInvalid
from sharing.rules.contents import canonical
from sharing.terms.agreements import Means, Signatory, Statement

LONGEST_JWS = 8000
MOST_SIGNATURES = 10_000


def _hash() -> Text:
    return Text(
        max=64,
        min=64,
        required=True,
        metadata={
            "pattern": "^[0-9a-f]{64}$",
            "description": "SHA-256 of the version's content, in hex",
        },
    )


class SignatorySchema(Schema):
    """The official who signs for an agency."""

    name = Text(max=200, required=True)
    role = Text(max=100, required=True)

    @post_load
    def _signatory(self, data: dict[str, Any], **_: object) -> Signatory:
        return Signatory(**data)


class SignedStatementSchema(Schema):
    """What a member signs: that it agrees to exactly this content."""

    agreement = Code(required=True)
    version = WholeNumber(required=True)
    content_sha256 = _hash()
    agency = Code(required=True)
    signatory = Nested(SignatorySchema, required=True)
    signed_at = Instant(required=True)

    @post_load
    def _statement(self, data: dict[str, Any], **_: object) -> Statement:
        return Statement(**data)


class SignedPaperSchema(Schema):
    """A signature by hand, recorded by the agency whose official signed."""

    content_sha256 = _hash()
    signatory = Nested(SignatorySchema, required=True)
    signed_on = Day(required=True)
    reference = Text(
        max=200, required=True, metadata={"description": "Where the signed paper is kept"}
    )


class AgreementSigningSchema(Schema):
    """Either a JWS by a key of the calling client, or the particulars of a signed paper."""

    jws = Text(
        max=LONGEST_JWS,
        metadata={
            "description": (
                "Compact (RFC 7515) over {agreement, version, content_sha256, agency, signatory, "
                "signed_at}; or detached (`header..signature`), with `statement` beside it"
            )
        },
    )
    statement = fields.Dict(
        keys=fields.String(),
        metadata={"description": "What a detached JWS signs, as canonical JSON (RFC 8785)"},
    )
    paper = Nested(SignedPaperSchema)


class AgreementSignatureSchema(Schema):
    """A signature with what proves it."""

    id = OpaqueId(required=True)
    agency = Code(required=True)
    content_sha256 = _hash()
    signatory = Nested(SignatorySchema, required=True)
    means = Choice(Means, required=True, attribute="proof.means")
    signed_at = Instant(required=True)
    recorded_at = Instant(required=True)
    jws = Text(max=LONGEST_JWS, required=True, allow_none=True, attribute="proof.jws")
    key = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        allow_none=True,
        attribute="proof.key",
        metadata={"description": "The public key (JWK) under which the JWS holds"},
    )
    reference = Text(max=200, required=True, allow_none=True, attribute="proof.reference")


class AgreementSignaturesSchema(Schema):
    """Who signed a version."""

    items = ListOf(Nested(AgreementSignatureSchema), max=MOST_SIGNATURES, required=True)


_statement = SignedStatementSchema()


def whole(jws: str, statement: Mapping[str, Any] | None) -> str:
    """Return a JWS in compact form; a detached one gets its payload back (RFC 7515, appendix F)."""
    if statement is None or ".." not in jws:
        return jws
    payload = urlsafe_b64encode(canonical(statement).encode()).rstrip(b"=").decode()
    return jws.replace("..", f".{payload}.", 1)


def statement_in(claims: Mapping[str, Any]) -> Statement:
    """Return what was signed; `SignatureInvalid` says what it lacks."""
    try:
        read: Statement = _statement.load(claims)
    except ValidationError as error:
        refusal = SignatureInvalid("What was signed is no statement such as this service takes.")
        refusal.errors = pointed(error.messages)
        raise refusal from error
    return read


def statement_on(paper: Mapping[str, Any], agreement: str, version: int, agency: str) -> Statement:
    """Return what an agency's official signed by hand, on a day that is taken as its midnight."""
    return Statement(
        agreement=agreement,
        version=version,
        content_sha256=paper["content_sha256"],
        agency=agency,
        signatory=paper["signatory"],
        signed_at=datetime.combine(paper["signed_on"], time(), UTC),
    )
