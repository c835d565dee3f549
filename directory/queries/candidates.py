"""Which services a person's search looks at: all that match, or so many of them as are ranked.

A search costs what it looks at, so it looks at a bounded number: where more match, at those that
weigh most besides the first that come. Where nothing but a place is asked, the nearest come first,
by index; where nothing at all is asked, the freshest.
"""

from collections.abc import Mapping, Sequence
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
    case,
    cast,
    false,
    func,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, distinct_on
from sqlalchemy.sql.selectable import LateralFromClause

from directory.models.search import ListingPlaceRow, ListingRow
from directory.queries.conditions import (
    FOUND_BY_PEOPLE,
    Clause,
    ages,
    away_from,
    conditions,
    named,
    said,
    texts,
)

MOST: Final = 600
"""So many matches are ranked; of more it is only said that there are more."""
MORE: Final = 200
"""So many are looked at besides, for each thing that weighs most."""
NEAREST: Final = 200
"""So many of the nearest are ranked where nothing but a place orders them."""
FRESHEST: Final = 60
"""So many of what has no place are ranked beside them."""
FEW: Final = 60, 20
"""So many of the nearest, and of what has no place, where nothing is to be counted."""
LOOKED_AT: Final = 5000
"""So many are gone through in order before the index of traits is asked instead.

A directory of fewer is small: whatever a place is asked with, up to `MOST` are ranked.
"""
CLOSE_BY: Final = 3000.0
"""Metres: where too many match, those so near are looked at first, or besides."""
_CLOSE: Final = "close_"


@dataclass(frozen=True, slots=True)
class Form:
    """What kinds of things a search asks: `names` are those of its values.

    `goes_far` says whether it reaches further than `CLOSE_BY`, where it reaches anywhere;
    `counts` whether it wants to know what the results could be narrowed to.
    """

    names: frozenset[str]
    by_agency: bool
    has_words: bool
    goes_far: bool = True
    counts: bool = True

    @property
    def has_place(self) -> bool:
        """Whether it asks for the neighbourhood of a place."""
        return "here" in self.names


@dataclass(frozen=True, slots=True)
class Candidates:
    """The listings to rank, each once, and whether they are all that match.

    They hold the columns that were asked for, `key` among them, and the nearest of their places:
    `at_location` and how many `metres` away it is, null where no place is asked or there is none.
    """

    rows: CTE
    are_all: Clause


def candidates(form: Form, columns: Sequence[Any]) -> Candidates:
    """Return the listings that a search looks at, with these columns of theirs.

    They are read once and carried along: to look them up again by key is left to no planner, which
    knows nothing of the tables just after an import.
    """
    clauses = [*_found_in(ListingRow, form), *conditions(form.names, named)]
    if form.has_words:
        return _with_words(form, columns, clauses)
    if form.has_place:
        return _around(form, columns, clauses)
    first = _placed(form, columns, clauses).order_by(*_freshest()).limit(MOST).cte("first")
    return Candidates(first, _count(first) < MOST)


def viewers() -> BindParameter[Any]:
    """Return the parameter that holds the kinds of viewer for whom something is looked up."""
    return bindparam("viewers", type_=ARRAY(Text))


def query() -> ColumnElement[Any]:
    """Return the parameter that holds what is asked of a listing's words."""
    return cast(bindparam("query", type_=Text()), TSQUERY)


