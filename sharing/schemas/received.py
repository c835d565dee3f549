"""What a client received between two instants, on the wire."""

from typing import Any, Final

from marshmallow import ValidationError, validates_schema

from app.kernel.schema import (
    Code,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    WholeNumber,
)
from sharing.schemas.log import ReachSchema
from sharing.schemas.searching import LONGEST_CLIENT

MOST_ITEMS: Final = 2**31 - 1
_PLACE: Final = 2**53


class ReceivedQuerySchema(Schema):
    """Whose receipts are wanted, and of which time."""

    client = Text(max=LONGEST_CLIENT, required=True)
    since = Instant(required=True, metadata={"description": "From this instant on"})
    until = Instant(required=True, metadata={"description": "Before this instant"})

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        if data["since"] >= data["until"]:
            raise ValidationError(
                "This must be later than since: nothing lies between them.", "until"
            )


class ReceivedItemSchema(Schema):
    """One disclosure: who was told, of whom, and which categories."""

    entry = OpaqueId(required=True)
    at = Instant(required=True)
    recipient = Code(required=True)
    source = Code(required=True, allow_none=True)
    purpose = Text(max=64, required=True, allow_none=True)
    basis = Text(max=64, required=True, allow_none=True)
    categories = ListOf(Text(max=64), max=200, required=True)
    records = WholeNumber(required=True)
    agreements = ListOf(Text(max=80), max=200, required=True)
    subject = OpaqueId(
        required=True, allow_none=True, metadata={"description": "Null where it was erased"}
    )


class TotalSchema(Schema):
    """How much was told, and about how many."""

    entries = WholeNumber(min=0, max=_PLACE, required=True)
    subjects = WholeNumber(min=0, max=_PLACE, required=True)
    records = WholeNumber(min=0, max=_PLACE, required=True)
    categories = ListOf(Text(max=64), max=1000, required=True)


class ReceivedSchema(Schema):
    """Everything that a client received, the oldest first."""

    client = Text(max=LONGEST_CLIENT, required=True)
    since = Instant(required=True)
    until = Instant(required=True)
    reach = Nested(ReachSchema, required=True)
    total = Nested(TotalSchema, required=True)
    items = ListOf(Nested(ReceivedItemSchema), max=MOST_ITEMS, required=True)
