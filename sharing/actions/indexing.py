"""Lines of the log are written in the order of its tree, each once, and what they add up to.

Ids are made before their transactions commit, so that to follow ids would pass over whoever commits
late; leaves are given out after. The lines, the counts and the place reached are one transaction.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.kernel.db import speak_for
from sharing.models.lines import LogIndexRow, LogLineRow, LogMarkRow, LogTallyRow
from sharing.queries.indexing import Contact, digests_of_workers, known_contacts, unindexed
from sharing.rules.lines import (
    first_contacts,
    line_of,
    marks_of,
    month_of,
    tallies_of,
    touched,
    worker_of,
)
from sharing.terms.lines import Hours, LogLine, Written

BATCH: Final = 1000
_INDEXER: Final = 0x5249474854534C4E  # "RIGHTSLN"; the triggers of migration 0026 wait for it
_COLUMNS: Final = frozenset(column.key for column in LogLineRow.__table__.columns)


def lead(session: Session) -> int | None:
    """Be the one that writes lines until this transaction ends; None where somebody else is.

    Returns the first leaf without a line. Nothing is erased meanwhile: what is read of an opening
    cannot outlive it.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(_INDEXER))):
        return None
    return session.scalar(select(LogIndexRow.next_leaf))


def index(session: Session, reading: Session, first: int, hours: Hours) -> int:
    """Write the lines of up to a thousand entries from a leaf on; return how many there were.

    `session` leads; `reading` sees the whole log, in a transaction that began since.
    """
    entries = unindexed(reading, first, BATCH)
    if not entries:
        return 0
    digests, lines = _lines(reading, entries, hours)
    rows = [_row(line, digest) for line, digest in zip(lines, digests, strict=True)]
    by_agency = attrgetter("recipient")
    for agency, own in groupby(sorted(lines, key=by_agency), by_agency):
        speak_for(session, agency)
        session.execute(insert(LogLineRow), [row for row in rows if row["recipient"] == agency])
        _count(session, list(own))
    _count_marks(session, rows)
    session.execute(update(LogIndexRow).values(next_leaf=entries[-1].leaf_index + 1))
    return len(entries)


def index_again(session: Session) -> None:
    """Forget every line, so that all are made anew; the session is the eraser's."""
    session.execute(text("select log_lines_again()"))


def _lines(
    reading: Session, entries: Sequence[Written], hours: Hours
) -> tuple[list[Any], list[LogLine]]:
    workers = [worker_of(one) for one in entries]
    named = [None if one is None else (one.agency, one.id) for one in workers]
    digests = digests_of_workers(reading, named)
    contacts = [
        None if digest is None or one.subject is None else Contact(digest, one.subject)
        for one, digest in zip(entries, digests, strict=True)
    ]
    known = known_contacts(reading, {one for one in contacts if one is not None})
    first = first_contacts(contacts, known)
    lines = [
        touched(line_of(one, hours), first=is_first)
        for one, is_first in zip(entries, first, strict=True)
    ]
    return digests, lines


def _row(line: LogLine, practitioner: bytes | None) -> dict[str, Any]:
    said = {name: value for name, value in asdict(line).items() if name in _COLUMNS}
    listed = {name: list(value) for name, value in said.items() if isinstance(value, tuple)}
    return said | listed | {"practitioner": practitioner, "marks": list(marks_of(line))}


def _count(session: Session, lines: Iterable[LogLine]) -> None:
    """Add the lines of one agency to the counts of their months; the session speaks for it."""
    counts = Counter(
        (month_of(line.at), line.recipient, line.source or "", one.what.value, one.which)
        for line in lines
        for one in tallies_of(line)
    )
    keys = ("month", "recipient", "source", "what", "which")
    values = [dict(zip(keys, key, strict=True)) | {"n": n} for key, n in sorted(counts.items())]
    row = upsert(LogTallyRow)
    added = row.on_conflict_do_update(
        index_elements=keys, set_={"n": LogTallyRow.n + row.excluded.n}
    )
    session.execute(added, values)


def _count_marks(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    counts = Counter(mark for row in rows for mark in row["marks"])
    row = upsert(LogMarkRow)
    added = row.on_conflict_do_update(
        index_elements=["mark"], set_={"lines": LogMarkRow.lines + row.excluded.lines}
    )
    session.execute(added, [{"mark": mark, "lines": n} for mark, n in sorted(counts.items())])
