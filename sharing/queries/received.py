"""Everything that a client was told between two instants: for a breach, within 72 hours.

UK GDPR, Article 33: whose data, of which categories, and how many, must be said in three days.
PostgreSQL finds a client's lines by an index in the order of time, and writes them as they go out,
slice by slice: no more than a slice is ever in memory, whatever a client was told.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel.ids import first_id
from sharing.models.lines import LogLineRow
from sharing.rules.telling import TOLD

if TYPE_CHECKING:
    import psycopg

ROWS_IN_A_SLICE: Final = 10_000
_MILLISECOND: Final = timedelta(milliseconds=1)
_AT: Final = """to_char(line.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_COLUMNS: Final = {
    "entry": "line.id",
    "at": _AT,
    "recipient": "line.recipient",
    "source": "line.source",
    "purpose": "line.purpose",
    "basis": "line.basis",
    "categories": "line.disclosed",
    "records": "line.records",
    "agreements": "line.agreements",
    "subject": "person.subject",
}
_LISTS: Final = ("categories", "agreements")
HEADING: Final = ",".join(_COLUMNS).encode() + b"\n"


class Form(StrEnum):
    """How what was received is written down."""

    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Received:
    """Whose receipts are wanted: `since <= at < until`."""

    client: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Total:
    """How much a client was told, and about how many; an erased subject is nobody any more."""

    entries: int
    subjects: int
    records: int
    categories: tuple[str, ...]


_FROM: Final = """
  from log_line line left join log_subject person on person.id = line.id
  where line.client = %(client)s and line.outcome = any (%(told)s)
    and line.id > %(after)s and line.id <= %(last)s
    and line.at >= %(since)s and line.at < %(until)s
"""


def _rows(columns: Mapping[str, str]) -> str:
    named = ", ".join(f'{value} as "{name}"' for name, value in columns.items())
    return f"select {named} {_FROM} order by line.id"


_JOINED: Final = {name: f"array_to_string({_COLUMNS[name]}, ' ')" for name in _LISTS}
# JSON escapes control characters, so those two never come: each row goes out as it is.
_COPY: Final = {
    Form.CSV: f"copy ({_rows(_COLUMNS | _JOINED)}) to stdout (format csv)",
    Form.JSON: (
        f"copy (select row_to_json(found) from ({_rows(_COLUMNS)}) found)"  # noqa: S608  (as above)
        " to stdout (format csv, quote E'\\x01', delimiter E'\\x02')"
    ),
}
_TOTAL: Final = text("""
with told as materialized (
  select line.disclosed, line.records, person.subject
  from log_line line left join log_subject person on person.id = line.id
  where line.client = :client and line.outcome = any (:told) and line.id > :after
    and line.id <= :last and line.at >= :since and line.at < :until
)
select count(*) as entries, count(distinct subject) as subjects,
  coalesce(sum(records), 0) as records,
  array(select distinct one from told, unnest(disclosed) one order by 1) as categories
from told
""")

Reading = Callable[[], AbstractContextManager[Session]]
"""Opens a transaction that reads what the asker may."""


def total(session: Session, wanted: Received) -> Total:
    """Return what a client was told, in numbers."""
    row = session.execute(_TOTAL, _bounds(wanted)).one()
    return Total(row.entries, row.subjects, int(row.records), tuple(row.categories))


def written(reading: Reading, wanted: Received, form: Form) -> Iterator[bytes]:
    """Yield what a client was told, the oldest first, a slice at a time.

    CSV begins with its heading; of JSON each row is an object on a line of its own.
    """
    if form is Form.CSV:
        yield HEADING
    bounds = _bounds(wanted)
    after, end = bounds["after"], bounds["last"]
    while after < end:
        with reading() as session:
            last = _last_of_slice(session, wanted.client, after, end)
            part = _copied(session, form, bounds | {"after": after, "last": last})
        yield part
        after = last


def _bounds(wanted: Received) -> dict[str, Any]:
    return {
        "client": wanted.client,
        "told": list(TOLD),
        "since": wanted.since,
        "until": wanted.until,
        "after": first_id(wanted.since),
        "last": first_id(wanted.until + _MILLISECOND),
    }


def _last_of_slice(session: Session, client: str, after: UUID, end: UUID) -> UUID:
    row = LogLineRow
    ids = select(row.id).where(row.client == client, row.id > after, row.id <= end)
    return session.scalar(ids.order_by(row.id).offset(ROWS_IN_A_SLICE - 1).limit(1)) or end


def _copied(session: Session, form: Form, bounds: dict[str, Any]) -> bytes:
    cursor = cast("psycopg.Cursor[Any]", session.connection().connection.cursor())
    with cursor, cursor.copy(_COPY[form], bounds) as copied:
        return b"".join(copied)
