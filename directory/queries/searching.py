"""Finding services: for other programs all that match, for people the best of them, in order."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from directory.models.search import ListingRow
from directory.queries.conditions import (
    DEFUNCT,
    FOUND_BY_PEOPLE,
    conditions,
    near,
    said,
    seen_by_viewer,
    spoken,
)
from directory.queries.places import place_of
from directory.rules.freshness import freshness
from directory.terms.places import Place
from directory.terms.records import Viewer
from directory.terms.searching import Found, Hit, ServiceSearch


def matching(search: ServiceSearch, viewer: Viewer, place: Place | None) -> Select[UUID]:
    """Return the statement that selects every service the viewer may find that meets it all.

    Each comes once. Those that have ended come only where it is asked what was modified (ORUK).
    """
    row = ListingRow
    found = select(row.service_id).where(seen_by_viewer(viewer))
    found = found.where(*conditions(search, place), *near(search, place))
    if search.words is not None and search.words.strip():
        found = found.where(said(spoken(search.words)))
    if search.modified_after is None:
        found = found.where(row.status != DEFUNCT)
    return found


def find(  # noqa: PLR0913  (a page of a search, for somebody, at an instant)
    session: Session,
    search: ServiceSearch,
    viewer: Viewer,
    *,
    page: int,
    size: int,
    at: datetime,
) -> Found:
    """Return one page of what a person's search finds, the best first."""
    place = None if search.postcode is None else place_of(session, search.postcode)
    row = ListingRow
    ids = matching(search, viewer, place).where(row.status.in_(FOUND_BY_PEOPLE))
    rows = session.execute(ids.add_columns(row.assured_on).order_by(row.name, row.service_id)).all()
    shown = rows[(page - 1) * size : page * size]
    hits = tuple(Hit(one, (), freshness(on, at.date())) for one, on in shown)
    return Found(hits, len(rows), total_is_exact=True)
