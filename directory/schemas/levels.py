"""The shape of cities' levels of need on the wire."""

from typing import Any, Final

from app.kernel.schema import Choice, Code, ListOf, Nested, Schema, Text
from directory.schemas.coverage import MOST_LEVELS, LevelCode
from directory.terms.searching import LevelOfNeed

MOST_CITIES: Final = 100
LONGEST_CITY: Final = 100


class NewLevelSchema(Schema):
    """A level of need as a city says it, and the common one that it is read as."""

    code = LevelCode(required=True)
    label = Text(max=200, required=True)
    common = Choice(LevelOfNeed, required=True)
    note = Text(max=500, load_default=None, allow_none=True)


class CityLevelsSchema(Schema):
    """A city's levels of need, the lowest first."""

    levels = ListOf(Nested(NewLevelSchema), min=1, max=MOST_LEVELS, required=True)


class CityLevelSchema(Schema):
    """A level of need of a city."""

    city = Text(max=LONGEST_CITY, required=True)
    code = Code(required=True)
    label = Text(max=200, required=True)
    common = Choice(LevelOfNeed, required=True)
    note = Text(max=500, required=True, allow_none=True)


class LevelListSchema(Schema):
    """Every city's levels of need, by city, the lowest first."""

    items: Any = ListOf(Nested(CityLevelSchema), max=MOST_CITIES * MOST_LEVELS, required=True)
