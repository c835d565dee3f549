"""Which services are to be looked after: who answers for them, how fresh, and what they lack."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from directory.models.editing import DraftRow, ReportRow
from directory.models.records import DirectoryRecordRow
from directory.models.search import ListingRow
from directory.queries.conditions import DEFUNCT, seen_by_viewer
from directory.queries.records import nested_services
from directory.rules.audience import seen_by
from directory.rules.freshness import ageing_after, fresh_after, freshness, next_check
from directory.rules.quality import quality
from directory.terms.editing import Upkeep, UpkeepCounts
from directory.terms.records import Viewer
from directory.terms.searching import Freshness

_NEVER: Final = date.min
"""Where services that nobody vouched for stand: first."""


@dataclass(frozen=True, slots=True)
class UpkeepSearch:
    """Which services are sought, of those that a viewer may see: of an owner, of one freshness."""

    viewer: Viewer
    owner: str | None = None
    freshness: Freshness | None = None


def upkeep(
    session: Session,
    search: UpkeepSearch,
    on: date,
    *,
    after: tuple[date, UUID] | None = None,
    limit: int | None = None,
) -> list[Upkeep]:
    """Return services that the viewer may see, those longest without assurance first.

    `after` is the day of assurance, or `date.min`, and the id of the last of the page before.
    """
    row = DirectoryRecordRow
    assured = func.coalesce(row.assured_on, _NEVER)
    statement = _sought(search).order_by(assured, row.id).limit(limit)
    if search.freshness is not None:
        statement = statement.where(_of_freshness(search.freshness, on))
    if after is not None:
        statement = statement.where(
            or_(assured > after[0], and_(assured == after[0], row.id > after[1]))
        )
    found = session.scalars(statement).all()
    return _told(session, found, search.viewer, on)


def upkeep_counts(session: Session, search: UpkeepSearch, on: date) -> UpkeepCounts:
    """Count the services of each freshness, whichever of them is sought."""
    counted = _sought(search).with_only_columns(
        *(func.count().filter(_of_freshness(one, on)) for one in Freshness)
    )
    return UpkeepCounts(*map(int, session.execute(counted).one()))


def place_of_upkeep(one: Upkeep) -> tuple[date, UUID]:
    """Return where a service stands in the list."""
    return one.assured_on or _NEVER, one.id


def _sought(search: UpkeepSearch) -> Select[DirectoryRecordRow]:
    row, listing = DirectoryRecordRow, ListingRow
    statement = (
        select(row)
        .join(listing, and_(row.kind == "service", listing.service_id == row.id))
        .where(seen_by_viewer(search.viewer), row.status != DEFUNCT)
    )
    return statement if search.owner is None else statement.where(row.owner == search.owner)


def _of_freshness(wanted: Freshness, on: date) -> ColumnElement[bool]:
    assured = DirectoryRecordRow.assured_on
    believable = assured <= date.fromordinal(on.toordinal() + 1)
    fresh = and_(assured > fresh_after(on), believable)
    ageing = and_(assured > ageing_after(on), assured <= fresh_after(on))
    match wanted:
        case Freshness.FRESH:
            return fresh
        case Freshness.AGEING:
            return ageing
        case Freshness.STALE:
            return or_(assured.is_(None), assured <= ageing_after(on), ~believable)


def _told(
    session: Session, rows: Sequence[DirectoryRecordRow], viewer: Viewer, on: date
) -> list[Upkeep]:
    ids = [row.id for row in rows]
    whole = nested_services(session, ids)
    drafts = _waiting(session, DraftRow, DraftRow.decided_at, ids)
    reports = _waiting(session, ReportRow, ReportRow.resolved_at, ids)
    return [
        Upkeep(
            row.id,
            str(row.name),
            str(row.status),
            row.owner,
            row.assured_on,
            next_check(row.assured_on, on),
            freshness(row.assured_on, on),
            quality(seen_by(whole[row.id], viewer) or {}, on),
            row.version,
            drafts.get(row.id, 0),
            reports.get(row.id, 0),
        )
        for row in rows
    ]


def _waiting(session: Session, table: Any, closed: Any, ids: Sequence[UUID]) -> dict[UUID, int]:  # noqa: ANN401  (a table and its column)
    counted = select(table.record, func.count()).where(table.record.in_(ids), closed.is_(None))
    return dict(session.execute(counted.group_by(table.record)).all())
