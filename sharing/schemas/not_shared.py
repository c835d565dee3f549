"""Decisions not to share, on the wire."""

from app.kernel.paging import page_schema
from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    SetOf,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from sharing.schemas.disclosures import AskedSubjectSchema
from sharing.terms.records import NotSharedBecause

LONGEST_REASON = 4000


class NotSharedDraftSchema(Schema):
    """What a source was asked for and decided not to share: who decided, why, and until when."""

    subject = Nested(AskedSubjectSchema, required=True)
    asked_by = Code(required=True)
    purpose = Code(required=True)
    categories = SetOf(Code(), min=1, max=100, required=True)
    because = Choice(NotSharedBecause, required=True)
    reason = Text(max=LONGEST_REASON, required=True, metadata={"description": "Kept sealed"})
    decided_by = Text(max=64, required=True, metadata={"description": "The source's own staff id"})
    decided_role = Text(max=64, required=True)
    decided_at = Instant(load_default=None, metadata={"description": "Now if left out"})
    family_told = TrueOrFalse(required=True)
    not_told_because = Text(max=LONGEST_REASON, load_default=None, allow_none=True)
    review_at = Instant(required=True)
    withhold = OpaqueId(
        load_default=None,
        allow_none=True,
        metadata={"description": "The withhold that came of it, if one did"},
    )


class NotSharedSchema(Schema):
    """A decision not to share as it is listed: nobody is named, its words stay sealed."""

    id = OpaqueId(required=True)
    source = Code(required=True)
    asked_by = Code(required=True)
    purpose = Code(required=True)
    categories = SetOf(Code(), max=100, required=True)
    because = Choice(NotSharedBecause, required=True)
    decided_by = Text(max=64, required=True)
    decided_role = Text(max=64, required=True)
    decided_at = Instant(required=True)
    family_told = TrueOrFalse(required=True)
    review_at = Instant(required=True)
    withhold = OpaqueId(required=True, allow_none=True)
    recorded_at = Instant(required=True)


NotSharedPageSchema = page_schema(NotSharedSchema)


class WholeNotSharedSchema(Schema):
    """A decision not to share with its words; null once its subject is erased."""

    decision = Nested(NotSharedSchema, required=True)
    reason = Text(max=LONGEST_REASON, required=True, allow_none=True)
    not_told_because = Text(max=LONGEST_REASON, required=True, allow_none=True)


class NotSharedPeriodSchema(Schema):
    """Over which stretch to count: `since` up to and without `until`."""

    since = Instant(required=True)
    until = Instant(required=True)


class NotSharedCountSchema(Schema):
    """How often one source decided so, and how often it told the family."""

    source = Code(required=True)
    because = Choice(NotSharedBecause, required=True)
    decisions = WholeNumber(required=True)
    family_told = WholeNumber(required=True)


class NotSharedCountsSchema(Schema):
    """The counts of every source and reason that has any."""

    counts = ListOf(Nested(NotSharedCountSchema), max=10_000, required=True)
