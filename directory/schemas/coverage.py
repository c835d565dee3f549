"""The shape of areas, coverage, cover and schools on the wire."""

import re
from enum import StrEnum
from typing import Any, Final

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    SetOf,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from directory.terms.coverage import AreaKind, PlaceKind

MOST_PARTS: Final = 1000
MOST_LEVELS: Final = 20
LAST_POSITION: Final = 1000
_URN: Final = re.compile(r"[0-9]{6}", re.ASCII)
_STARTS: Final = {"description": "Now if left out"}
_ENDS: Final = {"description": "Up to and without this instant; left out, it is open"}


class LevelCode(Code):
    """A level of need: a common one, or a city's own code, which may be a number."""

    def _read(self, value: object) -> str:
        number = isinstance(value, int) and not isinstance(value, bool)
        return super()._read(str(value) if number else value)


class UniqueReferenceNumber(Text):
    """The number of a school in the national register: six digits."""

    default_error_messages = {"urn": "This must be six digits."}  # noqa: RUF012  (marshmallow's own way)

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        super().__init__(max=6, metadata={"pattern": f"^{_URN.pattern}$"}, **options)

    def _read(self, value: object) -> str:
        text = super()._read(value)
        if not _URN.fullmatch(text):
            raise self.make_error("urn")
        return text


class PartKind(StrEnum):
    """What an area can be made of."""

    POSTCODE = "postcode"
    WARD = "ward"
    DISTRICT = "district"


class EndSchema(Schema):
    """When something ends."""

    ends = Instant(metadata=_STARTS)


class NewPartSchema(Schema):
    """A place that an area is made of."""

    kind = Choice(PartKind, required=True)
    code = Text(
        max=20,
        required=True,
        metadata={"description": "GSS code of a ward or district, a postcode"},
    )
    starts = Instant(metadata=_STARTS)
    ends = Instant(metadata=_ENDS)


class PartSchema(Schema):
    """A place that an area is made of, for a period."""

    id = OpaqueId(required=True)
    kind = Choice(PartKind, required=True)
    code = Text(max=20, required=True)
    starts = Instant(attribute="during.starts", required=True)
    ends = Instant(attribute="during.ends", required=True, allow_none=True)


class NewAreaSchema(Schema):
    """A part of a city as those who help families divide it."""

    code = Code(required=True)
    kind = Choice(AreaKind, required=True)
    city = Text(max=100, required=True)
    name = Text(max=200, required=True)
    starts = Instant(metadata=_STARTS)
    ends = Instant(metadata=_ENDS)
    note = Text(max=500, load_default=None, allow_none=True)
    parts = ListOf(Nested(NewPartSchema), max=MOST_PARTS, load_default=list)


class AreaSchema(Schema):
    """A part of a city, what it is made of and when. `invented`: no document says so."""

    code = Code(required=True)
    kind = Choice(AreaKind, required=True)
    city = Text(max=100, required=True)
    name = Text(max=200, required=True)
    starts = Instant(attribute="during.starts", required=True)
    ends = Instant(attribute="during.ends", required=True, allow_none=True)
    note = Text(max=500, required=True, allow_none=True)
    invented = TrueOrFalse(required=True)
    parts = ListOf(Nested(PartSchema), max=MOST_PARTS, required=True)
    recorded_at = Instant(required=True)


class AreaQuerySchema(PageQuerySchema):
    """Which areas are sought."""

    city = Text(max=100, load_default=None)
    kind = Choice(AreaKind, load_default=None)


class NewCoverageSchema(Schema):
    """That a contact point answers for a place."""

    contact_point = OpaqueId(attribute="contact", required=True)
    kind = Choice(PlaceKind, required=True)
    place = Text(
        max=64,
        required=True,
        metadata={"description": "Code of an area, GSS code of a ward or district, or a postcode"},
    )
    levels = SetOf(LevelCode(), min=1, max=MOST_LEVELS, required=True)
    starts = Instant(metadata=_STARTS)
    ends = Instant(metadata=_ENDS)
    position = WholeNumber(
        max=LAST_POSITION, load_default=0, metadata={"description": "The lower comes first"}
    )
    note = Text(max=500, load_default=None, allow_none=True)


class CoverageSchema(Schema):
    """That a contact point answers for a place, at which levels of need and when."""

    id = OpaqueId(required=True)
    contact_point = OpaqueId(attribute="contact", required=True)
    kind = Choice(PlaceKind, required=True)
    place = Text(max=64, required=True)
    levels = SetOf(Code(), max=MOST_LEVELS, required=True)
    starts = Instant(attribute="during.starts", required=True)
    ends = Instant(attribute="during.ends", required=True, allow_none=True)
    position = WholeNumber(required=True)
    note = Text(max=500, required=True, allow_none=True)
    invented = TrueOrFalse(required=True)
    recorded_at = Instant(required=True)


class CoverageQuerySchema(PageQuerySchema):
    """Whose coverage is sought."""

    contact_point = OpaqueId(load_default=None)


class NewCoverSchema(Schema):
    """Who answers while somebody is away."""

    covered_by = OpaqueId(required=True)
    starts = Instant(metadata=_STARTS)
    ends = Instant(metadata=_ENDS)
    note = Text(max=500, load_default=None, allow_none=True)


class CoverSchema(Schema):
    """Who answers while somebody is away, and when."""

    id = OpaqueId(required=True)
    contact_point = OpaqueId(attribute="contact", required=True)
    covered_by = OpaqueId(required=True)
    starts = Instant(attribute="during.starts", required=True)
    ends = Instant(attribute="during.ends", required=True, allow_none=True)
    note = Text(max=500, required=True, allow_none=True)
    recorded_at = Instant(required=True)


class CoverListSchema(Schema):
    """Everybody who has stood in, does, or will."""

    items = ListOf(Nested(CoverSchema), max=10_000, required=True)


class NewSchoolSchema(Schema):
    """A school to be entered; `urn` is its number in the national register."""

    name = Text(max=200, required=True)
    urn = UniqueReferenceNumber(load_default=None, allow_none=True)
    postcode = Text(max=20, required=True)
    agency = Code(load_default=None, allow_none=True)


class SchoolSchema(Schema):
    """Where a school is."""

    id = OpaqueId(required=True)
    name = Text(max=200, required=True)
    urn = Text(max=6, required=True, allow_none=True)
    postcode = Text(max=20, required=True)
    agency = Code(required=True, allow_none=True)
    invented = TrueOrFalse(required=True)
    recorded_at = Instant(required=True)


AreaPageSchema: Any = page_schema(AreaSchema)
CoveragePageSchema: Any = page_schema(CoverageSchema)
SchoolPageSchema: Any = page_schema(SchoolSchema)
