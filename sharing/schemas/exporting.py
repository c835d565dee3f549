"""Requests to take the whole log out, on the wire."""

from app.kernel.paging import page_schema
from app.kernel.schema import Choice, Code, Instant, OpaqueId, Schema, Text
from sharing.terms.exporting import ExportState, Openings

_NAME = {"description": "A client, or somebody who is signed in to the pages"}


class ExportQuerySchema(Schema):
    """Which request an export is taken for."""

    request = OpaqueId(metadata={"description": "The request that somebody else has approved"})
    openings = Choice(
        Openings,
        metadata={"description": "As it was approved: naming it again only makes sure of that"},
    )


class NewExportSchema(Schema):
    """How much of the log is wanted, and why."""

    openings = Choice(
        Openings,
        load_default=Openings.FACTS,
        metadata={"description": "`facts` name nobody; `people` adds each entry's personal half"},
    )
    reason = Text(max=2000, required=True, metadata={"description": "Kept sealed"})


class ExportRequestSchema(Schema):
    """Who wants the log, who else agreed, and until when it can be approved or taken."""

    id = OpaqueId(required=True)
    state = Choice(ExportState, required=True)
    openings = Choice(Openings, required=True)
    reason = Text(max=2000, required=True)
    agency = Code(required=True)
    requested_by = Text(max=200, required=True, metadata=_NAME)
    requested_at = Instant(required=True)
    expires_at = Instant(required=True)
    approved_by = Text(max=200, required=True, allow_none=True, metadata=_NAME)
    approved_agency = Code(required=True, allow_none=True)
    approved_at = Instant(required=True, allow_none=True)
    taken_at = Instant(required=True, allow_none=True)


ExportRequestPageSchema = page_schema(ExportRequestSchema)
