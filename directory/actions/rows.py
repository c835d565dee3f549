"""Reading rows: a service on a line of JSON, or why there is none."""

from collections.abc import Iterator
from typing import Any

from app.kernel.strict_json import JsonRefused, read_json
from directory.terms.exchange import LONGEST_ROW, Note, SourceRow, Taken
from directory.terms.records import RecordKind


def row_of(place: str, written: bytes) -> Taken:
    """Return the service that a text holds, or why it holds none."""
    if len(written) > LONGEST_ROW:
        return too_long(place)
    try:
        return row_from(place, read_json(written))
    except JsonRefused as error:
        said = str(error).replace("The body", "This line")
        return Note(place, "", said, refused=True)


def row_from(place: str, value: Any) -> Taken:  # noqa: ANN401  (any JSON value)
    """Return a service read from JSON; what is no object is refused."""
    if not isinstance(value, dict):
        return Note(place, "", "This must be a JSON object: one service.", refused=True)
    return SourceRow(place, RecordKind.SERVICE, value)


def too_long(place: str) -> Note:
    """Refuse a row for its length."""
    said = f"This is longer than {LONGEST_ROW // 1024} KiB, which no record is. Split it."
    return Note(place, "", said, refused=True)


def rows_of_lines(content: bytes, first: int) -> Iterator[Taken]:
    """Yield what the lines of a text hold, the first of them numbered so; an empty line is none."""
    for number, line in enumerate(content.split(b"\n"), first):
        if line.strip():
            yield row_of(f"line {number}", line.rstrip(b"\r"))
