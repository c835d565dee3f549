"""Events on the wire."""

from enum import StrEnum

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import Choice, Instant, ListOf, OpaqueId, Schema, Text
from sharing.terms.events import EventKind, WhatWasDone

MOST_DISCLOSURES = 100_000


class EventSchema(Schema):
    """Something that the caller's agency received no longer stands as it did."""

    id = OpaqueId(required=True)
    kind = Choice(EventKind, required=True)
    at = Instant(required=True)
    disclosures = ListOf(
        OpaqueId(),
        max=MOST_DISCLOSURES,
        required=True,
        metadata={"description": "The ids of the agency's own disclosures that it touches"},
    )
    concerns = OpaqueId(
        required=True,
        allow_none=True,
        metadata={"description": "The id of the notice or escalation; null for other events"},
    )
    done = Choice(WhatWasDone, required=True, allow_none=True)
    acknowledged_at = Instant(required=True, allow_none=True)


class AcknowledgementSchema(Schema):
    """What the agency did about it."""

    done = Choice(WhatWasDone, required=True)
    note = Text(max=2000, load_default=None, metadata={"description": "Kept sealed"})


class Shown(StrEnum):
    """Which events a list shows."""

    ALL = "all"
    WAITING = "waiting"


class EventQuerySchema(PageQuerySchema):
    """Which events are wanted."""

    show = Choice(
        Shown,
        load_default=Shown.ALL,
        metadata={"description": "`waiting`: only what nobody has acknowledged yet"},
    )


EventPageSchema = page_schema(EventSchema)
