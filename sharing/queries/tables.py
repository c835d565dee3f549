"""Entries of the log as a table, formatted by PostgreSQL itself (`COPY`), and naming nobody.

A row says what an entry's facts say; the half that can be erased is sealed, and not read here. It
is read slice by slice, in the order in which entries were made, each slice in a transaction of its
own: whoever reads slowly holds nothing open, and no more than a slice is ever in memory. What is
committed meanwhile with an earlier instant may be missing at the very end.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.ids import first_id
from sharing.models.log import LogEntryRow

if TYPE_CHECKING:
    import psycopg

ROWS_IN_A_SLICE: Final = 10_000
_MILLISECOND: Final = timedelta(milliseconds=1)
_INSTANT: Final = """to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
# What a leaf looks like is fixed: its kind is what stands between the ninth quote and the tenth.
_KIND: Final = "split_part(convert_from(leaf, 'UTF8'), '\"', 10)"
_AGREEMENTS: Final = "jsonb_path_query_array(said, '$.grounds[*].agreement')::text"


def _said(name: str) -> str:
    return f"said ->> '{name}'"


def _listed(written: str) -> str:
    """Return the codes of a JSON array, with blanks between: no code holds what is left out."""
    return f"""translate({written}, '[]",', '')"""


_CELLS: Final[Mapping[str, str]] = {
    "id": "id",
    "at": _INSTANT,
    "entry": _KIND,
    "recipient": "recipient",
    "source": "source",
    "outcome": "outcome",
    "code": _said("code"),
    "ground": _said("ground"),
    "client": _said("client"),
    "kind": _said("kind"),
    "purpose": _said("purpose"),
    "basis": _said("basis"),
    "categories": _listed(_said("categories")),
    "disclosed": _listed(_said("disclosed")),
    "records": _said("record_count"),
    "agreements": _listed(_AGREEMENTS),
    "override": _said("override"),
    "flags": _listed(_said("flags")),
    "obligations": _listed(_said("obligations")),
    "assurance": _said("assurance"),
    "act": _said("act"),
    "settings": _said("settings"),
    "leaf_hash": "encode(leaf_hash, 'hex')",
}
_OURS: Final = frozenset({"id", "at", "entry", "leaf_hash"})
HEADING: Final = ",".join(_CELLS).encode() + b"\n"
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time whose entries are wanted: `since <= at < until`."""

    until: datetime
    since: datetime = EARLIEST


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of the table, as they are written, and how many there are."""

    content: bytes
    rows: int


def _cell(name: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    if name in _OURS:
        return f'v."{name}"'
    formula = rf"""v."{name}" <> ltrim(v."{name}", E'=+-@\t\r\n')"""
    return f"""case when {formula} then '''' else '' end || v."{name}" """


# The fences keep facts from being parsed, and cells from being made, once for each use.
_COPY: Final = f"""
copy (
  select {", ".join(_cell(name) for name in _CELLS)}
  from (
    select {", ".join(f'{value} as "{name}"' for name, value in _CELLS.items())}
    from (
      select id, at at time zone 'UTC' as at, recipient, source, outcome, leaf, leaf_hash,
        convert_from(facts, 'UTF8')::jsonb as said
      from log_entry
      where id > %(after)s and id <= %(last)s and at >= %(since)s and at < %(until)s
      order by id
      offset 0
    ) entry
    offset 0
  ) v
) to stdout (format csv)
"""  # noqa: S608  (made of the constants above)


def table(
    reading: Callable[[], AbstractContextManager[Session]],
    wanted: Stretch,
    rows: int = ROWS_IN_A_SLICE,
) -> Iterator[Slice]:
    """Yield the table of the entries of a stretch: its heading, then slice by slice its rows.

    `reading` opens a transaction that reads the whole log; `rows` are those of a slice.
    """
    yield Slice(HEADING, 0)
    after, end = first_id(wanted.since), first_id(wanted.until + _MILLISECOND)
    while after < end:
        with reading() as session:
            last = _last_of_slice(session, after, end, rows)
            found = _rows(session, after, last, wanted)
        yield found
        after = last


def _last_of_slice(session: Session, after: UUID, end: UUID, rows: int) -> UUID:
    row = LogEntryRow
    ids = select(row.id).where(row.id > after, row.id <= end).order_by(row.id)
    return session.scalar(ids.offset(rows - 1).limit(1)) or end


def _rows(session: Session, after: UUID, last: UUID, wanted: Stretch) -> Slice:
    asked = {"after": after, "last": last, "since": wanted.since, "until": wanted.until}
    cursor = cast("psycopg.Cursor[Any]", session.connection().connection.cursor())
    with cursor, cursor.copy(_COPY, asked) as copied:
        written = list(copied)  # the server sends a row at a time
    return Slice(b"".join(written), len(written))
