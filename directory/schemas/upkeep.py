"""What has to be looked after, and what people report, on the wire."""

from typing import Any, cast

from marshmallow import fields

from app.kernel.paging import LARGEST_PAGE, PageQuerySchema, PageSchema, page_schema
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
    WholeNumber,
)
from directory.terms.editing import ReportAbout, ReportOutcome, ReportState
from directory.terms.records import RecordKind
from directory.terms.searching import Freshness

LONGEST_REPORT = 2000
PERSONAL = "Write nothing about a child, a family or yourself: the text is kept, and passed on."


class UpkeepQuerySchema(PageQuerySchema):
    """Which services are sought."""

    owner = Code(load_default=None)
    freshness = Choice(Freshness, load_default=None)


class QualitySchema(Schema):
    """How complete a record is, from 0 to 1, and what it lacks, the weightiest first."""

    score = fields.Float(required=True, metadata={"minimum": 0, "maximum": 1})
    missing = ListOf(Text(max=100), max=20, required=True)


class UpkeepSchema(Schema):
    """How a service is kept."""

    id = OpaqueId(required=True)
    name = Text(max=10_000, required=True)
    status = Text(max=100, required=True)
    owner = Code(required=True, allow_none=True)
    assured_date = Day(attribute="assured_on", required=True, allow_none=True)
    next_check = Day(required=True)
    freshness = Choice(Freshness, required=True)
    quality = Nested(QualitySchema, required=True)
    version = WholeNumber(min=1, required=True)
    drafts = WholeNumber(required=True, metadata={"description": "Drafts that wait"})
    reports = WholeNumber(required=True, metadata={"description": "Reports that nobody resolved"})


class UpkeepCountsSchema(Schema):
    """How many services there are of each freshness, of the same owner."""

    fresh = WholeNumber(required=True)
    ageing = WholeNumber(required=True)
    stale = WholeNumber(required=True)


UpkeepPageSchema = Schema.from_dict(
    cast(
        "dict[str, Any]",
        {
            "items": ListOf(Nested(UpkeepSchema), max=LARGEST_PAGE, required=True),
            "page": Nested(PageSchema, required=True),
            "counts": Nested(UpkeepCountsSchema, required=True),
        },
    ),
    name="UpkeepPageSchema",
)


class NewDirectoryReportSchema(Schema):
    """That something is wrong with a record. Nothing about a child or a family belongs here."""

    kind = Choice(RecordKind, load_default=RecordKind.SERVICE)
    record = OpaqueId(required=True)
    about = Choice(ReportAbout, load_default=ReportAbout.OTHER)
    text = Text(max=LONGEST_REPORT, required=True, metadata={"description": PERSONAL})
    reply_to = fields.Email(
        load_default=None,
        metadata={"description": "Kept until the report is resolved", "maxLength": 254},
    )
    correction = fields.Dict(
        keys=fields.String(),
        load_default=None,
        metadata={"description": "Fields of the record as they should be; they become a draft"},
    )


class ReportQuerySchema(PageQuerySchema):
    """Which reports are sought."""

    state = Choice(ReportState, load_default=None)
    record = OpaqueId(load_default=None)
    owner = Code(load_default=None)


class DirectoryReportSchema(Schema):
    """A report, and what became of it."""

    id = OpaqueId(required=True)
    kind = Choice(RecordKind, required=True)
    record = OpaqueId(required=True)
    version = WholeNumber(min=1, required=True)
    about = Choice(ReportAbout, required=True)
    text = Text(max=LONGEST_REPORT, required=True)
    reply_to = Text(max=254, required=True, allow_none=True)
    draft = OpaqueId(required=True, allow_none=True)
    recorded_at = Instant(required=True)
    outcome = Choice(ReportOutcome, required=True, allow_none=True)
    resolved_by = Text(max=200, required=True, allow_none=True)
    resolved_at = Instant(required=True, allow_none=True)
    note = Text(max=LONGEST_REPORT, required=True, allow_none=True)


class ReportResolutionSchema(Schema):
    """What an editor makes of a report."""

    outcome = Choice(ReportOutcome, required=True)
    note = Text(max=LONGEST_REPORT, load_default=None)


ReportPageSchema = page_schema(DirectoryReportSchema)
