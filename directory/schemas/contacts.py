"""The shape of contact points on the wire."""

import re
from typing import Any, Final

from marshmallow import fields

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import (
    LONGEST_CODE,
    Choice,
    Code,
    Day,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Reader,
    Schema,
    Text,
    TrueOrFalse,
)
from directory.terms.records import PRACTITIONERS, PUBLIC
from directory.terms.searching import Weekday

MOST_AGENCIES: Final = 100
MOST_OPENINGS: Final = 28
_CODE: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{LONGEST_CODE - 1}}}", re.ASCII)
_TIME: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class AudienceField(Reader, fields.Raw):
    """`public`, `practitioners`, or a list of the codes of agencies; a list is held as a tuple."""

    default_error_messages = {  # noqa: RUF012  (marshmallow's own way)
        "required": "This is missing. Enter a value.",
        "null": "This cannot be null. Enter a value.",
        "unknown": "This must be public, practitioners, or a list of the codes of agencies.",
    }

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        codes = {"type": "array", "minItems": 1, "maxItems": MOST_AGENCIES}
        codes |= {"items": {"type": "string", "pattern": f"^{_CODE.pattern}$"}}
        either = [{"type": "string", "enum": [PUBLIC, PRACTITIONERS]}, codes]
        super().__init__(metadata={"oneOf": either}, **options)

    def _read(self, value: object) -> str | tuple[str, ...]:
        if value in (PUBLIC, PRACTITIONERS):
            return str(value)
        if not isinstance(value, list) or not 0 < len(value) <= MOST_AGENCIES:
            raise self.make_error("unknown")
        if not all(isinstance(one, str) and _CODE.fullmatch(one) for one in value):
            raise self.make_error("unknown")
        return tuple(dict.fromkeys(value))

    def _serialize(self, value: Any, *_: object, **__: object) -> Any:  # noqa: ANN401  (a word or a list)
        return value if isinstance(value, str) else list(value)


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


class ClockTime(Text):
    """A time of the day in the UK, such as 09:00."""

    default_error_messages = {"time": "This must be a time such as 09:00."}  # noqa: RUF012  (marshmallow's own way)

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        super().__init__(max=5, metadata={"pattern": _TIME}, **options)

    def _read(self, value: object) -> str:
        text = super()._read(value)
        if not re.fullmatch(_TIME.strip("^$"), text, re.ASCII):
            raise self.make_error("time")
        return text


class OpeningSchema(Schema):
    """Days and times at which someone can be reached."""

    days = ListOf(Choice(Weekday), min=1, max=7, required=True)
    opens = ClockTime(required=True)
    closes = ClockTime(required=True)


class ShownOpeningSchema(Schema):
    """Days and times at which someone can be reached."""

    days = ListOf(Text(max=2), min=1, max=7, required=True)
    opens = ClockTime(required=True)
    closes = ClockTime(required=True)


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
    audience = AudienceField(attribute="facts.audience", required=True)
    role = Code(
        attribute="facts.acts_as",
        required=True,
        metadata={"description": "What it does when asked"},
    )
    holder = Text(
        max=200,
        attribute="facts.holder",
        required=True,
        allow_none=True,
        metadata={"description": "Who has the role now; never shown to the public"},
    )
    opening_hours = ListOf(
        Nested(ShownOpeningSchema),
        max=MOST_OPENINGS,
        attribute="facts.opening_hours",
        required=True,
    )
    hours_note = Text(max=500, attribute="facts.hours_note", required=True, allow_none=True)
    assured_on = Day(attribute="facts.assured_on", required=True, allow_none=True)
    invented = TrueOrFalse(attribute="facts.invented", required=True)
    ends = Instant(required=True, allow_none=True)
    document = Nested(SourceDocumentSchema, attribute="facts.document", required=True)
    recorded_at = Instant(required=True)


class NewPhoneSchema(Schema):
    """A number as it is printed; left out, `e164` is derived, and what is visibly wrong is said."""

    as_published = Text(max=100, required=True)
    e164 = Text(max=20, load_default=None, allow_none=True)
    fault = Text(max=500, load_default=None, allow_none=True)


class NewEmailSchema(Schema):
    """An e-mail address as it is printed."""

    as_published = Text(max=320, required=True)
    fault = Text(max=500, load_default=None, allow_none=True)


class NewSourceSchema(Schema):
    """The document that the entry is taken from."""

    title = Text(max=300, required=True)
    as_of = Text(max=40, required=True)
    note = Text(max=500, load_default=None, allow_none=True)


class NewContactPointSchema(Schema):
    """Someone who can be asked, to be entered; without a document, the agency itself is named."""

    code = Code(required=True)
    city = Text(max=100, required=True)
    kind = Code(required=True)
    name = Text(max=200, required=True)
    role = Code(load_default=None, allow_none=True)
    holder = Text(max=200, load_default=None, allow_none=True)
    area = Text(max=200, load_default=None, allow_none=True)
    for_whom = Text(max=500, load_default=None, allow_none=True)
    phone = Nested(NewPhoneSchema, load_default=None, allow_none=True)
    email = Nested(NewEmailSchema, load_default=None, allow_none=True)
    more = fields.Dict(keys=Text(max=100), values=Text(max=1000), load_default=dict)
    agency = Code(load_default=None, allow_none=True)
    audience = AudienceField(load_default=PRACTITIONERS)
    opening_hours = ListOf(Nested(OpeningSchema), max=MOST_OPENINGS, load_default=list)
    hours_note = Text(max=500, load_default=None, allow_none=True)
    assured_on = Day(load_default=None, allow_none=True)
    document = Nested(NewSourceSchema, load_default=None, allow_none=True)


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
