"""What every schema of the wire is built from.

marshmallow's own fields let through what the database or the next reader cannot take: NUL and lone
surrogates, 2.5 as a whole number, a date that is no instant, lists without end. Those of this room
refuse it, and say in plain English what to do. The limits stand in `metadata`, where apispec finds
them, so that the published description and the check are one number.

`Text` `Code` `WholeNumber` `QueryNumber` `TrueOrFalse` `Instant` `Day` `OpaqueId` `Choice`
`Nested` `ListOf` `SetOf`
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import marshmallow
from marshmallow import fields

LONGEST_CODE = 64
LARGEST_WHOLE_NUMBER = 2**31 - 1
"""What an `integer` column holds: a field that gives no maximum gets this one."""
NUMBER_IN_PATH = f"<int(max={LARGEST_WHOLE_NUMBER}):number>"
"""The part of a route that is a number, such as a version's: a larger one is found nowhere."""

_MISSING: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "This is missing. Enter a value.",
    "null": "This cannot be null. Enter a value.",
    "validator_failed": "This value is not accepted.",
}
_OBJECT = {
    "type": "This must be a JSON object.",
    "unknown": "There is no field of this name here. Check its spelling, or leave it out.",
}
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_OPAQUE_ID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DIGITS = re.compile(r"-?[0-9]{1,10}", re.ASCII)

Attributes = Mapping[str, Any] | None


class Schema(marshmallow.Schema):
    """A JSON object that holds the named fields and no others."""

    class Meta:
        """A field that we do not know is a mistake of the sender, which silence would hide."""

        unknown = marshmallow.RAISE

    error_messages = _OBJECT


def _described(options: dict[str, Any], **facts: object) -> dict[str, Any]:
    """Return a field's options with these facts in its description; the author's own words win."""
    known = {name: fact for name, fact in facts.items() if fact is not None}
    return {**options, "metadata": known | dict(options.get("metadata") or {})}


def unstorable(text: str) -> bool:
    """Say whether a text holds NUL or a lone surrogate, which PostgreSQL and UTF-8 cannot hold."""
    return _UNSTORABLE.search(text) is not None  # letter by letter it was 2 % of a disclosure


class Reader:
    """What makes a field of one function, from what the wire brought to the value or an error."""

    def _read(self, value: object) -> Any:  # noqa: ANN401  (each field narrows it)
        raise NotImplementedError

    def _deserialize(self, value: object, *_: object, **__: object) -> Any:  # noqa: ANN401  (as above)
        return self._read(value)


class Text(Reader, fields.String):
    """Text of `min` to `max` characters (code points); blank only where `min` is 0."""

    default_error_messages = _MISSING | {
        "invalid": "This must be text.",
        "unstorable": "This holds a NUL character or half of a surrogate pair. Remove it.",
        "blank": "This is blank. Enter some text.",
        "short": "This must be {min} characters or more.",
        "long": "This must be {max} characters or fewer.",
    }

    def __init__(self, *, max: int, min: int = 1, **options: Any) -> None:  # noqa: A002, ANN401  (JSON Schema's words; marshmallow's own options)
        pattern = r"^[^\u0000]*[^\u0000\t\n\r ][^\u0000]*$" if min else r"^[^\u0000]*$"
        lengths = {"minLength": min or None, "maxLength": max}
        super().__init__(**_described(options, **lengths, pattern=pattern))
        self.longest, self.shortest = max, min

    def _read(self, value: object) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if unstorable(value):
            raise self.make_error("unstorable")
        if len(value) > self.longest:
            raise self.make_error("long", max=self.longest)
        if self.shortest and not value.strip("\t\n\r "):
            raise self.make_error("blank")
        if len(value) < self.shortest:
            raise self.make_error("short", min=self.shortest)
        return value


class Code(Text):
    """A code such as `early_help_support` or `EH-ISA`: at most 64 letters, digits, `_` and `-`."""

    default_error_messages = _MISSING | {
        "invalid": "This must be a code, such as early_help_support.",
        "code": "This must be a code: letters, digits, _ and -, with a letter or digit first.",
    }

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        described = _described(options, pattern=f"^{_CODE.pattern}$")
        super().__init__(max=LONGEST_CODE, **described)

    def _read(self, value: object) -> str:
        text = super()._read(value)
        if not _CODE.fullmatch(text):  # not `match` with `$`, which lets a last line break through
            raise self.make_error("code")
        return text


class WholeNumber(Reader, fields.Integer):
    """A whole number from `min` to `max`: 21 and 21.0 are, 21.5, true and "21" are not."""

    default_error_messages = _MISSING | {
        "invalid": "This must be a whole number, such as 21.",
        "range": "This must be a whole number from {min} to {max}.",
    }

    def __init__(self, *, min: int = 0, max: int = LARGEST_WHOLE_NUMBER, **options: Any) -> None:  # noqa: A002, ANN401  (JSON Schema's words; marshmallow's own options)
        super().__init__(**_described(options, minimum=min, maximum=max))
        self.least, self.most = min, max

    def _read(self, value: object) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid")
        if not self.least <= value <= self.most:
            raise self.make_error("range", min=self.least, max=self.most)
        return value


