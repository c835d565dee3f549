"""The work list on the wire."""

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import Choice, Code, Instant, OpaqueId, QueryNumber, Schema, SetOf
from consent.rules.due import DueKind
from consent.schemas.consents import MOST_CODES, MOST_SUBJECTS

MOST_WORDS = 1_000


class DueSchema(Schema):
    """One thing to see to: what, by when, and about whom."""

    kind = Choice(DueKind, required=True)
    on = Instant(required=True, metadata={"description": "May have passed: then it is overdue"})
    consent = OpaqueId(
        required=True, metadata={"description": "The consent, or the latest yes of several"}
    )
    consents = SetOf(
        OpaqueId(),
        max=MOST_WORDS,
        required=True,
        metadata={"description": "All that it is about, such as every word of one quarrel"},
    )
    subjects = SetOf(OpaqueId(), max=MOST_SUBJECTS, required=True)
    agencies = SetOf(
        Code(),
        max=10 * MOST_CODES,
        required=True,
        metadata={"description": "Who joined since, and is not covered"},
    )
    beside = OpaqueId(
        required=True,
        allow_none=True,
        metadata={"description": "The other parent's no, the latest of several"},
    )


class DueQuerySchema(PageQuerySchema):
    """How far ahead to look."""

    within_days = QueryNumber(
        min=0, max=366, load_default=60, metadata={"description": "60 if left out"}
    )


DuePageSchema = page_schema(DueSchema)
