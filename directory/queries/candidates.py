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
    BindParameter,
    ColumnElement,
    Float,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    not_,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, distinct_on

from directory.models.search import ListingPlaceRow, ListingRow
from directory.queries.conditions import (
    FOUND_BY_PEOPLE,
    Clause,
    away_from,
    conditions,
    in_reach,
    named,
    near,
    said,
    texts,
)

MOST: Final = 2000
"""So many matches are ranked; of more it is only said that there are more."""
MORE: Final = 500
CLOSE_BY: Final = 3000.0
"""Metres: where too many match, those so near are looked at besides."""
_CLOSE: Final = "close_"


@dataclass(frozen=True, slots=True)
class Form:
    """What kinds of things a search asks: `names` are those of its values."""

    names: frozenset[str]
    by_agency: bool
    has_words: bool

    @property
    def has_place(self) -> bool:
        """Whether it asks for the neighbourhood of a place."""
        return "here" in self.names


@dataclass(frozen=True, slots=True)
class Candidates:
    """The listings to rank, each once, and whether they are all that match.

    They hold the columns that were asked for, `key` among them; where nothing but a place is asked,
    `at_location` and `metres` too.
    """

    rows: CTE
    are_all: Clause


def candidates(form: Form, columns: Sequence[Any]) -> Candidates:
    """Return the listings that a search looks at, with these columns of theirs.

    They are read once and carried along: to look them up again by key is left to no planner, which
    knows nothing of the tables just after an import.
    """
    row = ListingRow
    clauses = [row.viewer == any_(viewers()), row.status == any_(texts(FOUND_BY_PEOPLE))]
    if form.by_agency:
        clauses.append(not_(bindparam("agency", type_=Text()) == any_(row.shadowed_by)))
    clauses += conditions(form.names, named)
    if form.has_words:
        return _with_words(form, columns, [*clauses, *near(form.names, named)])
    if form.has_place:
        return _around(form, columns, clauses)
    first = select(*columns).where(*clauses).order_by(*_freshest()).limit(MOST).cte("first")
    return Candidates(first, _count(first) < MOST)


def viewers() -> BindParameter[Any]:
    """Return the parameter that holds the kinds of viewer for whom something is looked up."""
    return bindparam("viewers", type_=ARRAY(Text))


def query() -> ColumnElement[Any]:
    """Return the parameter that holds what is asked of a listing's words."""
    return cast(bindparam("query", type_=Text()), TSQUERY)


def close_by(values: dict[str, float]) -> dict[str, float]:
    """Return the values of a box under the names by which too many matches are narrowed."""
    return {f"{_CLOSE}{name}": value for name, value in values.items()}


def _close(name: str) -> BindParameter[Any]:
    if name == "here":
        return named(name)
    return bindparam(f"{_CLOSE}{name}", type_=Float(53))


def _with_words(form: Form, columns: Sequence[Any], clauses: Sequence[Clause]) -> Candidates:
    row, spoken = ListingRow, said(query())
    first = select(*columns).where(*clauses, spoken).limit(MOST).cte("first")
    too_many = _count(first) >= MOST
    besides = [said(query(), row.named)]
    if form.has_place:
        close = select(ListingPlaceRow.listing).where(in_reach(_close))
        besides.append(and_(spoken, row.key.in_(close)))
    passes = [select(*columns).where(*clauses, one, too_many).limit(MORE) for one in besides]
    return Candidates(_each_once(select(first), *passes), not_(too_many))


def _around(form: Form, columns: Sequence[Any], clauses: Sequence[Clause]) -> Candidates:
    """Return the nearest listings, and those without a place where no distance is asked for."""
    row, at, away = ListingRow, ListingPlaceRow, away_from(named).label("metres")
    found = select(*columns, at.at_location, away).join(at, at.listing == row.key).where(*clauses)
    if "within" in form.names:
        found = found.where(in_reach(named))
    nearest = found.order_by(away, at.listing, at.number).limit(MOST).cte("nearest")
    if "within" in form.names:
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
    once = select(found).ext(distinct_on(found.c.key)).order_by(found.c.key, *away)
    return once.cte("candidate")


def _count(passed: CTE) -> ColumnElement[int]:
    return select(func.count()).select_from(passed).scalar_subquery()


def _freshest() -> tuple[Any, ...]:
    row = ListingRow
    return row.assured_on.desc().nulls_last(), row.name, row.service_id
