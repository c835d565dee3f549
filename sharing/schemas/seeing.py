"""Who has seen this, on the wire."""

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import Instant, ListOf, OpaqueId, Schema, Text


class SeenSchema(Schema):
    """One disclosure, in plain words."""

    id = OpaqueId(required=True)
    at = Instant(required=True)
    recipient = Text(max=200, required=True)
    sources = ListOf(Text(max=200), max=1000, required=True)
    purpose = Text(max=200, required=True)
    categories = ListOf(Text(max=200), max=1000, required=True)
    why = Text(max=300, min=0, required=True)
    agreements = ListOf(Text(max=100), max=1000, required=True)


class SeenQuerySchema(PageQuerySchema):
    """For whom it is asked."""

    asked_by = OpaqueId(
        load_default=None,
        metadata={"description": "Who asks: the subject's own id if left out"},
    )


SeenPageSchema = page_schema(SeenSchema)
