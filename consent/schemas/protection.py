"""Shields and conflicts of interest on the wire."""

from app.kernel.paging import page_schema
from app.kernel.schema import Choice, Code, Instant, OpaqueId, Schema, SetOf, Text
from consent.terms import ShieldMode

MOST_SUBJECTS = 50
MOST_CODES = 200
LONGEST_NOTE = 4000
_NOW = {"description": "Now if left out"}
_SEALED = {"description": "Kept sealed"}


class NewShieldSchema(Schema):
    """Protection of subjects from every agency but those named as unaffected."""

    subjects = SetOf(OpaqueId(), min=1, max=MOST_SUBJECTS, required=True)
    mode = Choice(ShieldMode, required=True)
    categories = SetOf(
        Code(), max=MOST_CODES, metadata={"description": "Needed if masked, left out if hidden"}
    )
    unaffected = SetOf(Code(), max=MOST_CODES, required=True)
    starts = Instant(metadata=_NOW)
    ends = Instant()
    reason = Text(max=LONGEST_NOTE, required=True, metadata=_SEALED)
    set_by = Text(max=200, required=True, metadata={"description": "A staff id, not a name"})


class ShieldSchema(Schema):
    """A shield as it stands; the reason stays sealed."""

    id = OpaqueId(required=True)
    subjects = SetOf(OpaqueId(), max=MOST_SUBJECTS, required=True)
    mode = Choice(ShieldMode, required=True)
    categories = SetOf(Code(), max=MOST_CODES, required=True)
    unaffected = SetOf(Code(), max=MOST_CODES, required=True)
    starts = Instant(required=True)
    ends = Instant(required=True, allow_none=True)
    set_by = Text(max=200, required=True)
    recorded_at = Instant(required=True)


class ShieldEndSchema(Schema):
    """When a shield ends."""

    ends = Instant(metadata=_NOW)


class ShieldReviewSchema(Schema):
    """That a person looked at a shield again and let it stand; to end it, end it."""

    reviewed_by = Text(max=200, required=True, metadata={"description": "A staff id, not a name"})


class ShieldDueSchema(Schema):
    """A shield to be looked at again; one that is overdue stands all the same."""

    shield = OpaqueId(required=True)
    subjects = SetOf(OpaqueId(), max=MOST_SUBJECTS, required=True)
    set_by = Text(max=200, required=True)
    starts = Instant(required=True)
    reviewed_at = Instant(required=True, allow_none=True)
    on = Instant(required=True, metadata={"description": "May have passed: then it is overdue"})


ShieldDuePageSchema = page_schema(ShieldDueSchema)


class NewConflictSchema(Schema):
    """That a practitioner must not see a subject: family, or otherwise barred."""

    subject = OpaqueId(required=True)
    practitioner = Text(
        max=100, required=True, metadata={"description": "The agency's own opaque staff id"}
    )
    starts = Instant(metadata={"description": "It always was so if left out"})
    ends = Instant()
    reason = Text(max=LONGEST_NOTE, required=True, metadata=_SEALED)
