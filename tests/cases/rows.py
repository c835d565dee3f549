"""Reading a mapping key by key: one that nobody asks for is an error, and so is one said twice."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from tests.cases.words import OPEN, Span

REQUIRED = object()


class UnreadableError(Exception):
    """A file says something that this reader does not know how to take."""


class Row:
    """What is left of one mapping, and where it stands in the file."""

    def __init__(self, where: str, raw: object) -> None:
        if not isinstance(raw, Mapping):
            raise UnreadableError(f"{where}: expected keys and values, got {raw!r}")
        self.where = where
        self.left: dict[str, Any] = {str(key): value for key, value in raw.items()}

    def take(self, *names: str, default: Any = REQUIRED) -> Any:
        """Take the value that goes by one of these names."""
        said = [name for name in names if name in self.left]
        if len(said) > 1:
            raise UnreadableError(f"{self.where}: {' and '.join(said)} mean the same")
        if said:
            return self.left.pop(said[0])
        if default is REQUIRED:
            raise UnreadableError(f"{self.where}: {names[0]} is missing")
        return default

    def text(self, *names: str, default: Any = REQUIRED) -> Any:
        value = self.take(*names, default=default)
        if value is default or isinstance(value, str):
            return value
        raise UnreadableError(f"{self.where}: {names[0]} must be text, not {value!r}")

    def flag(self, *names: str, default: bool = False) -> bool:
        value = self.take(*names, default=default)
        if isinstance(value, bool):
            return value
        raise UnreadableError(f"{self.where}: {names[0]} must be true or false, not {value!r}")

    def codes(self, *names: str, default: Any = REQUIRED) -> tuple[str, ...]:
        """Take a list of codes, or one code alone."""
        value = self.take(*names, default=default)
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list | tuple) and all(isinstance(one, str) for one in listed):
            return tuple(listed)
        raise UnreadableError(f"{self.where}: {names[0]} must be a list of codes, not {value!r}")

    def rows(self, *names: str) -> "Iterator[Row]":
        """Take a list of mappings, or one alone."""
        value = self.take(*names, default=[])
        for place, one in enumerate(listed(value)):
            with row(f"{self.where}: {names[0]}[{place}]", one) as inner:
                yield inner

    def named(self, *names: str) -> "Iterator[tuple[str, Any]]":
        """Take a mapping by name."""
        value = self.take(*names, default={})
        yield from Row(f"{self.where}: {names[0]}", value or {}).left.items()

    def instant(self, *names: str, default: Any = None) -> Any:
        value = self.take(*names, default=default)
        return value if value is default else instant(f"{self.where}: {names[0]}", value)

    def span(self, starts: tuple[str, ...], ends: tuple[str, ...]) -> Span:
        return Span(self.instant(*starts), self.instant(*ends))

    def spans(self, starts: tuple[str, ...], ends: tuple[str, ...]) -> tuple[Span, ...]:
        """Take one interval, or several under `intervals`."""
        several = tuple(one.span(starts, ends) for one in self.rows("intervals"))
        one = self.span(starts, ends)
        return several if several and one == OPEN else (one, *several)


@contextmanager
def row(where: str, raw: object) -> Iterator[Row]:
    """Read a mapping, and be sure that nothing in it was passed over."""
    reading = Row(where, raw)
    yield reading
    if reading.left:
        raise UnreadableError(f"{where}: unknown key {', '.join(sorted(reading.left))}")


def listed(value: object) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def instant(where: str, value: object) -> datetime | None:
    """Read an instant; a date alone is its midnight, and without an offset it is UTC."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise UnreadableError(f"{where}: {value!r} is no instant") from error
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise UnreadableError(f"{where}: {value!r} is no instant")


def day(where: str, value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise UnreadableError(f"{where}: {value!r} is no date") from error
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise UnreadableError(f"{where}: {value!r} is no date")
