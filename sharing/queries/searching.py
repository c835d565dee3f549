"""A reviewer's search of the log: pages of lines, newest first, each for a bounded amount of work.

1. What drives a search is the narrowest thing that an index keeps in the order of entries: a
   subject, an unmet duty, a practitioner, a mark that few lines bear, a client, an agency.
2. The other filters are held against what that brings, a window of so many lines at a time, and
   against so many windows for a page. A page that ends before it is full says where to go on.
3. The role that reads the whole log may begin with the rarest mark. An agency's own reader begins
   with its agency: row-level security lets no index of marks be used before it. It may not look
   for a subject.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.kernel.ids import first_id
from sharing.models.lines import LogLineRow, LogMarkRow
from sharing.models.log import LogSubjectRow, ObligationRow
from sharing.queries.log import EntryLine, entries_of
from sharing.rules.searching import marks_unwanted, marks_wanted, overdue_before
from sharing.terms.codes import Obligation
from sharing.terms.searching import Duty, LogSearch

WINDOW: Final = 20_000
MOST_WINDOWS: Final = 5
MOST_COUNTED: Final = 10_000
Lines = Select[*tuple[Any, ...]]
"""A statement that brings lines; only this module knows their columns."""
_MILLISECOND: Final = timedelta(milliseconds=1)
_COLUMNS: Final = (
    LogLineRow.id,
    LogLineRow.at,
    LogLineRow.source,
    LogLineRow.practitioner,
    LogLineRow.marks,
)


@dataclass(frozen=True, slots=True)
class Sought:
    """A search that was logged, by the entry `by`, which it does not find.

    `own` is the agency whose entries alone are open, None for the whole log. Where persons are
    looked for, they are digests and ids; `subjects` is None where none are. By `digests` are found
    those entries that ended before anybody was looked up.
    """

    search: LogSearch
    by: UUID
    at: datetime
    own: str | None
    practitioner: bytes | None
    subjects: tuple[UUID, ...] | None
    digests: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries, and the id after which the search goes on; None where it has ended."""

    entries: list[EntryLine]
    resume: UUID | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries fit; where it is not exact, there are more than these, or may be."""

    n: int
    exact: bool


def find(session: Session, sought: Sought, after: UUID | None, size: int) -> Found:
    """Return up to `size` entries that fit, from the one after `after` (1, 2)."""
    ids: list[UUID] = []
    resume: UUID | None = None
    for window in _windows(session, sought, after):
        fitting = _fitting(window, sought).order_by(window.line.c.id.desc())
        ids += session.scalars(fitting.limit(size + 1 - len(ids)))
        if len(ids) > size:
            return Found(entries_of(session, ids[:size]), ids[size - 1])
        resume = window.last
    return Found(entries_of(session, ids), resume)


def count(session: Session, sought: Sought) -> Count:
    """Return how many entries fit, looking at no more of them than a page may (2)."""
    n, more = 0, False
    for window in _windows(session, sought, None):
        fitting = _fitting(window, sought).limit(MOST_COUNTED + 1 - n).subquery()
        n += session.scalar(select(func.count()).select_from(fitting)) or 0
        if n > MOST_COUNTED:
            return Count(MOST_COUNTED, exact=False)
        more = window.last is not None
    return Count(n, exact=not more)


@dataclass(frozen=True)
class _Window:
    """So many lines, in the order of what drives the search."""

    session: Session
    line: Subquery

    @cached_property
    def last(self) -> UUID | None:
        """The last line of a full window; None where nothing follows."""
        ids = select(self.line.c.id).order_by(self.line.c.id.desc())
        return self.session.scalar(ids.offset(WINDOW - 1).limit(1))


def _windows(session: Session, sought: Sought, after: UUID | None) -> Iterator[_Window]:
    """Yield windows one after the other, as long as there is more and they are not too many."""
    rarest = None if sought.own else _rarest(session, sought.search)
    if rarest == 0:
        return
    upper = after
    for _ in range(MOST_WINDOWS):
        driver = _driver(sought, upper, rare=rarest is not None and rarest <= WINDOW)
        window = _Window(session, driver.limit(WINDOW).subquery("line"))
        yield window
        if window.last is None:
            return
        upper = window.last


def _rarest(session: Session, search: LogSearch) -> int | None:
    """Return how many lines bear the rarest mark that is wanted; None where none is."""
    wanted = marks_wanted(search)
    rows = session.execute(
        select(LogMarkRow.mark, LogMarkRow.lines).where(LogMarkRow.mark.in_(wanted))
    )
    lines = {row.mark: row.lines for row in rows}
    return min((lines.get(one, 0) for one in wanted), default=None)


def _driver(sought: Sought, upper: UUID | None, *, rare: bool) -> Lines:
    """Return the lines that the narrowest index brings, the newest first (1, 3)."""
    line, search = LogLineRow, sought.search
    agency = sought.own or search.agency
    found = select(*_COLUMNS)
    if sought.subjects is not None:
        person = LogSubjectRow
        found = found.join(person, person.id == line.id).where(_about(sought, sought.subjects))
        return _between(found, sought, person.id, upper)
    if search.duty is not None:
        return _between(found.where(_has_duty(sought, line.id)), sought, line.id, upper)
    if sought.practitioner is not None:
        found = found.where(line.practitioner == sought.practitioner)
    elif rare:
        found = found.where(line.marks.contains(list(marks_wanted(search))))
    elif search.client is not None:
        found = found.where(line.client == search.client)
    elif agency is not None:
        return _of_either_side(sought, agency, upper)
    elif search.source is not None:
        found = found.where(line.source == search.source)
    return _between(found, sought, line.id, upper)


def _of_either_side(sought: Sought, agency: str, upper: UUID | None) -> Lines:
    """Return the lines of an agency that asked, or was asked by another, merged in their order."""
    line = LogLineRow
    asked = select(*_COLUMNS).where(line.recipient == agency)
    held = select(*_COLUMNS).where(line.source == agency, line.recipient != agency)
    both = union_all(asked, held).subquery("both")
    return _between(select(both), sought, both.c.id, upper)


def _between(
    found: Lines,
    sought: Sought,
    line_id: Any,  # noqa: ANN401  (a column, mapped or not)
    upper: UUID | None,
) -> Lines:
    """Return what lies in the time wanted, by the instant that an id begins with."""
    search = sought.search
    bounds = [line_id != sought.by]
    if upper is not None:
        bounds.append(line_id < upper)
    if search.since is not None:
        bounds.append(line_id >= first_id(search.since))
    if search.until is not None:
        bounds.append(line_id < first_id(search.until + _MILLISECOND))
    return found.where(*bounds).order_by(line_id.desc())


def _about(sought: Sought, subjects: Collection[UUID]) -> ColumnElement[bool]:
    """Hold that an entry is about one of these, or asked and ended before anybody was looked up."""
    person = LogSubjectRow
    known = person.subject.in_(subjects)
    if not sought.digests:
        return known
    digests = bindparam("digests", list(sought.digests), ARRAY(LargeBinary))
    return or_(known, person.digests.overlap(digests))


def _fitting(window: _Window, sought: Sought) -> Lines:
    """Return the lines of a window that every filter lets through."""
    line, search = window.line.c, sought.search
    fits: list[ColumnElement[bool]] = []
    if wanted := marks_wanted(search):
        fits.append(line.marks.contains(list(wanted)))
    if unwanted := marks_unwanted(search):
        fits.append(not_(line.marks.overlap(list(unwanted))))
    if search.source is not None:
        fits.append(line.source == search.source)
    if search.since is not None:
        fits.append(line.at >= search.since)
    if search.until is not None:
        fits.append(line.at < search.until)
    if sought.practitioner is not None:
        fits.append(line.practitioner == sought.practitioner)
    if search.duty is not None:
        fits.append(_has_duty(sought, line.id))
    return select(line.id).where(*fits)


def _has_duty(sought: Sought, line_id: Any) -> ColumnElement[bool]:  # noqa: ANN401  (a column)
    """Hold that an entry brought a duty that is not met, and was to be by now if that is asked."""
    row = ObligationRow
    here = [row.entry_id == line_id, row.closed_at.is_(None)]
    if sought.search.duty is Duty.OVERDUE:
        late = {code: overdue_before(code, sought.at) for code in Obligation}
        here.append(
            or_(
                *(
                    and_(row.code == code.value, row.entry_id < first_id(before))
                    for code, before in late.items()
                    if before is not None
                )
            )
        )
    return exists().where(*here)
