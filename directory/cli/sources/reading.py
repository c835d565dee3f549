"""What every source offers, and the limits that all keep."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from app.kernel.strict_json import JsonRefused, read_json
from directory.terms.exchange import LONGEST_ROW, Note, Provenance, Seen, SourceRow, Taken
from directory.terms.records import RecordKind


class Source(ABC):
    """Records from elsewhere; making one refuses (`SourceRefused`) what cannot be read at all."""

    name: str
    fingerprint: str
    provenance: Provenance = Provenance()
    expected: int | None = None

    @abstractmethod
    def rows(self, after: int, before: Seen) -> Iterator[Taken]:
        """Yield what has not been taken in: from a row on, or without what was seen before."""

    @abstractmethod
    def part_done(self) -> float | None:
        """Return how much of it has been read, from 0 to 1; None where nobody can tell."""

    def close(self) -> None:  # noqa: B027  (only some hold anything open)
        """Let go of what is open."""


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