def close_by(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of a box under the name by which too many matches are narrowed."""
    return {f"{_CLOSE}cells": values.get("cells", [])}


def _found_in(row: Any, form: Form) -> list[Clause]:  # noqa: ANN401  (a table, or what is read of one)
    """Return that rows are the viewer's, and of services that people are shown."""
    found = [row.viewer == any_(viewers()), row.status == any_(texts(FOUND_BY_PEOPLE))]
    if form.by_agency:
        found.append(not_(bindparam("agency", type_=Text()) == any_(row.shadowed_by)))
    return found


def _with_words(form: Form, columns: Sequence[Any], clauses: Sequence[Clause]) -> Candidates:
    if "within" in form.names and form.goes_far:
        return _close_first(form, columns, clauses)
    spoken = said(query())
    first = _placed(form, columns, [*clauses, spoken]).limit(MOST).cte("first")
    too_many = _count(first) >= MOST
    besides = [said(query(), ListingRow.named)]
    if form.has_place and form.goes_far:
        besides.append(and_(spoken, _close()))
    passes = [_placed(form, columns, [*clauses, one, too_many]).limit(MORE) for one in besides]
    return Candidates(_each_once(select(first), *passes), not_(too_many))


def _close_first(form: Form, columns: Sequence[Any], clauses: Sequence[Clause]) -> Candidates:
    """Return those close by; then, if these are not too many, those further away as well.

    In the middle of a city, the words asked for stand in thousands of listings within reach.
    """
    spoken = [*clauses, said(query())]
    close = _placed(form, columns, [*spoken, _close()]).limit(MOST).cte("first")
    full = _count(close) >= MOST
    beyond = [*spoken, not_(_close()), not_(full)]
    further = _placed(form, columns, beyond).limit(MOST).cte("further")
    too_many = or_(full, _count(further) >= MOST)
    in_name = [*clauses, said(query(), ListingRow.named), too_many]
    named_so = _placed(form, columns, in_name).limit(MORE)
    return Candidates(_each_once(select(close), select(further), named_so), not_(too_many))


def _close() -> Clause:
    close: Clause = ListingRow.traits.overlap(bindparam(f"{_CLOSE}cells", type_=ARRAY(Text)))
    return close


def _around(form: Form, columns: Sequence[Any], clauses: Sequence[Clause]) -> Candidates:
    """Return the nearest listings, and those without a place where no distance is asked for.

    Going through them in order finds soon what is common; what is rare is found by its traits, and
    ordered then.
    """
    row = ListingRow
    near, fresh = (NEAREST, FRESHEST) if form.counts else FEW
    gone_through, nearest = _nearest_first(form, columns, clauses, near)
    more, small = _may_be_more(form, gone_through), _is_small() if form.counts else false()
    by_traits = _placed(form, columns, [*clauses, row.has_place.is_(true())])
    found = [_enough(near, nearest, more, small, by_traits, "metres")]
    if "within" not in form.names:
        gone_through, freshest = _freshest_first(form, columns, fresh)
        more = _count(gone_through) >= LOOKED_AT
        without = select(*columns, *_nowhere()).where(*clauses, not_(row.has_place))
        found.append(_enough(fresh, freshest, more, small, without, "assured_on"))
    passes = [one for few in found for one in few.passes]
    return Candidates(_each_once(*passes), and_(*(few.are_all for few in found)))


@dataclass(frozen=True, slots=True)
class _Few:
    passes: tuple[Select[Any], Select[Any]]
    are_all: Clause


def _enough(  # noqa: PLR0913, PLR0917  (two ways to find the same, and when which is enough)
    most: int, first: CTE, more: Clause, small: Clause, by_traits: Select[Any], order: str
) -> _Few:
    """Return the first found in order; and what is found by its traits, if that is called for.

    It is where there were too few, and in a small directory where there were too many: a total that
    can be had for little is not guessed at.
    """
    has_few = _count(first) < most
    again = case((has_few, more), else_=small)
    rest = by_traits.where(again).limit(LOOKED_AT).cte(f"rest_by_{order}")
    by = rest.c[order]
    ordered = select(rest).order_by(by.desc().nulls_last() if order != "metres" else by, rest.c.key)
    all_ = case((again, _count(rest) < MOST), else_=has_few)
    return _Few((select(first), ordered.limit(MOST)), all_)


def _is_small() -> Clause:
    """Return whether there are fewer places than are ever gone through in order."""
    some = select(ListingPlaceRow.number).limit(LOOKED_AT).cte("some")
    return _count(some) < LOOKED_AT


def _nearest_first(
    form: Form, columns: Sequence[Any], clauses: Sequence[Clause], most: int
) -> tuple[CTE, CTE]:
    """Return the places gone through, and the nearest listings: as many as it takes, no more."""
    row, at = ListingRow, ListingPlaceRow
    kept = (at.viewer, at.shadowed_by, at.status, at.minimum_age, at.maximum_age, at.areas)
    away = away_from(named).label("metres")
    places = select(at.listing, at.number, at.at_location, *kept, away).order_by(away)
    looked_at = places.limit(LOOKED_AT).cte("looked_at")
    there = looked_at.c
    asked = [*_found_in(there, form), *ages(form.names, named, there)]
    if "areas" in form.names:
        asked.append(there.areas.overlap(named("areas")))
    if "within" in form.names:
        asked.append(there.metres <= named("within"))
    one = _looked_up(columns, [row.key == there.listing, *clauses])
    found = select(*one.c, there.at_location, there.metres).select_from(looked_at)
    found = found.join(one, true()).where(*asked)
    order = there.metres, there.listing, there.number
    return looked_at, found.order_by(*order).limit(most).cte("nearest")


def _freshest_first(form: Form, columns: Sequence[Any], most: int) -> tuple[CTE, CTE]:
    """Return the listings without a place gone through, and the freshest that are asked for."""
    row = ListingRow
    kept = (row.minimum_age, row.maximum_age, row.accessibility)
    placeless = select(*columns, *kept).where(*_found_in(row, form), not_(row.has_place))
    looked_at = placeless.order_by(*_freshest()).limit(LOOKED_AT).cte("placeless")
    there = looked_at.c
    found = select(*(there[one.name] for one in columns), *_nowhere())
    found = found.where(*conditions(form.names, named, there))
    order = there.assured_on.desc().nulls_last(), there.name, there.service_id
    return looked_at, found.order_by(*order).limit(most).cte("freshest")


def _looked_up(columns: Sequence[Any], clauses: Sequence[Clause]) -> LateralFromClause:
    """Return a listing as it is looked up for each row in turn: no clause of it may come first."""
    return select(*columns).where(*clauses).offset(0).lateral("one")


def _may_be_more(form: Form, looked_at: CTE) -> Clause:
    """Return whether places were left out that may be near enough."""
    all_ = _count(looked_at) < LOOKED_AT
    if "within" in form.names:
        furthest = select(func.max(looked_at.c.metres)).scalar_subquery()
        return not_(or_(all_, furthest > named("within")))
    return not_(all_)


def _placed(form: Form, columns: Sequence[Any], clauses: Sequence[Clause]) -> Select[Any]:
    """Return listings with the nearest of their places, near enough where that is asked."""
    if not form.has_place:
        return select(*columns, *_nowhere()).where(*clauses)
    row, at, away = ListingRow, ListingPlaceRow, away_from(named).label("metres")
    # By the bare distance it would go through all places, the nearest first, for each listing.
    first = select(at.at_location, away).where(at.listing == row.key)
    nearest = first.order_by(away + 0.0, at.number).limit(1).lateral("nearest")
    found = select(*columns, nearest.c.at_location, nearest.c.metres).where(*clauses)
    if "within" in form.names:
        return found.join(nearest, nearest.c.metres <= named("within"))
    return found.outerjoin(nearest, true())


def _nowhere() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return cast(null(), Uuid).label("at_location"), cast(null(), Float(53)).label("metres")


def _each_once(*passes: Select[Any]) -> CTE:
    """Return what several passes found, of each listing the nearest."""
    found = union_all(*(select(one.subquery()) for one in passes)).subquery("found")
    once = select(found).ext(distinct_on(found.c.key)).order_by(found.c.key, found.c.metres)
    return once.cte("candidate")


def _count(passed: CTE) -> ColumnElement[int]:
    return select(func.count()).select_from(passed).scalar_subquery()


def _freshest() -> tuple[Any, ...]:
    row = ListingRow
    return row.assured_on.desc().nulls_last(), row.name, row.service_id
