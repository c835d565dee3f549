"""The tabular package while it is made: tables side by side, then the zip of them.

It is made in steps, and says after each that it has done one: whoever serves others at the same
time lets them have their turn between two. What is long waits in temporary files, not in memory.
"""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.resources import files
from tempfile import SpooledTemporaryFile
from typing import IO, Final, Self, cast
from uuid import UUID

from sqlalchemy.orm import Session

from directory.queries.exporting import (
    Outgoing,
    outgoing_others,
    outgoing_services,
)
from directory.rules.documents import take_apart
from directory.rules.tabular import PROVENANCE, PROVENANCE_HEADER, Tabulator, guarded, tables
from directory.terms.records import ANYONE, RecordKind, Viewer

IN_MEMORY: Final = 256 * 1024
_PART: Final = 64 * 1024
_STEP: Final = 25
PUBLICATION: Final = "rightshare.publication"
"""Key of the `Publication` among an application's extensions."""
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_POSITIONS: Final = (
    "Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data © Royal "
    "Mail copyright and database right 2025. Contains National Statistics data © Crown copyright "
    "and database right 2025."
)
_STANDARD: Final = (
    "The form of the tables: Human Services Data Specification UK, an Open Referral UK resource "
    "(https://openreferraluk.org/), built upon the Human Services Data Specification, an Open "
    "Referral resource (https://openreferral.org/); datapackage.json is theirs, under CC BY-SA 4.0."
)
_OURS: Final = (
    "The column extra of each table holds what the other columns cannot: a JSON object whose "
    "members take the place of what the tables say, null for a member that is not there. "
    "provenance.csv says where each record came from. A ' before =, +, -, @ or a tab keeps "
    "spreadsheets from running a cell: take it away."
)


@dataclass(frozen=True, slots=True)
class Publication:
    """Who publishes an export, and on what terms."""

    publisher: str
    licence: str


class Package:
    """A package of what a viewer may see: what it holds is gathered, then packed.

    `services` says how many it holds. Whoever makes one closes it, as `with` does.
    """

    def __init__(self, viewer: Viewer) -> None:
        self.services = 0
        self._viewer = viewer
        self._open = ExitStack()
        headers = {one.file: one.header for one in tables().values()}
        headers[PROVENANCE] = PROVENANCE_HEADER
        self._files = {name: self._open.enter_context(_spool()) for name in sorted(headers)}
        self._writers = {
            name: csv.writer(file, lineterminator="\r\n") for name, file in self._files.items()
        }
        for name, header in headers.items():
            self._writers[name].writerow(header)
        self._rows = Tabulator()
        self._sources: Counter[tuple[str, str]] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def gather(self, session: Session) -> Iterator[None]:
        """Read the records and write their rows; yields after some of them.

        The session's transaction is one that sees all of them at one instant.
        """
        named: dict[RecordKind, set[UUID]] = {
            RecordKind.ORGANIZATION: set(),
            RecordKind.LOCATION: set(),
        }
        yield from _in_steps(self._gather_services(session, named))
        yield from _in_steps(self._gather_others(session, named))

    def zip_into(self, out: IO[bytes], about: Publication) -> Iterator[None]:
        """Write the zip: the tables, what describes them, and on what terms they are given."""
        with zipfile.ZipFile(out, "w") as packed:
            for name, file in self._files.items():
                file.seek(0)
                with packed.open(_entry(name), "w", force_zip64=True) as entry:
                    while part := cast("IO[bytes]", file.buffer).read(_PART):
                        entry.write(part)
                        yield
            described = files("directory").joinpath("standard", "datapackage.json").read_bytes()
            packed.writestr(_entry("datapackage.json"), described)
            told = "\n".join(_attribution(about, self._viewer, self._sources))
            packed.writestr(_entry("ATTRIBUTION.txt"), told.encode())

    def _gather_services(
        self, session: Session, named: Mapping[RecordKind, set[UUID]]
    ) -> Iterator[None]:
        """Write services, and note which organizations and places they name."""
        for one in outgoing_services(session, self._viewer):
            for kind, document in take_apart(one.document).records:
                if kind in named:
                    named[kind].add(UUID(str(document["id"])))
                elif kind is RecordKind.SERVICE:
                    self._add(Outgoing(kind, one.id, document, one.provenance))
            self.services += 1
            yield

    def _gather_others(
        self, session: Session, named: Mapping[RecordKind, set[UUID]]
    ) -> Iterator[None]:
        """Write the records of every other kind, of organizations and places those to be seen."""
        for kind in RecordKind:
            if kind is not RecordKind.SERVICE:
                ids = sorted(named.get(kind, ()))
                for one in outgoing_others(session, kind, self._viewer, ids):
                    self._add(one)
                    yield

    def _add(self, one: Outgoing) -> None:
        for table, cells in self._rows.rows(one.kind, one.document):
            self._writers[tables()[table].file].writerow(cells)
        from_ = (one.provenance.source or "", one.provenance.licence or "")
        self._writers[PROVENANCE].writerow((one.kind.value, str(one.id), *map(guarded, from_)))
        self._sources[from_] += 1


def _in_steps(records: Iterable[None]) -> Iterator[None]:
    """Go through records, and yield after some of them."""
    for number, _ in enumerate(records, 1):
        if number % _STEP == 0:
            yield


def _attribution(
    about: Publication, viewer: Viewer, sources: Counter[tuple[str, str]]
) -> Iterator[str]:
    yield f"Published by {about.publisher}."
    if viewer == ANYONE:
        yield f"Licence: {about.licence}"
    else:
        yield f"For practitioners of {viewer.agency} alone: this holds what is not public."
    yield from ("", _POSITIONS, "", _STANDARD, "", _OURS, "", "Where the records come from:")
    for (source, licence), count in sorted(sources.items()):
        named, terms = source or "this directory itself", licence or "as above"
        yield f"{count:,} from {named}; licence: {terms}"
    yield ""


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _spool() -> io.TextIOWrapper:
    """Return text that waits in memory, or in a temporary file once it is long."""
    waiting = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (what wraps it closes it)
    return io.TextIOWrapper(waiting, encoding="utf-8", newline="")
