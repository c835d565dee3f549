"""What a source agency deposits and what it holds back, on the wire."""

from enum import StrEnum
from typing import Any

from marshmallow import fields, post_load

from app.kernel.paging import PageBodySchema, PageQuerySchema, page_schema
from app.kernel.schema import (
    Choice,
    Code,
    Day,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    SetOf,
    Text,
    WholeNumber,
)
from sharing.schemas.disclosures import AskedSubjectSchema
from sharing.terms.records import Act, LeadPractitioner, LineOutcome, Removed

MOST_SUBJECTS = 50
MOST_LINES = 200


class DepositSchema(Schema):
    """A record about one subject, in one category; the source is the caller's own agency."""

    subject = Nested(AskedSubjectSchema, required=True)
    category = Code(required=True)
    content = fields.Dict(keys=fields.String(), required=True)
    starts = Instant(load_default=None, metadata={"description": "Now if left out"})
    ends = Instant(load_default=None, allow_none=True)
    retain_until = Instant(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "When it must go at the latest; as the agreements in force say, if left "
            "out. No later than they allow"
        },
    )


class ReplacementSchema(Schema):
    """What a record says from now on."""

    content = fields.Dict(keys=fields.String(), required=True)


class RecordSchema(Schema):
    """A deposit as it is on file; its content is told only by a disclosure."""

    id = OpaqueId(required=True)
    source = Code(required=True)
    category = Code(required=True)
    starts = Instant(required=True)
    ends = Instant(required=True, allow_none=True)
    retain_until = Instant(required=True, allow_none=True)
    recorded_at = Instant(required=True)
    replaces = OpaqueId(required=True, allow_none=True)
    removed_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "Since when its content is gone; the rest of it stays on file"},
    )
    removed_because = Choice(Removed, required=True, allow_none=True)
    disputed_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "Since when somebody says it is wrong; whoever is told, is told"},
    )


class Shown(StrEnum):
    """Which of its deposits, or of what it holds back, an agency lists."""

    ALL = "all"
    STANDING = "standing"


def _shown() -> Choice:
    described = {"description": "`standing`: without what has ended, was replaced or removed"}
    return Choice(Shown, load_default=Shown.ALL, metadata=described)


class RecordQuerySchema(PageQuerySchema):
    """Which deposits are wanted."""

    category = Code(load_default=None)
    show = _shown()


class RecordSearchSchema(PageBodySchema):
    """Which deposits about one subject are wanted."""

    subject = Nested(AskedSubjectSchema, required=True)
    category = Code(load_default=None, allow_none=True)
    show = _shown()


RecordPageSchema = page_schema(RecordSchema)


class WithholdDraftSchema(Schema):
    """That a source holds categories back, with its reason, an end, and a date to look again."""

    subjects = ListOf(Nested(AskedSubjectSchema), min=1, max=MOST_SUBJECTS, required=True)
    categories = SetOf(Code(), min=1, max=100, required=True)
    starts = Instant(load_default=None, metadata={"description": "Now if left out"})
    ends = Instant(load_default=None, allow_none=True)
    review_at = Instant(load_default=None, allow_none=True)
    reason = Text(max=2000, required=True)


class WithholdSchema(Schema):
    """What a source holds back, as it is on file; the reason stays sealed."""

    id = OpaqueId(required=True)
    source = Code(required=True)
    categories = SetOf(Code(), max=100, required=True)
    starts = Instant(required=True)
    ends = Instant(required=True, allow_none=True)
    review_at = Instant(required=True, allow_none=True)
    recorded_at = Instant(required=True)


class WithholdQuerySchema(PageQuerySchema):
    """Which of what it holds back an agency wants."""

    show = _shown()


WithholdPageSchema = page_schema(WithholdSchema)


class WhomToRingSchema(Schema):
    """Whom others ring at an agency that is involved."""

    name = Text(max=200, load_default=None, allow_none=True)
    role = Text(max=200, load_default=None, allow_none=True)
    telephone = Text(max=200, load_default=None, allow_none=True)
    email = Text(max=200, load_default=None, allow_none=True)

    @post_load
    def _lead(self, data: dict[str, Any], **_: object) -> LeadPractitioner:
        return LeadPractitioner(**data)


class InvolvementLineSchema(Schema):
    """That the caller's agency works with somebody, or does so no more."""

    subject = Nested(AskedSubjectSchema, required=True)
    act = Choice(Act, required=True)
    since = Day(load_default=None, allow_none=True, metadata={"description": "Today if left out"})
    until = Day(
        load_default=None,
        allow_none=True,
        metadata={"description": "It ends as this day begins; without it, a close ends it now"},
    )
    lead_practitioner = Nested(WhomToRingSchema, load_default=None, allow_none=True)


class InvolvementsSchema(Schema):
    """Involvements as an agency's own system keeps them, in the order to be done."""

    lines = ListOf(Nested(InvolvementLineSchema), min=1, max=MOST_LINES, required=True)


class LineDoneSchema(Schema):
    """What came of one line, by its place in the list from 0."""

    line = WholeNumber(required=True)
    outcome = Choice(LineOutcome, required=True)
    record = OpaqueId(required=True, allow_none=True)
    code = Text(max=64, required=True, allow_none=True)
    detail = Text(max=500, required=True, allow_none=True)


class LinesDoneSchema(Schema):
    """What came of every line, in order; one that was refused changed nothing."""

    lines = ListOf(Nested(LineDoneSchema), max=MOST_LINES, required=True)
