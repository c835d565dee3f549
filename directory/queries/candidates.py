"""Which services a person's search looks at: all that match, or so many of them as are ranked.

A search costs what it looks at, so it looks at a bounded number: where more match, at those that
weigh most besides the first that come. Where nothing but a place is asked, the nearest come first,
by index; where nothing at all is asked, the freshest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, and_, cast, func, not_, select, union
from sqlalchemy.dialects.postgresql import TSQUERY

from directory.models.search import ListingPlaceRow, ListingRow
from directory.queries.conditions import (
    FOUND_BY_PEOPLE,
    Clause,
    away_from,
    conditions,
    near,
    said,
    seen_by_viewer,
    within,
)
from directory.rules.reading import IN_NAMES, query_of, weighted
from directory.terms.places import Place
from directory.terms.reading import Reading
from directory.terms.records import Viewer
from directory.terms.searching import ServiceSearch

MOST: Final = 2000
"""So many matches are ranked; of more it is only said that there are more."""
MORE: Final = 500
CLOSE_BY: Final = 3000.0
"""Metres: where too many match, those so near are looked at besides."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was read: its words, None where none were typed, and its place."""

    search: ServiceSearch
    viewer: Viewer
    reading: Reading | None
    place: Place | None

    @property
    def query(self) -> str:
        """What is asked of a listing's words, as a `tsquery`."""
        return "" if self.reading is None else query_of(self.reading.words)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The keys of the listings to rank, and whether more match than are among them."""

    keys: CTE
    are_all: Clause


def candidates(asked: Asked) -> Candidates:
    """Return the listings that a search looks at, each once."""
    clauses = [
        seen_by_viewer(asked.viewer),
        ListingRow.status.in_(FOUND_BY_PEOPLE),
        *conditions(asked.search, asked.place),
    ]
    if asked.reading is not None:
        return _with_words(asked, [*clauses, *near(asked.search, asked.place)])
    if asked.place is not None:
        return _around(asked.search, asked.place, clauses)
    first = select(ListingRow.key).where(*clauses).order_by(*_freshest()).limit(MOST).cte("first")
    return Candidates(first, _count(first) < MOST)


def ts(query: str) -> ColumnElement[Any]:
    """Return a query on words as PostgreSQL's own type."""
    return cast(query, TSQUERY)


def _with_words(asked: Asked, clauses: Sequence[Clause]) -> Candidates:
    row = ListingRow
    first = select(row.key).where(*clauses, said(ts(asked.query))).limit(MOST).cte("first")
    too_many = _count(first) >= MOST
    named = said(ts(weighted(asked.query, IN_NAMES)))
    passes = [select(row.key).where(*clauses, said(ts(asked.query)), named, too_many).limit(MORE)]
    if asked.place is not None:
        close = select(ListingPlaceRow.listing).where(within(asked.place, CLOSE_BY))
        nearby = and_(said(ts(asked.query)), row.key.in_(close), too_many)
        passes.append(select(row.key).where(*clauses, nearby).limit(MORE))
    looked_at = [select(first.c.key), *(select(one.subquery()) for one in passes)]
    return Candidates(union(*looked_at).cte("candidate"), not_(too_many))


def _around(search: ServiceSearch, place: Place, clauses: Sequence[Clause]) -> Candidates:
    """Return the nearest listings, and those without a place where no distance is asked for."""
    row, at = ListingRow, ListingPlaceRow
    found = select(row.key).join(at, at.listing == row.key).where(*clauses)
    if search.proximity is not None:
        found = found.where(within(place, search.proximity))
    nearest = found.order_by(away_from(place), at.listing).limit(MOST).cte("nearest")
    if search.proximity is not None:
        return Candidates(select(nearest.c.key).distinct().cte("candidate"), _count(nearest) < MOST)
    without = select(row.key).where(*clauses, not_(row.has_place))
    placeless = without.order_by(*_freshest()).limit(MORE).cte("placeless")
    both = union(select(nearest.c.key), select(placeless.c.key)).cte("candidate")
    return Candidates(both, and_(_count(nearest) < MOST, _count(placeless) < MORE))


def _count(passed: CTE) -> ColumnElement[int]:
    return select(func.count()).select_from(passed).scalar_subquery()


def _freshest() -> tuple[Any, ...]:
    row = ListingRow
    return row.assured_on.desc().nulls_last(), row.name, row.service_id
