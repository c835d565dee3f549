"""Which services a person's search looks at: all that match, or so many of them as are ranked.

A search costs what it looks at, so it looks at a bounded number: where more match, at those that
weigh most besides the first that come. Where nothing but a place is asked, the nearest come first,
by index; where nothing at all is asked, the freshest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Select,
    Uuid,
    and_,
    cast,
    func,
    not_,
    null,
    select,
    union_all,
)
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
    """The listings to rank, each once, and whether they are all that match.

    They hold the columns that were asked for, `key` among them; where nothing but a place is asked,
    `at_location` and `metres` too.
    """

    rows: CTE
    are_all: Clause


def candidates(asked: Asked, columns: Sequence[Any]) -> Candidates:
    """Return the listings that a search looks at, with these columns of theirs.

    They are read once and carried along: to look them up again by key is left to no planner, which
    knows nothing of the tables just after an import.
    """
    clauses = [
        seen_by_viewer(asked.viewer),
        ListingRow.status.in_(FOUND_BY_PEOPLE),
        *conditions(asked.search, asked.place),
    ]
    if asked.reading is not None:
        return _with_words(asked, columns, [*clauses, *near(asked.search, asked.place)])
    if asked.place is not None:
        return _around(asked.search, asked.place, columns, clauses)
    first = select(*columns).where(*clauses).order_by(*_freshest()).limit(MOST).cte("first")
    return Candidates(first, _count(first) < MOST)


def ts(query: str) -> ColumnElement[Any]:
    """Return a query on words as PostgreSQL's own type."""
    return cast(query, TSQUERY)


def _with_words(asked: Asked, columns: Sequence[Any], clauses: Sequence[Clause]) -> Candidates:
    row, spoken = ListingRow, said(ts(asked.query))
    first = select(*columns).where(*clauses, spoken).limit(MOST).cte("first")
    too_many = _count(first) >= MOST
    besides = [said(ts(weighted(asked.query, IN_NAMES)))]
    if asked.place is not None:
        close = select(ListingPlaceRow.listing).where(within(asked.place, CLOSE_BY))
        besides.append(row.key.in_(close))
    passes = [
        select(*columns).where(*clauses, spoken, one, too_many).limit(MORE) for one in besides
    ]
    return Candidates(_each_once(select(first), *passes), not_(too_many))


def _around(
    search: ServiceSearch, place: Place, columns: Sequence[Any], clauses: Sequence[Clause]
) -> Candidates:
    """Return the nearest listings, and those without a place where no distance is asked for."""
    row, at, away = ListingRow, ListingPlaceRow, away_from(place).label("metres")
    found = select(*columns, at.at_location, away).join(at, at.listing == row.key).where(*clauses)
    if search.proximity is not None:
        found = found.where(within(place, search.proximity))
    nearest = found.order_by(away, at.listing, at.number).limit(MOST).cte("nearest")
    if search.proximity is not None:
        return Candidates(_each_once(select(nearest)), _count(nearest) < MOST)
    nowhere = cast(null(), Uuid).label("at_location"), cast(null(), Float(53)).label("metres")
    without = select(*columns, *nowhere).where(*clauses, not_(row.has_place))
    placeless = without.order_by(*_freshest()).limit(MORE).cte("placeless")
    all_ = and_(_count(nearest) < MOST, _count(placeless) < MORE)
    return Candidates(_each_once(select(nearest), select(placeless)), all_)


def _each_once(*passes: Select[Any]) -> CTE:
    """Return what several passes found, of each listing the nearest."""
    found = union_all(*(select(one.subquery()) for one in passes)).subquery("found")
    away = [found.c.metres] if "metres" in found.c else []
    once = select(found).distinct(found.c.key).order_by(found.c.key, *away)
    return once.cte("candidate")


def _count(passed: CTE) -> ColumnElement[int]:
    return select(func.count()).select_from(passed).scalar_subquery()


def _freshest() -> tuple[Any, ...]:
    row = ListingRow
    return row.assured_on.desc().nulls_last(), row.name, row.service_id
