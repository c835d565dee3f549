"""The shape of agencies on the wire."""

from app.kernel.paging import page_schema
from app.kernel.schema import (
    Code,
    Instant,
    ListOf,
    Nested,
    Schema,
    Text,
    TrueOrFalse,
)

MOST_PERIODS = 1000


class IntervalSchema(Schema):
    """A period: from `starts`, up to and without `ends`."""

    starts = Instant(required=True)
    ends = Instant(
        required=True, allow_none=True, metadata={"description": "null while it is open"}
    )


class NewAgencySchema(Schema):
    """A partner agency to be entered."""

    code = Code(required=True)
    name = Text(max=200, required=True)
    kind = Code(required=True, metadata={"description": "A free code, such as `school`"})
    sensitive_service = TrueOrFalse(
        load_default=False,
        metadata={"description": "That it knows someone is itself confidential"},
    )
    starts = Instant(metadata={"description": "From when it takes part; now if left out"})
    ends = Instant()


class AgencySchema(Schema):
    """A partner agency, and when it takes part."""

    code = Code(required=True)
    name = Text(max=200, required=True)
    kind = Code(required=True)
    sensitive_service = TrueOrFalse(required=True)
    active = ListOf(Nested(IntervalSchema), max=MOST_PERIODS, required=True)
    keeping = ListOf(
        Nested(IntervalSchema),
        max=MOST_PERIODS,
        required=True,
        metadata={"description": "When it keeps the directory for all, and may change every entry"},
    )
    recorded_at = Instant(required=True)


class SuspensionSchema(Schema):
    """From when an agency takes no part; with `ends`, it takes part again from then."""

    starts = Instant(metadata={"description": "Now if left out"})
    ends = Instant()


class ReinstatementSchema(Schema):
    """From when an agency takes part again."""

    starts = Instant(metadata={"description": "Now if left out"})


class KeepingSchema(Schema):
    """From when an agency keeps the directory for all."""

    starts = Instant(metadata={"description": "Now if left out"})


AgencyPageSchema = page_schema(AgencySchema)
