"""The shape of "whom should I call?" on the wire: the question, and the answer in order."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, validates_schema

from app.kernel.schema import (
    Choice,
    Code,
    Day,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    TrueOrFalse,
)
from directory.schemas.contacts import MOST_OPENINGS, ShownOpeningSchema, SourceDocumentSchema
from directory.schemas.coverage import LevelCode
from directory.terms.coverage import AreaKind, UnknownSchool
from directory.terms.places import MalformedPostcode, UnknownPostcode
from directory.terms.searching import Freshness

MOST_CALLED: Final = 1000
ONE_PLACE: Final = "Give a postcode or a school: just one of them."
LEVEL_OR_RISK: Final = "Say the level of need, or that a child may be at risk now."

NO_PLACE: Final[Mapping[type[Exception], tuple[str, str]]] = {
    MalformedPostcode: ("postcode_malformed", "postcode"),
    UnknownPostcode: ("postcode_unknown", "postcode"),
    UnknownSchool: ("school_unknown", "school"),
}
"""Code of the problem, and the field to put right, where no place is meant."""


def no_place(error: Exception) -> tuple[str, str]:
    """Return code and field of an error of `NO_PLACE`, or of a kind of it."""
    return next(told for kind, told in NO_PLACE.items() if isinstance(error, kind))


class QuestionSchema(Schema):
    """Whom to call about a child: where, at which level of need, and whether it may be at risk."""

    postcode = Text(
        max=100, load_default=None, allow_none=True, metadata={"description": "In any spelling"}
    )
    school = Text(
        max=200,
        load_default=None,
        allow_none=True,
        metadata={"description": "Its number (URN) or name, in place of a postcode"},
    )
    level_of_need = LevelCode(
        load_default=None,
        allow_none=True,
        metadata={"description": "universal, early_help, specialist, or the city's own code"},
    )
    at_risk = TrueOrFalse(
        load_default=False,
        metadata={"description": "That a child may be suffering significant harm now"},
    )

    @validates_schema
    def _asks_one_thing(self, data: Mapping[str, Any], **_: object) -> None:
        wrong = {}
        if (data["postcode"] is None) == (data["school"] is None):
            wrong["postcode"] = [ONE_PLACE]
        if data["level_of_need"] is None and not data["at_risk"]:
            wrong["level_of_need"] = [LEVEL_OR_RISK]
        if wrong:
            raise ValidationError(wrong)


class CalledPhoneSchema(Schema):
    """A telephone number as it was printed; `link` only where it can be dialled as it is."""

    as_published = Text(max=100, required=True)
    e164 = Text(max=20, required=True, allow_none=True)
    fault = Text(max=500, required=True, allow_none=True)
    link = Text(max=40, required=True, allow_none=True)


class CalledEmailSchema(Schema):
    """An e-mail address as it was printed; `link` only where nothing is visibly wrong with it."""

    as_published = Text(max=320, required=True)
    fault = Text(max=500, required=True, allow_none=True)
    link = Text(max=400, required=True, allow_none=True)


class CalledSchema(Schema):
    """One to call, and why. `invented`: for the demonstration, and in no document."""

    id = OpaqueId(required=True)
    code = Code(required=True)
    name = Text(max=200, required=True)
    role = Code(required=True)
    holder = Text(max=200, required=True, allow_none=True)
    area = Text(max=200, required=True, allow_none=True)
    for_whom = Text(max=500, required=True, allow_none=True)
    phone = Nested(CalledPhoneSchema, required=True, allow_none=True)
    email = Nested(CalledEmailSchema, required=True, allow_none=True)
    opening_hours = ListOf(Nested(ShownOpeningSchema), max=MOST_OPENINGS, required=True)
    hours_note = Text(max=500, required=True, allow_none=True)
    why = Text(max=2000, required=True)
    front_door = TrueOrFalse(required=True)
    freshness = Choice(Freshness, required=True)
    assured_on = Day(required=True, allow_none=True)
    document = Nested(SourceDocumentSchema, required=True)
    away = TrueOrFalse(required=True)
    away_until = Instant(required=True, allow_none=True)
    stands_in_for = Text(max=200, required=True, allow_none=True)
    invented = TrueOrFalse(required=True)
    note = Text(max=500, required=True, allow_none=True)


class LeadSchema(Schema):
    """A safeguarding lead of the caller's own agency."""

    city = Text(max=100, required=True)
    name = Text(max=200, required=True)
    holder = Text(max=200, required=True, allow_none=True)
    phone = Nested(CalledPhoneSchema, required=True, allow_none=True)
    email = Nested(CalledEmailSchema, required=True, allow_none=True)
    invented = TrueOrFalse(required=True)


class NamedCodeSchema(Schema):
    """A ward or district by GSS code and name."""

    code = Text(max=20, required=True)
    name = Text(max=200, required=True)


class AroundSchema(Schema):
    """An area that the place is in."""

    code = Code(required=True)
    kind = Choice(AreaKind, required=True)
    name = Text(max=200, required=True)
    invented = TrueOrFalse(required=True)


class CallingPlaceSchema(Schema):
    """The place as it was understood; `approximate` where only half of its postcode is on file."""

    postcode = Text(max=10, required=True)
    district = Nested(NamedCodeSchema, required=True)
    ward = Nested(NamedCodeSchema, required=True, allow_none=True)
    approximate = TrueOrFalse(required=True)


class CallingAnswerSchema(Schema):
    """Whom to call, the first first. `first` is what to do before any call."""

    place = Nested(CallingPlaceSchema, required=True)
    city = Text(max=100, required=True, allow_none=True)
    covered = TrueOrFalse(
        required=True, metadata={"description": "false outside the cities on file"}
    )
    mapped = TrueOrFalse(
        required=True,
        metadata={"description": "false where nobody is on file for just this place and level"},
    )
    urgent = TrueOrFalse(required=True)
    level = Text(max=200, required=True, allow_none=True)
    areas = ListOf(Nested(AroundSchema), max=MOST_CALLED, required=True)
    first = ListOf(Text(max=500), max=10, required=True)
    safeguarding_leads = ListOf(
        Nested(LeadSchema),
        max=MOST_CALLED,
        required=True,
        metadata={"description": "Of the caller's own agency, where one is to be spoken to first"},
    )
    notes = ListOf(Text(max=1000), max=20, required=True)
    contacts = ListOf(Nested(CalledSchema), max=MOST_CALLED, required=True)
