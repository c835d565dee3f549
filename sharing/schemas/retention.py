"""Retention on the wire."""

from app.kernel.schema import (
    Choice,
    Instant,
    ListOf,
    Nested,
    Schema,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from sharing.queries.retention import MOST_SIGNED
from sharing.terms.rights import RetentionCode

MOST_MONTHS = 1200


class NewRetentionClassSchema(Schema):
    """How long a class of record is kept, and on whose word."""

    code = Choice(RetentionCode, required=True)
    months = WholeNumber(min=1, max=MOST_MONTHS, required=True)
    erasable = TrueOrFalse(
        required=True,
        metadata={"description": "Whether a person may be erased before the period has run"},
    )
    signed_by = Text(max=200, required=True)
    authority = Text(max=500, required=True)
    starts = Instant(metadata={"description": "Now if left out"})


class RetentionClassSchema(Schema):
    """How long a class of record is kept, as it was signed off."""

    code = Choice(RetentionCode, required=True)
    months = WholeNumber(min=1, max=MOST_MONTHS, required=True)
    erasable = TrueOrFalse(required=True)
    signed_by = Text(max=200, required=True)
    authority = Text(max=500, required=True)
    starts = Instant(required=True)
    recorded_at = Instant(required=True)


class RetentionClassesSchema(Schema):
    """What is in force, and everything that was signed off, the newest first."""

    in_force = ListOf(Nested(RetentionClassSchema), max=len(RetentionCode), required=True)
    signed = ListOf(Nested(RetentionClassSchema), max=MOST_SIGNED, required=True)
