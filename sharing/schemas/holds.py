"""Legal holds on the wire."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from app.kernel.paging import page_schema
from app.kernel.schema import Code, Instant, Nested, OpaqueId, Schema, Text

_WORDS = {"description": "Kept sealed"}


class HoldWordsSchema(Schema):
    """Why, and by what authority; null once the person is erased."""

    reason = Text(max=2000, required=True, allow_none=True)
    authority = Text(max=500, required=True, allow_none=True)


class NewHoldSchema(Schema):
    """That nothing of a subject, or of the caller's agency in a period, may be erased."""

    subject = OpaqueId(
        metadata={"description": "Everything of one subject; left out, what concerns the agency"}
    )
    starts = Instant(metadata={"description": "From when on, of the agency; always if left out"})
    ends = Instant(metadata={"description": "Until when, of the agency; for ever if left out"})
    reason = Text(max=2000, required=True, metadata=_WORDS)
    authority = Text(max=500, required=True, metadata=_WORDS)
    set_by = Text(max=100, required=True, metadata={"description": "The agency's own staff id"})

    @validates_schema
    def _one_of_them(self, data: dict[str, Any], **_: object) -> None:
        if "subject" in data and {"starts", "ends"} & data.keys():
            message = "A hold on a subject has no period. Leave starts and ends out."
            raise ValidationError(message, "subject")


class HoldReleaseSchema(Schema):
    """That a hold is over: why, by what authority, and who says so."""

    reason = Text(max=2000, required=True, metadata=_WORDS)
    authority = Text(max=500, required=True, metadata=_WORDS)
    released_by = Text(
        max=100, required=True, metadata={"description": "The agency's own staff id"}
    )


class HoldSchema(Schema):
    """A legal hold, with its end if it has one."""

    id = OpaqueId(required=True)
    subject = OpaqueId(required=True, allow_none=True)
    agency = Code(required=True, allow_none=True)
    starts = Instant(required=True, allow_none=True)
    ends = Instant(required=True, allow_none=True)
    words = Nested(HoldWordsSchema, required=True)
    set_by = Text(max=100, required=True)
    recorded_at = Instant(required=True)
    recorded_by = Code(required=True)
    released_at = Instant(required=True, allow_none=True)
    released_by = Text(max=100, required=True, allow_none=True)
    release = Nested(HoldWordsSchema, required=True)


HoldPageSchema = page_schema(HoldSchema)
