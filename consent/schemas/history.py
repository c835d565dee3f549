"""The history of what was said about a subject, on the wire."""

from app.kernel.paging import page_schema
from app.kernel.schema import Choice, Code, Instant, Nested, Schema
from consent.schemas.consents import ConsentSchema
from consent.terms import Became


class HistoryLineSchema(Schema):
    """One thing that happened to one consent."""

    at = Instant(required=True)
    became = Choice(Became, required=True)
    recorded_by = Code(
        required=True,
        allow_none=True,
        metadata={"description": "The agency; null for what the dates alone brought"},
    )
    consent = Nested(ConsentSchema, required=True, metadata={"description": "As it stands now"})


HistoryPageSchema = page_schema(HistoryLineSchema)
