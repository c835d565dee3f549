"""The tabular package of Open Referral UK 3.0: seventeen CSV files, in a folder or a zip.

The rows wait in a temporary table beside the program, not in memory, since what belongs to one
service stands in many files. All of them are read before anything is taken in.
"""

import json
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from app.kernel.strict_json import JsonRefused, read_json
from directory.cli.sources.containers import Container, Folder, Zip
from directory.cli.sources.reading import Source
from directory.rules.tabular import (
    BELOW,
    EXTRA,
    OWNERS,
    PROVENANCE,
    PROVENANCE_HEADER,
    ROOTS,
    Members,
    Row,
    Table,
    header_faults,
    members_of,
    owner_of,
    patched,
    tables,
    unguarded,
)
from directory.terms.exchange import Note, Seen, SourceRefused, SourceRow, Taken
from directory.terms.records import RecordKind

_MAKE: Final = """
create table cells (number integer primary key, of text, line integer, id text, owner text,
  row text);
create table provenance (kind text, id text, source text, licence text, primary key (kind, id));
"""
_INDEXES: Final = """
create index cells_owner on cells (of, owner, number);
create index cells_id on cells (id);
"""
_ADD: Final = "insert into cells (of, line, id, owner, row) values (?, ?, ?, ?, ?)"
_CAME_FROM: Final = "insert or ignore into provenance values (?, ?, ?, ?)"


class Package(Source):
    """A tabular package; `SourceRefused` if a file or a column is missing or is none of its own."""

    def __init__(self, path: Path) -> None:
        self.name, self._done = str(path), 0
        self._waiting = sqlite3.connect("")  # a file that goes away with the connection
        self._waiting.executescript(_MAKE)
        container: Container = Folder(path) if path.is_dir() else Zip(path)
        try:
            self.fingerprint = container.fingerprint
            self._load(container)
        finally:
            container.close()
        self._waiting.executescript(_INDEXES)
        counted = [self._count(root) for root in ROOTS]
        self.expected = sum(counted)

    def rows(self, after: int, before: Seen) -> Iterator[Taken]:  # noqa: ARG002  (a file stays as it is: rows are counted)
        """Yield the rows after so many: those that belong to nothing, then records."""
        yield from islice(self._rows(), after, None)

    def part_done(self) -> float | None:
        """Return how many of the records have been read."""
        return self._done / max(self.expected or 0, 1)

    def close(self) -> None:
        """Let the waiting rows go."""
        self._waiting.close()

    def _load(self, container: Container) -> None:
        """Have the rows of all files wait, once the header of each has been found right."""
        missing = {one.file for one in tables().values()} - container.names
        if missing:
            message = (
                f"{self.name} lacks {', '.join(sorted(missing))}. A package has all seventeen "
                "files; one without rows holds its header alone. Nothing was taken in."
            )
            raise SourceRefused(message)
        wrong = [
            f"{table.file}: {fault}"
            for table in tables().values()
            for fault in header_faults(table, next(container.lines(table.file), []))
        ]
        if wrong:
            message = f"{self.name}: {'; '.join(wrong[:20])}. Nothing was taken in."
            raise SourceRefused(message)
        for table in tables().values():
            self._waiting.executemany(_ADD, _rows_of(table, container))
        if PROVENANCE in container.names:
            lines = container.lines(PROVENANCE)
            if tuple(next(lines, ())) != PROVENANCE_HEADER:
                message = f"{PROVENANCE}: the columns must be {', '.join(PROVENANCE_HEADER)}."
                raise SourceRefused(message)
            whole = (one for one in lines if len(one) == len(PROVENANCE_HEADER))
            rows = ((kind, of, *map(unguarded, said)) for kind, of, *said in whole)
            self._waiting.executemany(_CAME_FROM, rows)

    def _count(self, table: str) -> int:
        found = self._waiting.execute("select count(*) from cells where of = ?", (table,))
        return int(found.fetchone()[0])

    def _rows(self) -> Iterator[Taken]:
        yield from self._orphans()
        for root in ROOTS:
            found = self._waiting.execute(
                "select line, id, row from cells where of = ? order by number", (root,)
            )
            for line, one, row in found:
                self._done += 1
                yield self._record(tables()[root], line, one, row)

    def _orphans(self) -> Iterator[Note]:
        """Yield the rows that name an owner which the package lacks, or none."""
        wanted = (
            "select of, line, owner from cells where of = ? and not exists "
            "(select 1 from cells as whole where whole.id = cells.owner) order by number"
        )
        for table, columns in OWNERS.items():
            for of, line, owner in self._waiting.execute(wanted, (table,)).fetchall():
                said = f"Nothing in the package has the id {owner[:64]!r} that this row belongs to."
                yield Note(f"{tables()[of].file}, row {line}", f"/{columns[0]}", said, refused=True)

    def _record(self, table: Table, line: int, one: str, row: str) -> Taken:
        place = f"{table.file}, row {line}"
        try:
            document = self._object(table, row)
        except JsonRefused as error:
            said = str(error).replace("The body", "The column extra of this row, or one below it,")
            return Note(place, f"/{EXTRA}", said, refused=True)
        wanted = "select source, licence from provenance where kind = ? and id = ?"
        found = self._waiting.execute(wanted, (table.name, one)).fetchone() or (None, None)
        return SourceRow(place, RecordKind(table.name), document, *found)

    def _object(self, table: Table, written: str) -> Members:
        """Return the object that a row holds, with what belongs to it from other tables."""
        row: Row = json.loads(written)
        members = members_of(table, row)
        for below in BELOW.get(table.name, ()):
            found = self._waiting.execute(
                "select row from cells where of = ? and owner = ? order by number",
                (below.table, row["id"].lower()),
            ).fetchall()
            if found:
                of = tables()[below.table]
                members[below.member] = [self._object(of, one) for (one,) in found]
        return patched(members, _extra(row))


def _rows_of(table: Table, container: Container) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield the rows of a file, each with its id and that of what it belongs to."""
    lines = container.lines(table.file)
    header = next(lines)
    for line, cells in enumerate(lines, 2):
        if len(cells) not in {0, len(header)}:
            message = (
                f"{table.file}, row {line}: {len(cells)} cells where the header names "
                f"{len(header)} columns. Nothing was taken in."
            )
            raise SourceRefused(message)
        if cells:
            row = {name: cell for name, cell in zip(header, cells, strict=True) if cell}
            row["id"] = row.get("id", "")
            owner = owner_of(table.name, row).lower()
            yield table.name, line, row["id"].lower(), owner, json.dumps(row)


def _extra(row: Row) -> Members:
    found = read_json(row.get(EXTRA) or "{}")
    if not isinstance(found, dict):
        message = "The body is no JSON object."
        raise JsonRefused(message)
    return found
