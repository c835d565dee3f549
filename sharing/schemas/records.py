"""What a source agency deposits and what it holds back, on the wire."""

from marshmallow import fields

from app.kernel.schema import Code, Instant, ListOf, Nested, OpaqueId, Schema, SetOf, Text
from sharing.schemas.disclosures import AskedSubjectSchema

MOST_SUBJECTS = 50


class DepositSchema(Schema):
    """A record about one subject, in one category; the source is the caller's own agency."""

    subject = Nested(AskedSubjectSchema, required=True)
    category = Code(required=True)
    content = fields.Dict(keys=fields.String(), required=True)
    starts = Instant(load_default=None, metadata={"description": "Now if left out"})
    ends = Instant(load_default=None, allow_none=True)
    retain_until = Instant(load_default=None, allow_none=True)


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


class WithholdDraftSchema(Schema):
    """A source's decision not to share, with its reason and end."""

    subjects = ListOf(Nested(AskedSubjectSchema), min=1, max=MOST_SUBJECTS, required=True)
    categories = SetOf(Code(), min=1, max=100, required=True)
    starts = Instant(load_default=None, metadata={"description": "Now if left out"})
    ends = Instant(load_default=None, allow_none=True)
    reason = Text(max=2000, required=True)


class WithholdSchema(Schema):
    """A decision not to share, as it is on file."""

    id = OpaqueId(required=True)
    source = Code(required=True)
    categories = SetOf(Code(), max=100, required=True)
    starts = Instant(required=True)
    ends = Instant(required=True, allow_none=True)
