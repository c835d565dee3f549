"""Access packs on the wire."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

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
)
from sharing.queries.packs import MOST_WAITING
from sharing.terms.access import Capacity, Caution, Outcome, PackState

MOST_CATEGORIES = 200
_SEALED = {"description": "Kept sealed"}


class AskingSchema(Schema):
    """That somebody asked what is held of a subject."""

    capacity = Choice(Capacity, required=True)
    asked_by = OpaqueId(
        metadata={"description": "The subject themselves if left out; left out of a representative"}
    )
    requester = Text(
        max=500, metadata={"description": "Who the representative is, and for whom. Kept sealed"}
    )
    identity_check = Text(
        max=500, required=True, metadata={"description": "What was seen. Kept sealed"}
    )
    taken_by = Text(max=100, required=True, metadata={"description": "The agency's own staff id"})
    asked_on = Day(metadata={"description": "Today if left out; the month runs from this day"})

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: object) -> None:
        match data["capacity"]:
            case Capacity.PARENT if "asked_by" not in data:
                raise ValidationError("Say which parent asks.", "asked_by")
            case Capacity.REPRESENTATIVE if "asked_by" in data or "requester" not in data:
                raise ValidationError("Say in words who the representative is.", "requester")


class PackSchema(Schema):
    """How far a pack has come; what it says is read apart from this."""

    id = OpaqueId(required=True)
    subject = OpaqueId(required=True)
    capacity = Choice(Capacity, required=True)
    state = Choice(PackState, required=True)
    cautions = ListOf(Choice(Caution), max=len(Caution), required=True)
    taken_by = Text(max=100, required=True)
    asked_on = Day(required=True)
    due = Day(
        required=True,
        metadata={"description": "A calendar month after it was asked (UK GDPR, Article 12(3))"},
    )
    extended_at = Instant(required=True, allow_none=True)
    extended_because = Text(max=2000, required=True, allow_none=True)
    reviewed_at = Instant(required=True, allow_none=True)
    reviewed_by = Text(max=100, required=True, allow_none=True)
    reason = Text(
        max=2000,
        required=True,
        allow_none=True,
        metadata={"description": "Why a person released or refused it: tell whoever asked"},
    )
    made_at = Instant(required=True, allow_none=True)
    expires_at = Instant(required=True, allow_none=True)


class PacksSchema(Schema):
    """The packs of a subject that the caller's agency took down, the newest first."""

    items = ListOf(Nested(PackSchema), max=MOST_WAITING, required=True)


class PackExtensionSchema(Schema):
    """Why a pack takes longer: tell whoever asked, within the month."""

    reason = Text(max=2000, required=True, metadata=_SEALED)


class PackReviewSchema(Schema):
    """What a named information governance lead decided."""

    outcome = Choice(Outcome, required=True)
    by = Text(max=100, required=True, metadata={"description": "Not whoever took it down"})
    reason = Text(max=2000, required=True, metadata=_SEALED)
    wishes = Text(max=2000, metadata={"description": "What the child wants. Kept sealed"})
    leave_out = SetOf(
        Code(),
        max=MOST_CATEGORIES,
        metadata={"description": "Categories that to tell would do serious harm"},
    )


class PackContentSchema(Schema):
    """What is held of a person, and who was told of it."""

    form = Text(max=50, required=True)
    made_at = Text(max=40, required=True)
    asked = fields.Dict(required=True)
    about = fields.Dict(required=True)
    disclosures = fields.List(fields.Dict(), required=True)
    consents = fields.List(fields.Dict(), required=True)
    records = fields.List(fields.Dict(), required=True)
    kept_for = fields.List(fields.Dict(), required=True)
    notes = fields.List(fields.String(), required=True)
