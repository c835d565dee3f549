"""The forms of areas and of who answers for them: what an editor types, and what is said of it."""

from typing import Any, Final

from app.kernel.schema import Choice, Code, ListOf, OpaqueId, Schema, Text, WholeNumber
from directory.schemas.coverage import LAST_POSITION, MOST_LEVELS, LevelCode
from directory.schemas.search_form import TypedDay
from directory.terms.coverage import AreaKind

LONGEST_LIST: Final = 20_000
Said = dict[str, str | list[Any] | dict[Any, Any]]
_LONG: Final[Said] = {"long": "Enter {max} characters or fewer"}
_DAY: Final[Said] = {"invalid": "Enter a real date, such as 27/3/2026"}
_CODE: Final[Said] = {"code": "Enter letters, digits, _ and - only, such as leeds-east"}


def _wanted(said: str) -> Said:
    return {**_LONG, "required": said, "blank": said}


class Position(WholeNumber):
    """A small number, as it is typed."""

    def _read(self, value: object) -> Any:  # noqa: ANN401  (a number, where the form has text)
        typed = str(value).strip()
        if not typed.isascii() or not typed.isdigit():
            raise self.make_error("invalid")
        return super()._read(int(typed))


class AreaFormSchema(Schema):
    """An area that is to be entered."""

    name = Text(max=200, required=True, error_messages=_wanted("Enter the name of the area"))
    code = Code(required=True, error_messages={"required": "Enter a code", **_CODE})
    city = Text(max=100, required=True, error_messages=_wanted("Enter the city"))
    kind = Choice(
        AreaKind,
        required=True,
        error_messages={"required": "Say what kind of area it is", "unknown": "Choose a kind"},
    )
    starts = TypedDay(error_messages=_DAY)
    ends = TypedDay(error_messages=_DAY)
    note = Text(max=500, error_messages=_LONG)
    parts = Text(max=LONGEST_LIST, error_messages=_LONG)


class PartFormSchema(Schema):
    """A place that is to be part of an area."""

    place = Text(
        max=20,
        required=True,
        error_messages=_wanted("Enter the code of a ward or district, or a postcode"),
    )
    starts = TypedDay(error_messages=_DAY)
    ends = TypedDay(error_messages=_DAY)


class EndFormSchema(Schema):
    """From when something no longer holds."""

    ends = TypedDay(error_messages=_DAY)


class CoverageFormSchema(Schema):
    """A place that a contact point is to answer for."""

    area = Code(error_messages={"code": "Choose an area from the list"})
    place = Text(max=20, error_messages=_LONG)
    levels = ListOf(
        LevelCode(),
        max=MOST_LEVELS,
        min=1,
        required=True,
        error_messages={"required": "Choose at least one level of need"},
    )
    starts = TypedDay(error_messages=_DAY)
    ends = TypedDay(error_messages=_DAY)
    position = Position(
        max=LAST_POSITION, error_messages={"invalid": "Enter a whole number, such as 0"}
    )
    note = Text(max=500, error_messages=_LONG)


class CoverFormSchema(Schema):
    """Who is to answer while somebody is away."""

    covered_by = OpaqueId(
        required=True,
        error_messages={
            "required": "Choose who answers meanwhile",
            "invalid_uuid": "Choose who answers meanwhile from the list",
        },
    )
    starts = TypedDay(error_messages=_DAY)
    ends = TypedDay(error_messages=_DAY)
    note = Text(max=500, error_messages=_LONG)
