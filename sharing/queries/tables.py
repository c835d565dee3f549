"""Entries of the log as a table, formatted by PostgreSQL itself (`COPY`), and naming nobody.

A row is the line that reviewers see of an entry: codes, and nothing that leads to a person. What an
entry says is not parsed again, which would take three times as long. It is read slice by slice, in
the order in which entries were made, each slice in a transaction of its own: whoever reads slowly
holds nothing open, and no more than a slice is ever in memory. An entry has its line a second or so
after its place in the tree; one that has none yet is not in the table.
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
from sharing.models.lines import LogLineRow

if TYPE_CHECKING:
    import psycopg

ROWS_IN_A_SLICE: Final = 10_000
_MILLISECOND: Final = timedelta(milliseconds=1)
_INSTANT: Final = """to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _listed(column: str) -> str:
    """Return the codes of an array with blanks between, which no code holds."""
    return f"array_to_string({column}, ' ')"


def _safe(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: `= + - @`, tab and line breaks."""
    return (
        f"case when ascii({value}) in (61, 43, 45, 64, 9, 10, 13) then '''' else '' end || {value}"
    )


_CELLS: Final[Mapping[str, str]] = {
    "id": "id",
    "at": _INSTANT,
    "leaf": "leaf_index",
    "entry": _safe("entry_kind"),
    "recipient": _safe("recipient"),
    "source": _safe("source"),
    "outcome": _safe("outcome"),
    "code": _safe("code"),
    "grounds": _safe(_listed("grounds")),
    "client": _safe("client"),
    "kind": _safe("kind"),
    "purpose": _safe("purpose"),
    "basis": _safe("basis"),
    "categories": _safe(_listed("categories")),
    "disclosed": _safe(_listed("disclosed")),
    "records": "records",
    "agreements": _safe(_listed("agreements")),
    "override": _safe("override"),
    "flags": _safe(_listed("flags")),
    "act": _safe("act"),
    "out_of_hours": "out_of_hours",
    "first_contact": "first_contact",
}
HEADING: Final = ",".join(_CELLS).encode() + b"\n"
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COPY: Final = f"""
copy (
  select {", ".join(_CELLS.values())} from log_line
  where id > %(after)s and id <= %(last)s and at >= %(since)s and at < %(until)s
  order by id
) to stdout (format csv)
"""  # noqa: S608  (made of the constants above)


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
    row = LogLineRow
    ids = select(row.id).where(row.id > after, row.id <= end).order_by(row.id)
    return session.scalar(ids.offset(rows - 1).limit(1)) or end


def _rows(session: Session, after: UUID, last: UUID, wanted: Stretch) -> Slice:
    asked = {"after": after, "last": last, "since": wanted.since, "until": wanted.until}
    cursor = cast("psycopg.Cursor[Any]", session.connection().connection.cursor())
    with cursor, cursor.copy(_COPY, asked) as copied:
        written = list(copied)  # the server sends a row at a time
    return Slice(b"".join(written), len(written))
