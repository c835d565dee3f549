"""What an entry has been, on the wire."""

from marshmallow import fields

from app.kernel.paging import page_schema
from app.kernel.schema import Code, Instant, ListOf, Nested, Schema, Text, WholeNumber
from directory.schemas.editing import MOST_CHANGES, ChangeSchema


class EntryVersionSchema(Schema):
    """What an entry was from an instant, who made it so, and how it differs from before."""

    number = WholeNumber(min=1, required=True)
    at = Instant(required=True)
    author = Text(
        max=200,
        required=True,
        allow_none=True,
        metadata={"description": "null for what stood before changes were written down"},
    )
    agency = Code(required=True, allow_none=True)
    document = fields.Dict(
        keys=fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "null where it was kept from the caller's agency"},
    )
    changes = ListOf(Nested(ChangeSchema), max=MOST_CHANGES, required=True, allow_none=True)


EntryVersionPageSchema = page_schema(EntryVersionSchema)
