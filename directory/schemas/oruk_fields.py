"""The parameters of the feed, one field each: in a query as text, in a JSON body as JSON has them.

A body may write numbers and truths as a query does, so that what works in one works in the other.
"""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from marshmallow import fields

from app.kernel.schema import Attributes, ListOf, OpaqueId, Reader
from directory.terms.searching import Weekday

OLDEST: Final = 150
MOST_TERMS: Final = 20
_DIGITS: Final = re.compile(r"[0-9]{1,10}", re.ASCII)
_AGE: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_AGE_AS_TEXT: Final = r"(1[0-4][0-9]|[1-9]?[0-9])(\.[0-9]{1,3})?"
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[+ -]\d\d:?\d\d)?", re.ASCII
)
_DAYS: Final = {word: day for day in Weekday for word in (day.value, day.name)}
_TRUTHS: Final = {"true": True, "false": False}


def _described(form: str, pattern: str, *, in_body: bool, **facts: object) -> dict[str, Any]:
    """Return how a field is described: of its own type in a query, as text too in a body."""
    if not in_body:
        return facts
    return {**facts, "type": [form, "string"], "pattern": f"^{pattern}$"}


class Whole(Reader, fields.Integer):
    """A whole number from `min` to `max`."""

    default_error_messages = {"range": "This must be a whole number from {min} to {max}."}  # noqa: RUF012  (marshmallow's own way)

    def __init__(
        self,
        *,
        min: int,  # noqa: A002  (JSON Schema's word)
        max: int,  # noqa: A002  (JSON Schema's word)
        as_text: str,
        in_body: bool,
        says: str,
        **options: Any,  # noqa: ANN401  (marshmallow's own options)
    ) -> None:
        bounds = {"minimum": min, "maximum": max, "description": says}
        described = _described("integer", as_text, in_body=in_body, **bounds)
        super().__init__(metadata=described, **options)
        self.least, self.most = min, max

    def _read(self, value: object) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not _DIGITS.fullmatch(str(value)):
            raise self.make_error("range", min=self.least, max=self.most)
        found = int(str(value))
        if not self.least <= found <= self.most:
            raise self.make_error("range", min=self.least, max=self.most)
        return found


class Years(Reader, fields.Float):
    """An age in years, whole or not."""

    default_error_messages = {"age": f"This must be an age in years from 0 to {OLDEST}."}  # noqa: RUF012  (marshmallow's own way)

    def __init__(self, *, in_body: bool, says: str) -> None:
        bounds = {"minimum": 0, "maximum": OLDEST, "description": says}
        described = _described("number", _AGE_AS_TEXT, in_body=in_body, **bounds)
        super().__init__(metadata=described)

    def _read(self, value: object) -> Decimal:
        written = "" if isinstance(value, bool) else str(value)
        if not _AGE.fullmatch(written) or Decimal(written) > OLDEST:
            raise self.make_error("age")
        return Decimal(written)


class YesNo(Reader, fields.Boolean):
    """True or false."""

    default_error_messages = {"truth": "This must be true or false."}  # noqa: RUF012  (marshmallow's own way)

    def __init__(self, *, in_body: bool, says: str, **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        described = _described("boolean", "(true|false)", in_body=in_body, description=says)
        super().__init__(metadata=described, **options)

    def _read(self, value: object) -> bool:
        if isinstance(value, str) and value.lower() in _TRUTHS:
            return _TRUTHS[value.lower()]
        if not isinstance(value, bool):
            raise self.make_error("truth")
        return value


class TimeOfDay(Reader, fields.Time):
    """A time of day, in the time that is kept where the service is."""

    default_error_messages = {"time": "This must be a time of day, such as 09:30."}  # noqa: RUF012  (marshmallow's own way)

    def __init__(self, *, says: str) -> None:
        super().__init__(metadata={"description": says, "pattern": f"^{_TIME.pattern}$"})

    def _read(self, value: object) -> time:
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            raise self.make_error("time")
        return time.fromisoformat(value)


class Since(Reader, fields.DateTime):
    """An instant; a date means its beginning, and what names no offset is in UTC."""

    default_error_messages = {  # noqa: RUF012  (marshmallow's own way)
        "instant": "This must be a date, or a date and time such as 2027-03-04T09:30:00Z."
    }

    def __init__(self, *, says: str) -> None:
        super().__init__(metadata={"description": says})

    def _read(self, value: object) -> datetime:
        try:
            return self._instant(str(value))
        except (ValueError, OverflowError) as error:
            raise self.make_error("instant") from error

    def _instant(self, written: str) -> datetime:
        if _DAY.fullmatch(written):
            day = date.fromisoformat(written)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        parts = _INSTANT.fullmatch(written)
        if parts is None:
            raise ValueError(written)
        # the plus of an offset comes as a space where a query was not encoded
        offset = (parts[3] or "Z").upper().replace(" ", "+")
        return datetime.fromisoformat(f"{parts[1]}T{parts[2]}{offset}").astimezone(UTC)


class DayOfWeek(Reader, fields.String):
    """A day of the week, as iCalendar or as English has it."""

    default_error_messages = {"day": "This must be a day of the week, such as MO or Monday."}  # noqa: RUF012  (marshmallow's own way)

    def __init__(self, *, says: str) -> None:
        names = [name.title() for name in Weekday.__members__]
        known = [*(day.value for day in Weekday), *names]
        super().__init__(metadata={"description": says, "enum": known})

    def _read(self, value: object) -> Weekday:
        found = _DAYS.get(str(value).upper())
        if found is None:
            raise self.make_error("day")
        return found


class Ids(ListOf):
    """Ids that must all be met: one, or several with commas between or in several parameters."""

    def __init__(self, *, says: str) -> None:
        super().__init__(OpaqueId(), max=MOST_TERMS, metadata={"description": says})

    def _deserialize(
        self, value: object, attr: str | None, data: Attributes, **more: object
    ) -> Any:  # noqa: ANN401  (a tuple, where `ListOf` has a list)
        given = [value] if isinstance(value, str) else value
        if isinstance(given, list):
            given = [
                part
                for one in given
                for part in (one.split(",") if isinstance(one, str) else [one])
            ]
        return tuple(super()._deserialize(given, attr, data, **more))
