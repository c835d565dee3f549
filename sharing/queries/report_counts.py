"""Counts of months that no tally keeps: of what goes on changing after its entry was made.

A reader of one agency counts of reviews what its own side of the queue shows, and of look-ups those
that it was answered: how often a subject was silently kept from it would tell of that subject.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    DateTime,
    Select,
    SQLColumnExpression,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from sharing.models.lines import LogLineRow
from sharing.models.notices import NoticeRow
from sharing.models.records import DecisionNotToShareRow
from sharing.models.reviewing import ReviewItemRow
from sharing.models.scoring import ReviewLookRow
from sharing.queries.notices import standing
from sharing.rules.telling import TOLD
from sharing.terms.reports import Asked, Report, Tallied
from sharing.terms.searching import LogReader

_Counted = Select[date, str, str, str, int]
_CountedTogether = CompoundSelect[date, str, str, str, int]
_Counts = Callable[[Asked, LogReader, datetime], _Counted | _CountedTogether]
_SECONDS_IN_HOUR: Final = 3600


def counts(session: Session, asked: Asked, by: LogReader, at: datetime) -> list[Tallied]:
    """Return what a report counts in its months, as things stand at an instant.

    The session reads the whole log, or speaks for the reader's agency.
    """
    found = _COUNTS[asked.report](asked, by, at)
    return [
        Tallied(month, recipient, source, asked.report.value, which, int(n))
        for month, recipient, source, which, n in session.execute(found)
    ]


def _month(at: SQLColumnExpression[Any]) -> ColumnElement[date]:
    """Return the month that calendars in England show, as the tallies of the log have it."""
    return cast(func.date_trunc("month", func.timezone("Europe/London", at)), Date)


def _within(month: ColumnElement[date], asked: Asked) -> ColumnElement[bool]:
    return month.between(asked.span.first, asked.span.last)


def _reviews(asked: Asked, by: LogReader, at: datetime) -> _CountedTogether:
    row = ReviewItemRow
    due = _due(by)
    late = case((row.closed_at <= due, "closed in time"), else_="closed late")
    left = case((due < at, "overdue"), else_="still open")
    parts = (
        (row.queued_at, literal("queued"), row.queued_at.is_not(None)),
        (row.closed_at, late, row.closed_at.is_not(None)),
        (row.queued_at, left, row.closed_at.is_(None)),
    )
    return union_all(
        *(
            _by_month(_month(when), which, and_(where, *_reviewed(asked, by)), asked)
            for when, which, where in parts
        )
    )


def _by_month(
    month: ColumnElement[date],
    which: ColumnElement[str],
    where: ColumnElement[bool],
    asked: Asked,
) -> _Counted:
    row = ReviewItemRow
    return (
        select(month, row.recipient, literal(""), which, func.count())
        .where(where, _within(month, asked))
        .group_by(month, row.recipient, which)
    )


def _review_times(asked: Asked, by: LogReader, _: datetime) -> _Counted:
    """Return the median of the whole hours that reviews took, and of how many."""
    row = ReviewItemRow
    month = _month(row.closed_at)
    hours = func.extract("epoch", row.closed_at - row.queued_at) / _SECONDS_IN_HOUR
    median = func.round(func.percentile_disc(0.5).within_group(hours))
    how_many: ColumnElement[str] = func.count().concat("")
    return (
        select(month, row.recipient, literal(""), how_many, median)
        .where(row.closed_at.is_not(None), _within(month, asked), *_reviewed(asked, by))
        .group_by(month, row.recipient)
    )


def _reviewed(asked: Asked, by: LogReader) -> list[ColumnElement[bool]]:
    row = ReviewItemRow
    wanted = [] if asked.agency is None else [row.recipient == asked.agency]
    if not by.whole:
        wanted += [row.recipient == by.agency, row.told.is_not(None)]
    return wanted


def _due(by: LogReader) -> ColumnElement[datetime]:
    row = ReviewItemRow
    if by.whole:
        return row.due.expression
    return cast(row.told["due"].astext, DateTime(timezone=True))


def _lookups(asked: Asked, by: LogReader, _: datetime) -> _Counted:
    row, line = ReviewLookRow, LogLineRow
    month, source = _month(row.at), func.coalesce(row.source, "")
    found = (
        select(month, row.recipient, source, literal(""), func.count())
        .where(row.measures.contains({"involved": False}), _within(month, asked))
        .group_by(month, row.recipient, source)
    )
    if asked.agency is not None:
        found = found.where(row.recipient == asked.agency)
    if by.whole:
        return found
    return found.join(line, line.id == row.entry_id).where(
        row.recipient == by.agency, line.outcome.in_(TOLD)
    )


def _notices(asked: Asked, _: LogReader, at: datetime) -> _Counted:
    row = NoticeRow
    month = _month(row.sent_at)
    which = case(
        (row.read_at <= row.deadline, "read in time"),
        (row.read_at.is_not(None), "read late"),
        (row.deadline <= at, "overdue"),
        else_="waiting",
    )
    found = (
        select(month, row.sender, row.recipient, which, func.count())
        .where(standing(), _within(month, asked))
        .group_by(month, row.sender, row.recipient, which)
    )
    if asked.agency is None:
        return found
    return found.where(or_(row.sender == asked.agency, row.recipient == asked.agency))


def _not_shared(asked: Asked, _: LogReader, __: datetime) -> _Counted:
    row = DecisionNotToShareRow
    month = _month(row.decided_at)
    found = (
        select(month, row.asked_by, row.source, row.because, func.count())
        .where(_within(month, asked))
        .group_by(month, row.asked_by, row.source, row.because)
    )
    return found if asked.agency is None else found.where(row.asked_by == asked.agency)


_COUNTS: Final[
    Mapping[Report, Callable[[Asked, LogReader, datetime], _Counted | _CountedTogether]]
] = {
    Report.REVIEWS: _reviews,
    Report.REVIEW_TIMES: _review_times,
    Report.LOOK_UPS: _lookups,
    Report.NOTICES: _notices,
    Report.NOT_SHARED: _not_shared,
}
