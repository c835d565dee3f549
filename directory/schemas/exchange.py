"""Uploads, what they refused, and services that may be one, on the wire."""

from enum import StrEnum

from marshmallow import fields

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import (
    Choice,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from directory.terms.exchange import ImportFailure, Verdict

LONGEST_NOTE = 2000
LONGEST_NAME = 500


class ImportState(StrEnum):
    """How far an upload is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Stand(StrEnum):
    """Which pairs are listed."""

    OPEN = "open"
    DECIDED = "decided"


class ImportQuerySchema(Schema):
    """What is kept on each record of an upload."""

    source_name = Text(max=LONGEST_NAME, metadata={"description": "Who the records come from"})
    licence = Text(max=LONGEST_NAME, metadata={"description": "On what terms they may be used"})


class TallySchema(Schema):
    """What was done so far."""

    rows = WholeNumber(required=True)
    refused = WholeNumber(required=True)
    flagged = WholeNumber(required=True)
    records = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
        metadata={"description": "How many records, by outcome and kind"},
    )
    mean_quality = fields.Float(
        allow_none=True,
        required=True,
        metadata={"description": "Of the services put on file, from 0 to 1; null if there is none"},
    )


class FailureSchema(Schema):
    """Why the rest of an upload was not taken in, and what to do."""

    code = Choice(ImportFailure, required=True)
    detail = Text(max=LONGEST_NOTE, required=True)


class ImportSchema(Schema):
    """An upload as it stands."""

    id = OpaqueId(required=True)
    state = Choice(ImportState, required=True)
    begun_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    source_name = Text(max=LONGEST_NAME, required=True, allow_none=True)
    licence = Text(max=LONGEST_NAME, required=True, allow_none=True)
    tally = Nested(TallySchema, required=True)
    failure = Nested(
        FailureSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Set where `state` is `failed`"},
    )


class NoteSchema(Schema):
    """What was wrong at a place: the row was refused, or it is on file and only flagged."""

    number = WholeNumber(required=True)
    refused = TrueOrFalse(required=True)
    place = Text(max=LONGEST_NAME, required=True, metadata={"description": "Such as `line 7`"})
    pointer = Text(max=LONGEST_NOTE, min=0, required=True, metadata={"description": "RFC 6901"})
    detail = Text(max=LONGEST_NOTE, required=True)


NotePageSchema = page_schema(NoteSchema)


class DuplicateQuerySchema(PageQuerySchema):
    """Which pairs are listed."""

    state = Choice(Stand, load_default=Stand.OPEN)


class DuplicateSchema(Schema):
    """Two services that may be one, and why."""

    id = OpaqueId(required=True)
    score = fields.Float(required=True, metadata={"description": "How likely, from 0 to 1"})
    reasons = ListOf(Text(max=LONGEST_NAME), max=20, required=True)
    found_at = Instant(required=True)
    services = ListOf(
        fields.Dict(keys=fields.String()),
        max=2,
        required=True,
        metadata={"description": "Both, in the words of Open Referral UK 3.0"},
    )
    decision = Choice(Verdict, required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)
    note = Text(max=LONGEST_NOTE, required=True, allow_none=True)


DuplicatePageSchema = page_schema(DuplicateSchema)


class DuplicateDecisionSchema(Schema):
    """Whether two records are one service; if so, which stays."""

    decision = Choice(Verdict, required=True)
    keep = OpaqueId(
        load_default=None,
        metadata={"description": "Of the same service, the record that stays; the other ends"},
    )
    note = Text(max=LONGEST_NOTE, load_default=None)
