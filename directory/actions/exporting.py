"""Writing the directory down: a service on each line, or the tabular package.

The same records give the same bytes: everything comes by kind and id, members by name, and the zip
bears no date.
"""

import csv
import io
import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.resources import files
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, cast
from uuid import UUID

from sqlalchemy.orm import Session

from directory.queries.exporting import Outgoing, outgoing_others, outgoing_services
from directory.rules.documents import take_apart
from directory.rules.tabular import PROVENANCE, PROVENANCE_HEADER, Tabulator, tables
from directory.terms.records import ANYONE, RecordKind, Viewer

IN_MEMORY: Final = 4 * 1024**2
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


def write_lines(session: Session, viewer: Viewer, out: IO[bytes]) -> int:
    """Write each service that the viewer may see on a line, nested; return how many."""
    count = 0
    for count, one in enumerate(outgoing_services(session, viewer), 1):  # noqa: B007  (counts)
        out.write(line_of(one.document))
    return count


def line_of(document: Any) -> bytes:  # noqa: ANN401  (any JSON value)
    """Return a document as its line."""
    written = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"{written}\n".encode()


def write_package(session: Session, viewer: Viewer, about: Publication, out: IO[bytes]) -> int:
    """Write the tabular package, as a zip, of what the viewer may see; return how many services."""
    with ExitStack() as stack:
        package = _Package(stack)
        named: dict[RecordKind, set[UUID]] = {
            RecordKind.ORGANIZATION: set(),
            RecordKind.LOCATION: set(),
        }
        services = 0
        for services, one in enumerate(outgoing_services(session, viewer), 1):  # noqa: B007  (counts)
            for kind, document in take_apart(one.document).records:
                if kind in named:
                    named[kind].add(UUID(str(document["id"])))
                elif kind is RecordKind.SERVICE:
                    package.add(Outgoing(kind, one.id, document, one.provenance))
        for kind in RecordKind:
            if kind is not RecordKind.SERVICE:
                ids = sorted(named.get(kind, ()))
                for other in outgoing_others(session, kind, viewer, ids):
                    package.add(other)
        package.zip_into(out, about, viewer)
        return services


class _Package:
    """The files of a package while they are written, side by side."""

    def __init__(self, stack: ExitStack) -> None:
        headers = {one.file: one.header for one in tables().values()}
        headers[PROVENANCE] = PROVENANCE_HEADER
        self._files = {name: stack.enter_context(_spool()) for name in sorted(headers)}
        self._writers = {
            name: csv.writer(file, lineterminator="\r\n") for name, file in self._files.items()
        }
        for name, header in headers.items():
            self._writers[name].writerow(header)
        self._rows = Tabulator()
        self._sources: Counter[tuple[str, str]] = Counter()

    def add(self, one: Outgoing) -> None:
        """Write a record's rows."""
        for table, cells in self._rows.rows(one.kind, one.document):
            self._writers[tables()[table].file].writerow(cells)
        from_ = (one.provenance.source or "", one.provenance.licence or "")
        self._writers[PROVENANCE].writerow((one.kind.value, str(one.id), *from_))
        self._sources[from_] += 1

    def zip_into(self, out: IO[bytes], about: Publication, viewer: Viewer) -> None:
        """Write the zip: the tables, what describes them, and on what terms they are given."""
        with zipfile.ZipFile(out, "w") as packed:
            for name, file in self._files.items():
                file.seek(0)
                with packed.open(_entry(name), "w", force_zip64=True) as entry:
                    shutil.copyfileobj(cast("IO[bytes]", file.buffer), entry)
            described = files("directory").joinpath("standard", "datapackage.json").read_bytes()
            packed.writestr(_entry("datapackage.json"), described)
            told = "\n".join(_attribution(about, viewer, self._sources))
            packed.writestr(_entry("ATTRIBUTION.txt"), told.encode())


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
