"""A reviewer's search of the log: pages of lines, newest first, each for a bounded amount of work.

1. What drives a search is the narrowest thing that an index keeps in the order of entries: a
   subject, an unmet duty, a practitioner, a mark that few lines bear, a client, an agency.
2. The other filters are held against what that brings, a window of so many lines at a time, and
   against so many windows for a page. A page that ends before it is full says where to go on.
3. The role that reads the whole log may begin with the rarest mark. An agency's own reader begins
   with its agency: row-level security lets no index of marks be used before it. It may not look
   for a subject.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    text,
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

WINDOW: Final = 5_000
MOST_WINDOWS: Final = 4
RARE: Final = 20_000
MOST_COUNTED: Final = 10_000
Conditions = tuple[ColumnElement[bool], ...]
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
    _in_order(session, sought)
    drivers = _drivers(session, sought)
    ids: list[UUID] = []
    upper = after
    for _ in range(MOST_WINDOWS):
        wanted = size + 1 - len(ids)
        parts = [_look(session, sought, driver, upper, wanted) for driver in drivers]
        # Below where one of them stopped, what the others found is not yet in its order.
        floor = max((one.floor for one in parts if one.floor is not None), default=None)
        seen = (one for part in parts for one in part.ids if floor is None or one >= floor)
        ids += sorted(seen, reverse=True)
        if len(ids) > size:
            return Found(entries_of(session, ids[:size]), ids[size - 1])
        if floor is None:
            return Found(entries_of(session, ids), None)
        upper = floor
    return Found(entries_of(session, ids), upper)


def count(session: Session, sought: Sought) -> Count:
    """Return how many entries fit, looking at no more of them than a page may (2)."""
    _in_order(session, sought)
    n, exact = 0, True
    for driver in _drivers(session, sought):
        upper: UUID | None = None
        for _ in range(MOST_WINDOWS):
            line = _window(sought, driver, upper)
            fitting = _fitting(line, sought).limit(MOST_COUNTED + 1 - n).subquery()
            n += session.scalar(select(func.count()).select_from(fitting)) or 0
            if n > MOST_COUNTED:
                return Count(MOST_COUNTED, exact=False)
            upper = _last(session, line)
            if upper is None:
                break
        exact = exact and upper is None
    return Count(n, exact=exact)


@dataclass(frozen=True, slots=True)
class _Driver:
    """What brings lines in their order: a statement, and its column of ids."""

    lines: Lines
    id: Any


@dataclass(frozen=True, slots=True)
class _Part:
    """What one driver found; nothing is known below `floor`, where it stopped."""

    ids: list[UUID]
    floor: UUID | None


def _look(
    session: Session, sought: Sought, driver: _Driver, upper: UUID | None, wanted: int
) -> _Part:
    """Look through a window of a driver for so many lines that fit."""
    line = _window(sought, driver, upper)
    found = _fitting(line, sought).order_by(line.c.id.desc()).limit(wanted)
    ids = list(session.scalars(found))
    return _Part(ids, ids[-1] if len(ids) == wanted else _last(session, line))


def _window(sought: Sought, driver: _Driver, upper: UUID | None) -> Subquery:
    """Return so many lines of a driver as are looked at in one go, the newest first."""
    search, bounds = sought.search, [driver.id != sought.by]
    if upper is not None:
        bounds.append(driver.id < upper)
    if search.since is not None:
        bounds.append(driver.id >= first_id(search.since))
    if search.until is not None:
        bounds.append(driver.id < first_id(search.until + _MILLISECOND))
    lines = driver.lines.where(*bounds).order_by(driver.id.desc())
    return lines.limit(WINDOW).subquery("line")


def _last(session: Session, line: Subquery) -> UUID | None:
    """Return the last line of a full window; None where nothing follows."""
    ids = select(line.c.id).order_by(line.c.id.desc())
    return session.scalar(ids.offset(WINDOW - 1).limit(1))


def _in_order(session: Session, sought: Sought) -> None:
    """Have an agency's lines read in the order of their index.

    PostgreSQL takes the condition of row-level security for rarer than it is: it would gather
    every line of the agency, and sort them, for each page.
    """
    if sought.own is not None:
        session.execute(text("set local enable_bitmapscan = off"))
        session.execute(text("set local enable_sort = off"))


def _rarest(session: Session, search: LogSearch) -> int | None:
    """Return how many lines bear the rarest mark that is wanted; None where none is."""
    wanted = marks_wanted(search)
    rows = session.execute(
        select(LogMarkRow.mark, LogMarkRow.lines).where(LogMarkRow.mark.in_(wanted))
    )
    lines = {row.mark: row.lines for row in rows}
    return min((lines.get(one, 0) for one in wanted), default=None)


def _drivers(session: Session, sought: Sought) -> tuple[_Driver, ...]:
    """Return what brings the lines, by the narrowest index; none where nothing fits (1, 3)."""
    rarest = None if sought.own else _rarest(session, sought.search)
    if rarest == 0:
        return ()
    line, person = LogLineRow, LogSubjectRow
    lines: Lines = select(*_COLUMNS)
    if sought.subjects is not None:
        about = lines.join(person, person.id == line.id).where(_about(sought, sought.subjects))
        return (_Driver(about, person.id),)
    sides = _sides(sought, rare=rarest is not None and rarest <= RARE)
    return tuple(_Driver(lines.where(*one), line.id) for one in sides)


def _sides(sought: Sought, *, rare: bool) -> tuple[Conditions, ...]:
    """Return what an index is to be asked for; two things for an agency, that asked or was asked.

    They are looked through side by side: merged by PostgreSQL they would all be sorted first.
    """
    line, search = LogLineRow, sought.search
    agency = sought.own or search.agency
    if search.duty is not None:
        return ((_has_duty(sought, line.id),),)
    if sought.practitioner is not None:
        return ((line.practitioner == sought.practitioner,),)
    if rare:
        return ((line.marks.contains(list(marks_wanted(search))),),)
    if search.client is not None:
        return ((line.client == search.client,),)
    if agency is not None:
        return ((line.recipient == agency,), (line.source == agency, line.recipient != agency))
    return ((),) if search.source is None else ((line.source == search.source,),)


def _about(sought: Sought, subjects: Collection[UUID]) -> ColumnElement[bool]:
    """Hold that an entry is about one of these, or asked and ended before anybody was looked up."""
    person = LogSubjectRow
    known = person.subject.in_(subjects)
    if not sought.digests:
        return known
    digests = bindparam("digests", list(sought.digests), ARRAY(LargeBinary))
    return or_(known, person.digests.overlap(digests))


def _fitting(lines: Subquery, sought: Sought) -> Lines:
    """Return the lines of a window that every filter lets through."""
    line, search = lines.c, sought.search
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
