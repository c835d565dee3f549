"""Rectifications on the wire."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    TrueOrFalse,
)
from sharing.queries.rectifications import MOST_LISTED
from sharing.schemas.events import MOST_DISCLOSURES
from sharing.terms.events import WhatWasDone
from sharing.terms.rectifying import Rectified

MOST_RECIPIENTS = 1000
_SEALED = {"description": "Kept sealed"}


class NewRectificationSchema(Schema):
    """What is said to be wrong in a record of the caller's agency, and what it makes of that."""

    record = OpaqueId(required=True)
    wrong = Text(max=4000, required=True, metadata=_SEALED)
    said_by = OpaqueId(metadata={"description": "The subject themselves if left out"})
    decided_by = Text(max=100, required=True, metadata={"description": "The agency's own staff id"})
    content = fields.Dict(
        metadata={"description": "What the record is to say instead. Left out: it stays, disputed"}
    )
    reason = Text(
        max=4000, metadata={"description": "Why it stays as it is: tell whoever asked. Sealed"}
    )

    @validates_schema
    def _one_of_them(self, data: dict[str, Any], **_: object) -> None:
        if ("content" in data) == ("reason" in data):
            message = "Send what it is to say instead, or the reason why it stays: one of the two."
            raise ValidationError(message, "reason")


class PastRecipientSchema(Schema):
    """Who received that category before, and what they did when they heard."""

    agency = Code(required=True)
    disclosures = ListOf(OpaqueId(), max=MOST_DISCLOSURES, required=True)
    told_at = Instant(required=True, allow_none=True)
    acknowledged_at = Instant(required=True, allow_none=True)
    done = Choice(WhatWasDone, required=True, allow_none=True)


class RectificationSchema(Schema):
    """What was said to be wrong, what came of it, and the list that Article 19 asks for."""

    id = OpaqueId(required=True)
    record = OpaqueId(required=True)
    new_record = OpaqueId(required=True, allow_none=True)
    category = Code(required=True)
    outcome = Choice(Rectified, required=True)
    disputed = TrueOrFalse(required=True)
    wrong = Text(max=4000, required=True)
    reason = Text(max=4000, required=True, allow_none=True)
    decided_by = Text(max=100, required=True)
    recorded_at = Instant(required=True)
    recipients = ListOf(Nested(PastRecipientSchema), max=MOST_RECIPIENTS, required=True)


class RectificationsSchema(Schema):
    """What the caller's agency was told is wrong about a subject, the newest first."""

    items = ListOf(Nested(RectificationSchema), max=MOST_LISTED, required=True)
