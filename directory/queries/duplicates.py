"""What is on file of services that may be one: marks to be looked at, and pairs."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from directory.models.exchange import DirectoryDuplicateRow, DirectoryMatchKeyRow
from directory.models.records import DirectoryRecordRow
from directory.queries.records import nested_services
from directory.rules.audience import seen_by
from directory.rules.duplicates import MOST_SHARING
from directory.terms.exchange import Duplicate, Pair, UnknownDuplicate, Verdict
from directory.terms.records import Document, Viewer

Place = tuple[int, UUID]
"""Where a pair stands in the list: its score in thousandths, and its id."""


@dataclass(frozen=True, slots=True)
class DuplicateSeen:
    """A pair with both services as a viewer may see them."""

    duplicate: Duplicate
    one: Document
    other: Document

    @property
    def place(self) -> Place:
        """Where the pair stands in the list."""
        return round(self.duplicate.pair.score * 1000), self.duplicate.id


def not_looked_at(session: Session, limit: int) -> dict[UUID, datetime]:
    """Return services, but ended ones, that changed since their marks were taken, and when."""
    row, key = DirectoryRecordRow, DirectoryMatchKeyRow
    taken = exists().where(key.service == row.id, key.changed_at == row.changed_at)
    wanted = select(row.id, row.changed_at).where(
        row.kind == "service", row.status.is_distinct_from("defunct"), ~taken
    )
    found = session.execute(wanted.order_by(row.id).limit(limit))
    return {one.id: one.changed_at for one in found}


def sharing(session: Session, keys: Collection[int]) -> list[list[UUID]]:
    """Return the services that share one of these keys, where few enough do to tell anything."""
    row = DirectoryMatchKeyRow
    shared = (
        select(func.array_agg(row.service))
        .where(row.key == func.any(list(keys)))
        .group_by(row.key)
        .having(func.count().between(2, MOST_SHARING))
        .order_by(row.key)
    )
    return [list(one) for one in session.scalars(shared)]


def duplicate(session: Session, duplicate_id: UUID, viewer: Viewer) -> DuplicateSeen:
    """Return a pair; `UnknownDuplicate` if there is none, or the viewer may not see both."""
    row = session.get(DirectoryDuplicateRow, duplicate_id, populate_existing=True)
    seen = None if row is None else next(_seen(session, [row], viewer), None)
    if seen is None:
        raise UnknownDuplicate
    return seen


def duplicates(
    session: Session, viewer: Viewer, *, decided: bool, after: Place | None, limit: int
) -> list[DuplicateSeen]:
    """Return pairs of which the viewer may see both, the likeliest first, after a place."""
    row = DirectoryDuplicateRow
    score = cast(row.score * 1000, Integer)
    found: list[DuplicateSeen] = []
    while len(found) < limit:
        wanted = select(row).where(row.decided_at.is_not(None) == decided)
        if after is not None:
            behind = or_(score < after[0], and_(score == after[0], row.id > after[1]))
            wanted = wanted.where(behind)
        page = session.scalars(wanted.order_by(score.desc(), row.id).limit(limit)).all()
        found += _seen(session, page, viewer)
        if len(page) < limit:
            break
        after = round(page[-1].score * 1000), page[-1].id
    return found[:limit]


def _seen(
    session: Session, rows: Collection[DirectoryDuplicateRow], viewer: Viewer
) -> Iterator[DuplicateSeen]:
    whole = nested_services(session, {one for row in rows for one in (row.one, row.other)})
    for row in rows:
        one, other = (
            seen_by(whole[service], viewer) if service in whole else None
            for service in (row.one, row.other)
        )
        if one is not None and other is not None:
            yield DuplicateSeen(_duplicate(row), one, other)


def _duplicate(row: DirectoryDuplicateRow) -> Duplicate:
    return Duplicate(
        row.id,
        Pair(row.one, row.other, row.score, tuple(row.reasons)),
        row.found_at,
        row.decided_at,
        None if row.decision is None else Verdict(row.decision),
        row.note,
    )
