"""Drafts, versions and what is said of them, on the wire."""

from marshmallow import fields

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import (
    Choice,
    Code,
    Day,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from directory.terms.editing import ChangeKind, Decision, DraftState
from directory.terms.records import Origin, RecordKind

MOST_PARTS = 1000
MOST_CHANGES = 10_000
LONGEST_NOTE = 2000
LARGEST_DOCUMENT = 512 * 1024


class NewDraftSchema(Schema):
    """A record as it should be: nested as the standard sends it, or as records are kept.

    A contact without an audience is for practitioners, unless it is on file with another. What the
    caller's agency may not see stays as it is.
    """

    kind = Choice(RecordKind, required=True)
    record = OpaqueId(
        metadata={"description": "Of a record on file; left out for a new one without an id"}
    )
    document = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "In the words of Open Referral UK 3.0, with `audience` beside"},
    )
    note = Text(max=LONGEST_NOTE, load_default=None)
    owner = Code(
        load_default=None,
        metadata={"description": "Agency that answers for it; for a new record, else the caller's"},
    )


class DraftQuerySchema(PageQuerySchema):
    """Which drafts are sought."""

    state = Choice(DraftState, load_default=None)
    kind = Choice(RecordKind, load_default=None)
    record = OpaqueId(load_default=None)
    owner = Code(load_default=None)


class DraftLineSchema(Schema):
    """A draft, without what it changes."""

    id = OpaqueId(required=True)
    kind = Choice(RecordKind, required=True)
    record = OpaqueId(required=True)
    origin = Choice(Origin, required=True)
    author = Text(max=200, required=True)
    agency = Code(required=True, allow_none=True)
    made_at = Instant(required=True)
    note = Text(max=LONGEST_NOTE, required=True, allow_none=True)
    owner = Code(required=True, allow_none=True)
    decision = Choice(Decision, attribute="verdict.decision")
    decided_by = Text(max=200, attribute="verdict.by")
    decided_at = Instant(attribute="verdict.at")
    reason = Text(max=LONGEST_NOTE, attribute="verdict.reason", allow_none=True)


class ChangeSchema(Schema):
    """One difference; the pointer leads into the new document, of what was removed into the old."""

    pointer = Text(max=LONGEST_NOTE, required=True)
    kind = Choice(ChangeKind, required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class PartDifferenceSchema(Schema):
    """How one record differs from what is on file; of a draft decided on, from what was."""

    kind = Choice(RecordKind, required=True)
    id = OpaqueId(required=True)
    changes = ListOf(Nested(ChangeSchema), max=MOST_CHANGES, required=True)


class DraftSchema(DraftLineSchema):
    """A draft, and what it changes as far as the caller's agency may see it."""

    differences = ListOf(Nested(PartDifferenceSchema), max=MOST_PARTS, required=True)
    document = fields.Dict(keys=fields.String(), required=True)
    whole = TrueOrFalse(
        required=True,
        metadata={"description": "Whether nothing of the change is hidden from the caller"},
    )


class DraftRejectionSchema(Schema):
    """Why a draft is not taken."""

    reason = Text(max=LONGEST_NOTE, required=True)


class NoWordsSchema(Schema):
    """Nothing: the address says it all."""


class VersionNumberSchema(Schema):
    """Which version is to come back, and why."""

    version = WholeNumber(min=1, required=True)
    note = Text(max=LONGEST_NOTE, load_default=None)


class RecordVersionLineSchema(Schema):
    """Who made a version of a record, when and from what."""

    number = WholeNumber(min=1, required=True)
    at = Instant(required=True)
    origin = Choice(Origin, attribute="by.origin", required=True)
    author = Text(max=200, attribute="by.author", required=True)
    agency = Code(attribute="by.agency", required=True, allow_none=True)
    approved_by = Text(max=200, attribute="by.approved_by", required=True, allow_none=True)
    note = Text(max=LONGEST_NOTE, attribute="by.note", required=True, allow_none=True)
    source = Text(max=2000, attribute="by.source", required=True, allow_none=True)
    licence = Text(max=2000, attribute="by.licence", required=True, allow_none=True)


class RecordVersionSchema(RecordVersionLineSchema):
    """A version, and how it differs from the one before."""

    document = fields.Dict(keys=fields.String(), required=True)
    changes = ListOf(Nested(ChangeSchema), max=MOST_CHANGES, required=True)


class ServiceConfirmationSchema(Schema):
    """That somebody vouched for a service."""

    id = OpaqueId(required=True)
    assured_date = Day(attribute="assured_on", required=True)
    next_check = Day(required=True)
    version = WholeNumber(min=1, required=True)


class NewOwnerSchema(Schema):
    """The agency that answers for a record from now on."""

    owner = Code(required=True)


class RecordOwnerSchema(Schema):
    """Which agency answers for a record."""

    id = OpaqueId(required=True)
    owner = Code(required=True)
    version = WholeNumber(min=1, required=True)


DraftPageSchema = page_schema(DraftLineSchema)
VersionPageSchema = page_schema(RecordVersionLineSchema)
