"""The shape of agencies and contact points on the wire."""

from marshmallow import fields

from app.kernel.paging import PageQuerySchema, page_schema
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
from directory.terms import Audience

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
    recorded_at = Instant(required=True)


class SuspensionSchema(Schema):
    """From when an agency takes no part; with `ends`, it takes part again from then."""

    starts = Instant(metadata={"description": "Now if left out"})
    ends = Instant()


class ReinstatementSchema(Schema):
    """From when an agency takes part again."""

    starts = Instant(metadata={"description": "Now if left out"})


class PhoneSchema(Schema):
    """A telephone number as it was printed; without `e164`, or with a `fault`, it is no link."""

    as_published = Text(max=100, required=True)
    e164 = Text(max=20, required=True, allow_none=True)
    fault = Text(
        max=500,
        required=True,
        allow_none=True,
        metadata={"description": "What is visibly wrong with it"},
    )


class EmailSchema(Schema):
    """An e-mail address as it was printed."""

    as_published = Text(max=320, required=True)
    fault = Text(
        max=500,
        required=True,
        allow_none=True,
        metadata={"description": "What is visibly wrong with it"},
    )


class SourceDocumentSchema(Schema):
    """The document that an entry was taken from."""

    title = Text(max=300, required=True)
    as_of = Text(
        max=40, required=True, metadata={"description": "The date it gives itself, in its words"}
    )
    note = Text(max=500, required=True, allow_none=True)


class ContactPointSchema(Schema):
    """Someone who can be asked, as published: nothing is filled in or repaired."""

    id = OpaqueId(required=True)
    code = Code(attribute="facts.code", required=True)
    city = Text(max=100, attribute="facts.city", required=True)
    kind = Code(attribute="facts.kind", required=True)
    name = Text(max=200, attribute="facts.name", required=True)
    area = Text(max=200, attribute="facts.area", required=True, allow_none=True)
    for_whom = Text(max=500, attribute="facts.for_whom", required=True, allow_none=True)
    phone = Nested(PhoneSchema, attribute="facts.phone", required=True, allow_none=True)
    email = Nested(EmailSchema, attribute="facts.email", required=True, allow_none=True)
    more = fields.Dict(
        keys=Text(max=100), values=Text(max=1000), attribute="facts.more", required=True
    )
    agency = Code(attribute="facts.agency", required=True, allow_none=True)
    audience = Choice(Audience, attribute="facts.audience", required=True)
    document = Nested(SourceDocumentSchema, attribute="facts.document", required=True)
    recorded_at = Instant(required=True)


class ContactPointQuerySchema(PageQuerySchema):
    """Which contact points are sought."""

    city = Text(max=100, load_default=None)
    kind = Code(load_default=None)
    words = Text(
        max=200,
        load_default=None,
        metadata={"description": "Each of the words must occur, whatever its case or accents"},
    )


AgencyPageSchema = page_schema(AgencySchema)
ContactPointPageSchema = page_schema(ContactPointSchema)
