"""Files of JSON: a service on each line, or a page or list of them as one value."""

from collections.abc import Iterator
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from app.kernel.strict_json import JsonRefused, read_json
from directory.actions.rows import row_from, row_of, too_long
from directory.cli.sources.reading import Source
from directory.rules.feeds import is_old_page, provenance_of, rows_of
from directory.terms.exchange import LONGEST_ROW, Seen, SourceRefused, Taken

LARGEST_FILE: Final = 2 * 1024**3
LARGEST_VALUE: Final = 64 * 1024**2
"""Bytes of a file that is one JSON value, since that is read whole."""
_OLD: Final = (
    "This is a page of Open Referral UK 1.0, and only 3.0 is read. "
    "Ask its publisher for a feed of version 3.0."
)


class Lines(Source):
    """A file with a service on each line (NDJSON), read line by line."""

    def __init__(self, path: Path) -> None:
        self.name, self._size, self._read = str(path), path.stat().st_size, 0
        self.fingerprint = fingerprint_of(path)
        self._path = path

    def rows(self, after: int, before: Seen) -> Iterator[Taken]:  # noqa: ARG002  (a file stays as it is: rows are counted)
        """Yield the rows after so many; an empty line is none."""
        with self._path.open("rb") as file:
            yield from islice(self._rows(file), after, None)

    def part_done(self) -> float | None:
        """Return how much of the file has been read."""
        return self._read / max(self._size, 1)

    def _rows(self, file: BinaryIO) -> Iterator[Taken]:
        number = 0
        while line := file.readline(LONGEST_ROW + 2):
            number += 1
            place, whole = f"line {number}", line.endswith(b"\n") or len(line) < LONGEST_ROW + 2
            while not whole:
                rest = file.readline(LONGEST_ROW)
                whole = rest.endswith(b"\n") or not rest
            self._read = file.tell()
            if len(line.rstrip(b"\r\n")) > LONGEST_ROW:
                yield too_long(place)
            elif line.strip():
                yield row_of(place, line)


class Page(Source):
    """A file that is one JSON value: a page of a feed, a list of services, or one service."""

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > LARGEST_VALUE:
            said = f"{path} is one JSON value of more than {LARGEST_VALUE // 1024**2} MiB. "
            raise SourceRefused(said + "Write a service on each line (NDJSON) instead.")
        self.name, self.fingerprint, self._at = str(path), fingerprint_of(path), 0
        value = self._value(path)
        found = rows_of(value)
        self.provenance = provenance_of(value)
        self._rows = [value] if found is None else found
        self.expected = len(self._rows)

    def rows(self, after: int, before: Seen) -> Iterator[Taken]:  # noqa: ARG002  (a file stays as it is: rows are counted)
        """Yield the rows after so many."""
        for number, value in enumerate(self._rows[after:], after + 1):
            self._at = number
            yield row_from(f"row {number}", value)

    def part_done(self) -> float | None:
        """Return how many of the rows have been read."""
        return self._at / max(len(self._rows), 1)

    def _value(self, path: Path) -> Any:  # noqa: ANN401  (any JSON value)
        try:
            value = read_json(path.read_bytes())
        except JsonRefused as error:
            said = str(error).replace("The body", f"{path}")
            raise SourceRefused(said) from error
        if is_old_page(value):
            raise SourceRefused(_OLD)
        if not isinstance(value, (dict, list)):
            said = f"{path} holds neither a service, nor a list of them, nor a page of a feed."
            raise SourceRefused(said)
        return value


def json_file(path: Path) -> Source:
    """Return what reads a file of JSON, by how it begins."""
    if path.stat().st_size > LARGEST_FILE:
        said = f"{path} is larger than {LARGEST_FILE // 1024**3} GiB. Import it in parts."
        raise SourceRefused(said)
    with path.open("rb") as file:
        line = file.readline(LONGEST_ROW + 2)
        while line and not line.strip():
            line = file.readline(LONGEST_ROW + 2)
    if not line:
        message = f"{path} holds nothing."
        raise SourceRefused(message)
    if len(line) > LONGEST_ROW:
        try:
            return Page(path)
        except SourceRefused:
            return Lines(path)  # which names the line
    return Lines(path) if _is_one_service(line) else Page(path)


def fingerprint_of(path: Path) -> str:
    """Return what tells the content of a file from every other."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _is_one_service(line: bytes) -> bool:
    """Say whether a line stands for itself: an object, or nothing that JSON could begin with."""
    start = line.strip()[:1]
    if start == b"[":
        return False
    try:
        value = read_json(line)
    except JsonRefused:
        # The first line of an object on many lines; else whatever is wrong is told line by line.
        return start != b"{" or line.strip() != b"{"
    return isinstance(value, dict) and rows_of(value) is None and not is_old_page(value)
