"""A subject's timeline on the wire."""

from app.kernel.paging import PageBodySchema, page_schema
from app.kernel.schema import Choice, Code, Instant, Nested, OpaqueId, Schema, Text
from sharing.schemas.disclosures import PractitionerSchema
from sharing.terms.timeline import ItemKind


class TimelineAskedSchema(PageBodySchema):
    """What a timeline is wanted for: it decides what of others' knowledge is shown."""

    purpose = Text(max=64, required=True)
    lawful_basis = Text(max=64, required=True)
    practitioner = Nested(PractitionerSchema, load_default=None, allow_none=True)


class TimelineItemSchema(Schema):
    """One thing that happened, in codes."""

    id = OpaqueId(required=True)
    kind = Choice(ItemKind, required=True)
    at = Instant(required=True)
    source = Code(required=True, metadata={"description": "Whose knowledge it is"})
    other = Code(required=True, allow_none=True, metadata={"description": "The other agency"})
    what = Text(max=100, required=True, metadata={"description": "For example step_down"})
    ended_at = Instant(required=True, allow_none=True)


TimelinePageSchema = page_schema(TimelineItemSchema)
