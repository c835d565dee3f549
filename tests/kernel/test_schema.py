from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from marshmallow import ValidationError, fields

from app.kernel.schema import (
    Choice,
    Code,
    Day,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    QueryNumber,
    Schema,
    SetOf,
    Text,
    TrueOrFalse,
    WholeNumber,
)


class Basis(Enum):
    PUBLIC_TASK = "public_task"
    CONSENT = "consent"


def read(field: fields.Field[Any], value: object) -> object:
    return field.deserialize(value)


def refusal(field: fields.Field[Any], value: object) -> str:
    with pytest.raises(ValidationError) as refused:
        field.deserialize(value)
    return str(refused.value.messages)


@pytest.mark.parametrize(
    ("field", "value", "held"),
    [
        (Text(max=5), "é 👪", "é 👪"),
        (Text(max=5, min=0), "", ""),
        (Code(), "early_help-2", "early_help-2"),
        (Code(), "EH-ISA", "EH-ISA"),
        (WholeNumber(), 21, 21),
        (WholeNumber(), 21.0, 21),
        (WholeNumber(min=-5), -5, -5),
        (QueryNumber(), "21", 21),
        (TrueOrFalse(), False, False),
        (Instant(), "2027-03-04T09:30:00Z", datetime(2027, 3, 4, 9, 30, tzinfo=UTC)),
        (Instant(), "2027-07-04t09:30:00.5+01:00", datetime(2027, 7, 4, 8, 30, 0, 500000, UTC)),
        (Day(), "2028-02-29", date(2028, 2, 29)),
        (OpaqueId(), "00000000-0000-0000-0000-00000000000A", UUID(int=10)),
        (Choice(Basis), "consent", Basis.CONSENT),
        (ListOf(Code(), max=2), ["a", "a"], ["a", "a"]),
        (SetOf(Code(), max=2), ["b", "a"], frozenset({"a", "b"})),
    ],
)  # fmt: skip
def test_what_a_field_is_for_is_read(field: fields.Field[Any], value: object, held: object) -> None:
    found = read(field, value)
    assert found == held
    assert type(found) is type(held)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (Text(max=5), "a\x00b", "NUL"),
        (Text(max=5), "\ud83d", "surrogate"),
        (Text(max=5), "abcdef", "5 characters or fewer"),
        (Text(max=5, min=3), "ab", "3 characters or more"),
        (Text(max=5), " \n ", "blank"),
        (Text(max=5), "", "blank"),
        (Text(max=5), 5, "must be text"),
        (Text(max=5), None, "cannot be null"),
        (Code(), "early help", "must be a code"),
        (Code(), "_help", "must be a code"),
        (Code(), "help\n", "must be a code"),
        (Code(), "a" * 65, "64 characters or fewer"),
        (Code(), "٣", "must be a code"),
        (WholeNumber(), 21.5, "whole number"),
        (WholeNumber(), True, "whole number"),
        (WholeNumber(), "21", "whole number"),
        (WholeNumber(), float("inf"), "whole number"),
        (WholeNumber(), 2**31, "from 0 to 2147483647"),
        (WholeNumber(min=1, max=10), 0, "from 1 to 10"),
        (QueryNumber(), "21.0", "whole number"),
        (QueryNumber(), "٢١", "whole number"),
        (QueryNumber(), "9" * 5000, "whole number"),
        (QueryNumber(max=9), "10", "from 0 to 9"),
        (TrueOrFalse(), 1, "true or false"),
        (TrueOrFalse(), "true", "true or false"),
        (Instant(), "2027-03-04", "A date alone does not say when"),
        (Instant(), "2027-03-04T09:30:00", "offset from UTC"),
        (Instant(), "20270304T093000Z", "offset from UTC"),
        (Instant(), "2027-02-30T09:30:00Z", "offset from UTC"),
        (Instant(), "0001-01-01T00:00:00+01:00", "offset from UTC"),
        (Instant(), 1772616600, "offset from UTC"),
        (Day(), "2027-02-29", "real date"),
        (Day(), "20270304", "real date"),
        (Day(), "2027-W01-1", "real date"),
        (OpaqueId(), "1234", "UUID"),
        (OpaqueId(), "{0198c5a0-0000-7000-8000-00000000000a}", "UUID"),
        (OpaqueId(), "abcdefghijklmnop", "UUID"),
        (Choice(Basis), "CONSENT", "must be one of: public_task, consent"),
        (Choice(Basis), ["consent"], "must be one of"),
        (ListOf(Code(), max=2), ["a", "b", "c"], "2 items or fewer"),
        (ListOf(Code(), max=2, min=1), [], "1 items or more"),
        (ListOf(Code(), max=2), "ab", "must be a list"),
        (SetOf(Code(), max=2), ["a", "a"], "Name each once"),
    ],
)
def test_what_a_field_is_not_for_is_refused_with_what_to_do(
    field: fields.Field[Any], value: object, said: str
) -> None:
    assert said in refusal(field, value)


class PartSchema(Schema):
    code = Code(required=True)


class WholeSchema(Schema):
    part = Nested(PartSchema)


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ({"prat": 1}, {"prat": ["There is no field of this name here"]}),
        ({"part": {"code": "a", "cdoe": "b"}}, {"part": {"cdoe": ["There is no field"]}}),
        ({"part": {}}, {"part": {"code": ["This is missing. Enter a value."]}}),
        ({"part": "a"}, {"part": {"_schema": ["This must be a JSON object."]}}),
        ([], {"_schema": ["This must be a JSON object."]}),
    ],
)
def test_an_object_holds_the_named_fields_and_no_others(body: Any, messages: Any) -> None:
    def begins(found: Any, wanted: Any) -> bool:
        if isinstance(wanted, dict):
            return found.keys() == wanted.keys() and all(
                begins(found[k], wanted[k]) for k in wanted
            )
        return bool(found[0].startswith(wanted[0]))

    with pytest.raises(ValidationError) as refused:
        WholeSchema().load(body)
    assert begins(refused.value.messages, messages)


def test_an_instant_goes_out_in_utc_with_its_offset() -> None:
    later = datetime.fromisoformat("2027-07-04T09:30:00+01:00")
    assert Instant().serialize("at", {"at": later}) == "2027-07-04T08:30:00+00:00"
    assert Instant().serialize("at", {"at": None}) is None


def test_an_instant_without_an_offset_cannot_go_out() -> None:
    with pytest.raises(ValueError, match="naive"):
        Instant().serialize("at", {"at": datetime(2027, 7, 4, 9, 30)})  # noqa: DTZ001


def test_a_set_goes_out_sorted() -> None:
    field = SetOf(Code(), max=9)
    assert field.serialize("codes", {"codes": frozenset({"c", "a", "b"})}) == ["a", "b", "c"]
    assert field.serialize("codes", {"codes": None}) is None
