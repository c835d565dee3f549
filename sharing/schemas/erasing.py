"""Erasure on the wire."""

from marshmallow import fields, validate

from app.kernel.schema import (
    Choice,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from sharing.terms.rights import ErasureGround, RetentionCode


class ErasureOrderSchema(Schema):
    """That a person is to be erased: why, by what authority, and who decided it."""

    ground = Choice(
        ErasureGround, required=True, metadata={"description": "UK GDPR, Article 17(1), (a) to (f)"}
    )
    authority = Text(
        max=200, required=True, metadata={"description": "Such as a case number. Name nobody"}
    )
    decided_by = Text(max=100, required=True, metadata={"description": "The agency's own staff id"})
    dry_run = TrueOrFalse(
        load_default=False, metadata={"description": "Say what would go, and erase nothing"}
    )


class HindranceSchema(Schema):
    """What stands in the way of an erasure."""

    what = Text(max=20, required=True, validate=validate.OneOf(["legal_hold", "retention"]))
    retention = Choice(
        RetentionCode,
        required=True,
        allow_none=True,
        data_key="class",
        metadata={"description": "Which class is still kept; null for a hold"},
    )
    until = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "Null for a hold: until a person releases it"},
    )


class ErasedSchema(Schema):
    """What was erased, or would be."""

    dry_run = TrueOrFalse(required=True)
    entry = OpaqueId(
        required=True,
        allow_none=True,
        metadata={"description": "The entry of the log that says so; null for a dry run"},
    )
    erased = fields.Dict(
        keys=fields.String(),
        values=WholeNumber(),
        required=True,
        metadata={"description": "How many of each kind"},
    )
    told = WholeNumber(
        required=True,
        metadata={"description": "Agencies that hear of it (UK GDPR, Articles 17(2) and 19)"},
    )
    stopped_by = ListOf(
        Nested(HindranceSchema),
        max=len(RetentionCode) + 1,
        required=True,
        metadata={"description": "Of a dry run: what has to be over before it can be done"},
    )
