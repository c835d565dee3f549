"""The shape of clients on the wire."""

import re
from typing import Any

from marshmallow import ValidationError, post_load, pre_dump
from marshmallow.fields import Dict

from app.kernel.schema import (
    Code,
    Instant,
    ListOf,
    Nested,
    Schema,
    SetOf,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from app.oauth import limits
from app.oauth.clients import Rates, Registration
from app.oauth.jose import MOST_KEYS
from app.oauth.registered import CLIENT_CREDENTIALS, GRANTS

_SCOPE = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,40}")
_MOST = 64
_FASTEST = 100_000
_LARGEST_BURST = 1_000_000


def _is_scope(scope: str) -> None:
    if not _SCOPE.fullmatch(scope):
        raise ValidationError("This must be a scope: a noun, a dot and a verb.")


class JwksSchema(Schema):
    """The public half of one or two keys (RFC 7517)."""

    keys = ListOf(Dict(keys=Text(max=64)), min=1, max=MOST_KEYS, required=True)


class RatesSchema(Schema):
    """How many requests a second, and how many at once after a rest."""

    token_rate = WholeNumber(min=1, max=_FASTEST, load_default=limits.TOKEN_RATE)
    token_burst = WholeNumber(min=1, max=_LARGEST_BURST, load_default=limits.TOKEN_BURST)
    api_rate = WholeNumber(min=1, max=_FASTEST, load_default=limits.API_RATE)
    api_burst = WholeNumber(min=1, max=_LARGEST_BURST, load_default=limits.API_BURST)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Rates:
        """Return the rates."""
        return Rates(**data)


class ClientSchema(Schema):
    """A client: for which agency it speaks, what it may ask, and how it proves who it is."""

    client_id = Code(required=True)
    agency = Code(required=True)
    jwks = Nested(JwksSchema, required=True)
    scopes = SetOf(
        Text(max=81, validate=_is_scope, metadata={"pattern": f"^{_SCOPE.pattern}$"}),
        min=1,
        max=_MOST,
        required=True,
    )
    purposes = SetOf(Code(), max=_MOST, load_default=frozenset())
    kinds = SetOf(Code(), max=_MOST, load_default=frozenset())
    may_override = TrueOrFalse(load_default=False)
    grants = SetOf(
        Text(max=100, metadata={"enum": sorted(GRANTS)}),
        min=1,
        max=_MOST,
        load_default=lambda: frozenset({CLIENT_CREDENTIALS}),
    )
    redirect_uris = ListOf(Text(max=2000), max=_MOST, load_default=())
    rates = Nested(RatesSchema, load_default=Rates)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Registration:
        """Return what is asked to be registered."""
        return Registration(**data | {"redirect_uris": tuple(data["redirect_uris"])})


class RegisteredClientSchema(ClientSchema):
    """A client as it is registered, and when it ended if it did."""

    registered_at = Instant(dump_only=True)
    ended_at = Instant(dump_only=True, allow_none=True)


class AgencyKeysSchema(JwksSchema):
    """The keys with which an agency vouches for its practitioners."""


class SignedPractitionerSchema(Schema):
    """The practitioner that an agency vouched for in the token."""

    id = Text(max=128)
    role = Code()
    purpose = Code()
    agreement = Code(allow_none=True)


class EchoSchema(Schema):
    """Who the token speaks for."""

    client_id = Code()
    agency = Code()
    scopes = SetOf(Text(max=81), max=_MOST)
    purposes = SetOf(Code(), max=_MOST)
    kinds = SetOf(Code(), max=_MOST)
    may_override = TrueOrFalse()
    practitioner = Nested(SignedPractitionerSchema, allow_none=True)

    @pre_dump
    def take(self, caller: Any, **_: object) -> Any:  # noqa: ANN401  (marshmallow's signature)
        """Return the caller as it is: its fields are the answer's."""
        return caller
