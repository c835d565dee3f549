"""The files of a tabular package, whether they lie in a folder or in a zip."""

import csv
import io
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from directory.cli.sources.lines import LARGEST_FILE, fingerprint_of
from directory.terms.exchange import LONGEST_ROW, SourceRefused

MOST_ENTRIES: Final = 100
MOST_RATIO: Final = 200
"""How many times its packed size a file may have: tables of text have ten or twenty."""
SMALL: Final = 16 * 1024**2
"""Bytes that no ratio is asked of."""
LONGEST_CELL: Final = LONGEST_ROW


class Container(ABC):
    """Files by name, read as CSV in UTF-8."""

    names: frozenset[str]
    fingerprint: str

    @abstractmethod
    def _open(self, name: str) -> IO[bytes]:
        """Open one of the files."""

    @abstractmethod
    def close(self) -> None:
        """Close what is open."""

    def lines(self, name: str) -> Iterator[list[str]]:
        """Yield the lines of a file as cells; `SourceRefused` names file and line of a fault."""
        csv.field_size_limit(LONGEST_CELL)
        number = 0
        with io.TextIOWrapper(self._open(name), encoding="utf-8-sig", newline="") as text:
            try:
                for number, cells in enumerate(csv.reader(text, strict=True), 1):  # noqa: B007  (told when the next line is at fault)
                    yield cells
            except csv.Error as error:
                message = f"{name}, after row {number}: {error}. Nothing was taken in."
                raise SourceRefused(message) from error
            except UnicodeDecodeError as error:
                message = f"{name}, after row {number}: this is not UTF-8. Nothing was taken in."
                raise SourceRefused(message) from error
            except (zipfile.BadZipFile, EOFError) as error:
                message = f"{name} cannot be unpacked: {error}. Nothing was taken in."
                raise SourceRefused(message) from error


class Folder(Container):
    """A folder with the files in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.names = frozenset(one.name for one in path.glob("*.csv") if one.is_file())
        marks = (f"{name} {fingerprint_of(path / name)}" for name in sorted(self.names))
        self.fingerprint = sha256("\n".join(marks).encode()).hexdigest()

    def _open(self, name: str) -> IO[bytes]:
        return (self._path / name).open("rb")

    def close(self) -> None:
        """Nothing stays open."""


class Zip(Container):
    """A zip with the files in it, at its top or all in folders of it; refused if it is a bomb."""

    def __init__(self, path: Path) -> None:
        self.fingerprint = fingerprint_of(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            message = f"{path} is no zip that can be read."
            raise SourceRefused(message) from error
        entries = [one for one in self._zip.infolist() if not one.is_dir()]
        if len(entries) > MOST_ENTRIES:
            message = f"{path} holds {len(entries)} files. A package holds some twenty."
            raise SourceRefused(message)
        self._entries: Mapping[str, zipfile.ZipInfo] = {
            Path(one.filename).name: one for one in entries
        }
        self.names = frozenset(self._entries)
        _refuse_bombs(path, entries)

    def _open(self, name: str) -> IO[bytes]:
        # zipfile gives no more than the size that the entry declares, and checks what it gave.
        return self._zip.open(self._entries[name])

    def close(self) -> None:
        """Close the zip."""
        self._zip.close()


def _refuse_bombs(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if sum(one.file_size for one in entries) > LARGEST_FILE:
        message = f"{path} unpacks to more than {LARGEST_FILE // 1024**3} GiB. It is not unpacked."
        raise SourceRefused(message)
    for one in entries:
        if one.flag_bits & 1:
            message = f"{path}: {one.filename} is encrypted. Send it without a password."
            raise SourceRefused(message)
        if one.file_size > max(SMALL, MOST_RATIO * one.compress_size):
            message = f"{path}: {one.filename} would unpack to {MOST_RATIO} times its size or more."
            raise SourceRefused(message)
