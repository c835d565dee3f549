"""The shape of contact points on the wire."""

from marshmallow import fields

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    Nested,
    OpaqueId,
    Schema,
    Text,
)
from directory.terms.contacts import Audience


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


ContactPointPageSchema = page_schema(ContactPointSchema)
