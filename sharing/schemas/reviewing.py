"""The queue of reviewers on the wire."""

from dataclasses import asdict
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, pre_dump, validates_schema

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
from sharing.queries.reviewing import MOST_ACTS
from sharing.rules.reviewing import breach_deadline
from sharing.schemas.log import WholeEntrySchema
from sharing.terms.reviewing import OUTCOMES, ReviewAct, ReviewItem, ReviewState
from sharing.terms.scoring import Priority, RedFlag, Why

LONGEST_NOTE = 4000
LONGEST_NAME = 200
_SEALED = {"description": "Kept sealed; it goes when the entry's opening is erased"}
_OUTCOMES = ", ".join(one.value for one in OUTCOMES)


class YesOrNo(StrEnum):
    """A word of a query string."""

    YES = "yes"
    NO = "no"


class QueueQuerySchema(PageQuerySchema):
    """Which items are wanted: the open ones, unless a state is named."""

    state = Choice(ReviewState)
    overdue = Choice(YesOrNo, load_default=YesOrNo.NO)
    owner = Text(max=LONGEST_NAME)
    flag = Choice(RedFlag)


class SightingSchema(Schema):
    """One red flag of an entry."""

    flag = Choice(RedFlag, required=True)
    score = WholeNumber(max=100, required=True)
    because = Text(max=500, required=True)


class ReviewItemSchema(Schema):
    """An item of the queue; it names nobody."""

    reference = Text(max=20, required=True)
    entry = OpaqueId(required=True)
    at = Instant(required=True)
    recipient = Text(max=64, required=True)
    source = Text(max=64, required=True, allow_none=True)
    why = ListOf(Choice(Why), max=len(Why), required=True)
    score = WholeNumber(max=100, required=True)
    flags = ListOf(Nested(SightingSchema), max=len(RedFlag), required=True)
    settings = WholeNumber(
        required=True, metadata={"description": "The version of the settings that judged it"}
    )
    priority = Choice(Priority, required=True)
    queued_at = Instant(required=True)
    due = Instant(required=True)
    state = Choice(ReviewState, required=True)
    owner = Text(max=LONGEST_NAME, required=True, allow_none=True)
    referred_at = Instant(required=True, allow_none=True)
    breach_said_by = Text(max=LONGEST_NAME, required=True, allow_none=True)
    breach_said_at = Instant(required=True, allow_none=True)
    breach_deadline = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "By when the Commissioner must hear (UK GDPR, Article 33)"},
    )
    closed_by = Text(max=LONGEST_NAME, required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)

    @pre_dump
    def _flat(self, item: ReviewItem, **_: object) -> dict[str, Any]:
        said = item.breach_said_at
        return asdict(item) | {
            "reference": item.reference,
            "flags": item.sightings,
            "breach_deadline": None if said is None else breach_deadline(said),
        }


class ReviewActSchema(Schema):
    """What somebody did to an item; the note is shown to whoever opened it."""

    act = Choice(ReviewAct, required=True)
    by = Text(max=LONGEST_NAME, required=True)
    agency = Text(max=64, required=True)
    at = Instant(required=True)
    detail = Text(max=LONGEST_NAME, required=True, allow_none=True)
    noted = TrueOrFalse(required=True)
    note = Text(max=LONGEST_NOTE, required=True, allow_none=True)


class ItemWithActsSchema(Schema):
    """An item and what was done to it; notes and people are read by opening it."""

    item = Nested(ReviewItemSchema, required=True)
    acts = ListOf(Nested(ReviewActSchema), max=MOST_ACTS, required=True)


class OpenedItemSchema(ItemWithActsSchema):
    """An item as it is read by whoever opened it."""

    entry = Nested(WholeEntrySchema, required=True)
    line_known = TrueOrFalse(
        required=True,
        metadata={
            "description": "Whether the agency declared who answers for the practitioner:"
            " where it did not, nobody is kept from closing this for that"
        },
    )


class ReviewAssignmentSchema(Schema):
    """Who is to look at an item."""

    owner = Text(max=LONGEST_NAME, required=True)


class ReviewNoteSchema(Schema):
    """What a reviewer writes down."""

    note = Text(max=LONGEST_NOTE, required=True, metadata=_SEALED)


class ReviewOutcomeSchema(Schema):
    """What a reviewer judges. A breach is said by one and confirmed by another."""

    outcome = Choice(ReviewState, required=True, metadata={"description": f"One of {_OUTCOMES}"})
    because = Text(max=LONGEST_NOTE, required=True, metadata=_SEALED)

    @validates_schema
    def _is_outcome(self, data: dict[str, Any], **_: object) -> None:
        if data["outcome"] not in OUTCOMES:
            raise ValidationError(f"This must be one of: {_OUTCOMES}.", "outcome")


class ReconciledSchema(Schema):
    """What the file says, as it was noted, and the outcome that this suggests."""

    note = Text(max=LONGEST_NOTE, required=True)
    proposed = Choice(ReviewState, required=True)


ReviewItemPageSchema = page_schema(ReviewItemSchema)