class QueryNumber(WholeNumber):
    """A whole number written in digits, as query strings and forms carry it."""

    def _read(self, value: object) -> int:
        if not isinstance(value, str) or not _DIGITS.fullmatch(value):
            raise self.make_error("invalid")
        return super()._read(int(value))


class TrueOrFalse(Reader, fields.Boolean):
    """JSON's true or false; not 1, "yes" or "true"."""

    default_error_messages = _MISSING | {"invalid": "This must be true or false."}

    def _read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Instant(Reader, fields.DateTime):
    """An instant (RFC 3339), in with any offset, out in UTC; held as an aware `datetime`."""

    default_error_messages = _MISSING | {
        "invalid": (
            "This must be a date and time with an offset from UTC, "
            "such as 2027-03-04T09:30:00+00:00."
        ),
        "date": (
            "A date alone does not say when. Add a time and an offset from UTC, "
            "such as 2027-03-04T09:30:00+00:00."
        ),
    }

    def _read(self, value: object) -> datetime:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not _INSTANT.fullmatch(value):
            raise self.make_error("date" if _DAY.fullmatch(value) else "invalid")
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid") from error

    def _serialize(
        self, value: datetime | None, attr: str | None, *_: object, **__: object
    ) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{attr} is a naive datetime: nobody could tell which instant it is"
            raise ValueError(message)
        return value.astimezone(UTC).isoformat()


class Day(Reader, fields.Date):
    """A calendar date, YYYY-MM-DD."""

    default_error_messages = _MISSING | {"invalid": "This must be a real date, such as 2027-03-04."}

    def _read(self, value: object) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise self.make_error("invalid")
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.make_error("invalid") from error


class OpaqueId(Reader, fields.UUID):
    """An id that we made: a UUID in its usual form, which says nothing about what it names."""

    default_error_messages = _MISSING | {
        "invalid_uuid": "This must be an id as this service gives it: a UUID."
    }

    def _read(self, value: object) -> UUID:
        if not isinstance(value, str) or not _OPAQUE_ID.fullmatch(value):
            raise self.make_error("invalid_uuid")
        return UUID(value)


class Choice(Reader, fields.Enum[Any]):
    """One member of an enum of ours, by its value."""

    default_error_messages = _MISSING | {"unknown": "This must be one of: {choices}."}

    def __init__(self, words: type[Enum], **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        super().__init__(words, by_value=fields.String, **options)
        self.words = words

    def _read(self, value: object) -> Enum:
        if not isinstance(value, str):
            raise self.make_error("unknown", choices=self.choices_text)
        try:
            return self.words(value)
        except ValueError as error:
            raise self.make_error("unknown", choices=self.choices_text) from error


class Nested(fields.Nested):
    """An object within an object."""

    default_error_messages = _MISSING | _OBJECT


class ListOf(fields.List[Any]):
    """A list of `min` to `max` items; there is no list without a cap."""

    default_error_messages = _MISSING | {
        "invalid": "This must be a list.",
        "few": "This must have {min} items or more.",
        "many": "This must have {max} items or fewer.",
    }

    def __init__(
        self,
        inner: fields.Field[Any],
        *,
        max: int,  # noqa: A002  (JSON Schema's word)
        min: int = 0,  # noqa: A002  (JSON Schema's word)
        **options: Any,  # noqa: ANN401  (marshmallow's own options)
    ) -> None:
        super().__init__(inner, **_described(options, minItems=min or None, maxItems=max))
        self.most, self.fewest = max, min

    def _deserialize(
        self, value: object, attr: str | None, data: Attributes, **kwargs: object
    ) -> Any:  # noqa: ANN401  (a list here, a set in SetOf)
        if not isinstance(value, list):
            raise self.make_error("invalid")
        if len(value) > self.most:
            raise self.make_error("many", max=self.most)
        if len(value) < self.fewest:
            raise self.make_error("few", min=self.fewest)
        return super()._deserialize(value, attr, data, **kwargs)


class SetOf(ListOf):
    """A list in which nothing comes twice; held as a frozenset, sent sorted."""

    default_error_messages = _MISSING | {"twice": "This names something twice. Name each once."}

    def __init__(self, inner: fields.Field[Any], **options: Any) -> None:  # noqa: ANN401  (ListOf's options)
        super().__init__(inner, **_described(options, uniqueItems=True))

    def _deserialize(
        self, value: object, attr: str | None, data: Attributes, **kwargs: object
    ) -> Any:  # noqa: ANN401  (as in ListOf)
        items = super()._deserialize(value, attr, data, **kwargs)
        unique = frozenset(items)
        if len(unique) < len(items):
            raise self.make_error("twice")
        return unique

    def _serialize(
        self, value: Collection[Any] | None, attr: str | None, obj: object, **kwargs: object
    ) -> list[Any] | None:
        items = super()._serialize(None if value is None else list(value), attr, obj, **kwargs)
        return None if items is None else sorted(items)
