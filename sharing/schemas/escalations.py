"""Step up and step down on the wire."""

from enum import StrEnum
from typing import Any

from marshmallow import post_load

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import Choice, Code, Instant, ListOf, Nested, OpaqueId, Schema, Text
from sharing.schemas.disclosures import AskedSubjectSchema, PractitionerSchema
from sharing.terms.codes import LawfulBasis
from sharing.terms.escalations import Direction, Duty, Ending, Lead, State

MOST_HANDED_OVER = 20
LONGEST_REASON = 4000


class LeadPractitionerSchema(Schema):
    """A lead practitioner, by their agency's own opaque staff id."""

    id = Text(max=64, required=True)
    contact = Text(
        max=200,
        load_default=None,
        allow_none=True,
        metadata={"description": "How to reach them or their desk"},
    )

    @post_load
    def _lead(self, data: dict[str, Any], **_: object) -> Lead:
        return Lead(**data)


class EscalationDraftSchema(Schema):
    """A handover from the caller's agency to another, and whom it is about."""

    direction = Choice(Direction, required=True)
    to = Code(required=True)
    subjects = ListOf(Nested(AskedSubjectSchema), min=1, max=MOST_HANDED_OVER, required=True)
    from_lead = Nested(LeadPractitionerSchema, required=True)
    to_lead = Nested(LeadPractitionerSchema, required=True)
    lawful_basis = Choice(LawfulBasis, required=True)
    duty = Choice(
        Duty,
        load_default=None,
        allow_none=True,
        metadata={"description": "For a step up only: the duty of the Children Act 1989"},
    )
    reason = Text(max=LONGEST_REASON, required=True)


class EscalationSchema(Schema):
    """A handover as both its agencies list it: it names nobody."""

    id = OpaqueId(required=True)
    direction = Choice(Direction, required=True)
    state = Choice(State, required=True)
    from_agency = Code(required=True, data_key="from")
    to_agency = Code(required=True, data_key="to")
    from_lead = Nested(LeadPractitionerSchema, required=True)
    to_lead = Nested(LeadPractitionerSchema, required=True)
    lawful_basis = Code(required=True, attribute="basis")
    duty = Choice(Duty, required=True, allow_none=True)
    recorded_at = Instant(required=True)
    completed_at = Instant(required=True, allow_none=True)
    declined_at = Instant(required=True, allow_none=True)
    withdrawn_at = Instant(required=True, allow_none=True)


EscalationPageSchema = page_schema(EscalationSchema)


class Shown(StrEnum):
    """Which handovers a list shows."""

    ALL = "all"
    WAITING = "waiting"


class EscalationQuerySchema(PageQuerySchema):
    """Which handovers are wanted."""

    show = Choice(
        Shown,
        load_default=Shown.ALL,
        metadata={"description": "`waiting`: those that wait for the family's agreement"},
    )


class EscalationEndingSchema(Schema):
    """How what waits for the family ends."""

    outcome = Choice(Ending, required=True)


class EscalationReadingSchema(Schema):
    """Who reads a handover."""

    practitioner = Nested(PractitionerSchema, load_default=None, allow_none=True)


class HandedOverSchema(Schema):
    """One subject of a handover, and the words that came with them."""

    subject = OpaqueId(required=True)
    reason = Text(max=LONGEST_REASON, required=True)
    entry = OpaqueId(required=True, metadata={"description": "The log's line of this reading"})


class ReadEscalationSchema(Schema):
    """A handover with its words, about those who may be told of."""

    escalation = Nested(EscalationSchema, required=True)
    subjects = ListOf(Nested(HandedOverSchema), max=MOST_HANDED_OVER, required=True)
