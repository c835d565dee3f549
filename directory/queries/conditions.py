"""What a search asks, as conditions on what its viewer may find.

They are made of parameters, by name: of their values where the statement runs within another, and
without where it is made once and kept.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Float,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    Time,
    and_,
    any_,
    bindparam,
    case,
    cast,
    extract,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, REGCONFIG, TSQUERY
from sqlalchemy.types import TypeEngine

from app.kernel.db import UtcDateTime
from directory.models.search import Cube, ListingOpeningRow, ListingPlaceRow, ListingRow, SynonymRow
from directory.rules.asking import NOWHERE, around
from directory.rules.distance import cube
from directory.rules.listing import viewers_of
from directory.rules.words import MOST_WORDS, words_of
from directory.terms.places import Place
from directory.terms.records import Viewer

Clause = ColumnElement[bool]
Parameter = Callable[[str], BindParameter[Any]]
FOUND_BY_PEOPLE: Final = ("active", "temporarily closed")
DEFUNCT: Final = "defunct"
_TYPES: Final[Mapping[str, TypeEngine[Any]]] = {
    **dict.fromkeys(("minimum_age", "maximum_age", "age"), Numeric()),
    **dict.fromkeys(("start_time", "end_time"), Time()),
    **dict.fromkeys(("open_on", "on_monday"), Date()),
    **dict.fromkeys(("south", "north", "west", "east", "within"), Float(53)),
    **dict.fromkeys(("traits", "not_traits", "areas", "cells"), ARRAY(Text)),
    **dict.fromkeys(("ordinals", "month_days"), ARRAY(SmallInteger)),
    **dict.fromkeys(("weekday", "on_weekday"), SmallInteger()),
    "on_month": Integer(),
    "accessibility": Text(),
    "here": Text(),
    "modified_after": UtcDateTime(),
}


def named(name: str) -> BindParameter[Any]:
    """Return a parameter whose value is given when the statement is run."""
    return bindparam(name, type_=_TYPES[name])


def valued(values: Mapping[str, Any]) -> Parameter:
    """Return what makes parameters that hold their values."""
    return lambda name: bindparam(None, values[name], type_=_TYPES[name])


def seen_by_viewer(viewer: Viewer) -> Clause:
    """Return the condition that a listing is this viewer's, once for each service it may see."""
    own = ListingRow.viewer == any_(texts(viewers_of(viewer)))
    if viewer.agency is None:
        return own
    return and_(own, not_(literal(viewer.agency) == any_(ListingRow.shadowed_by)))


def conditions(
    names: Collection[str],
    of: Parameter,
    row: Any = ListingRow,  # noqa: ANN401  (a table, or what is read of one)
) -> Iterator[Clause]:
    """Yield what a search asks of a listing; its words, statuses and distance apart."""
    if NOWHERE in names:
        yield false()
    if "traits" in names:
        yield row.traits.contains(of("traits"))
    if "not_traits" in names:
        yield not_(row.traits.contains(of("not_traits")))
    if "areas" in names:
        yield row.traits.overlap(of("areas"))
    if "cells" in names:
        yield row.traits.overlap(of("cells"))
    if "accessibility" in names:
        yield func.strpos(row.accessibility, of("accessibility")) > 0
    if "modified_after" in names:
        yield row.last_modified >= of("modified_after")
    yield from ages(names, of, row)
    yield from _openings(names, of, row.key)


def ages(names: Collection[str], of: Parameter, row: Any = ListingRow) -> Iterator[Clause]:  # noqa: ANN401  (a table, or what is read of one)
    """Yield what a search asks of the ages that a service is for."""
    if "minimum_age" in names:
        yield row.minimum_age >= of("minimum_age")
    if "maximum_age" in names:
        yield row.maximum_age <= of("maximum_age")
    if "age" in names:
        yield func.coalesce(row.minimum_age, of("age")) <= of("age")
        yield func.coalesce(row.maximum_age, of("age")) >= of("age")


def near(names: Collection[str], of: Parameter) -> Iterator[Clause]:
    """Yield that a listing has a place within the distance that is asked for, if one is."""
    if "within" in names:
        yield ListingRow.key.in_(select(ListingPlaceRow.listing).where(in_reach(of)))


def within(place: Place, metres: float) -> Clause:
    """Return the condition that a place of a listing is so near."""
    here = {"here": cube(place.latitude, place.longitude)}
    return in_reach(valued(here | around(place, metres)))


def in_reach(of: Parameter) -> Clause:
    """Return the condition that a place is near enough; the box is what an index finds."""
    row = ListingPlaceRow
    return and_(
        row.latitude.between(of("south"), of("north")),
        row.longitude.between(of("west"), of("east")),
        away_from(of) <= of("within"),
    )


def away_from(of: Parameter) -> ColumnElement[float]:
    """Return how far a place of a listing is, in metres; the nearest come first by index."""
    return ListingPlaceRow.position.op("<->", return_type=Float())(cast(of("here"), Cube))


def spoken(words: str) -> ColumnElement[Any]:
    """Return the query that words make: each to be found, itself or what a synonym puts for it.

    A phrase of several words counts as typed where all of its words were; each of them may then be
    answered by the phrase's synonyms instead. Words that are too common to be kept ask nothing.
    """
    typed = words_of(words)[:MOST_WORDS]
    one = select(_plain(func.unnest(texts(typed)).column_valued("typed")).label("own")).subquery()
    instead = (
        select(func.string_agg(cast(SynonymRow.substitute, Text), " | "))
        .where(contains(_plain(" ".join(typed)), SynonymRow.target))
        .where(contains(SynonymRow.target, one.c.own))
        .scalar_subquery()
    )
    either = func.concat_ws(") | (", cast(one.c.own, Text), instead)
    every = func.string_agg(func.concat("((", either, "))"), " & ")
    return select(cast(every, TSQUERY)).where(func.numnode(one.c.own) > 0).scalar_subquery()


def contains(query: Any, other: Any) -> Clause:  # noqa: ANN401  (columns)
    """Return the condition that all words of another query are in this one."""
    return query.op("@>", return_type=Boolean())(other)  # type: ignore[no-any-return]  # of a column


def said(query: ColumnElement[Any], words: Any = ListingRow.words) -> Clause:  # noqa: ANN401  (a column)
    """Return the condition that a listing's words answer a query; an empty one finds nothing."""
    return words.op("@@", return_type=Boolean())(query)  # type: ignore[no-any-return]  # of a column


def texts(values: Iterable[str]) -> Any:  # noqa: ANN401  (a parameter)
    """Return texts as one parameter, so that the statement is the same whatever their number."""
    return bindparam(None, list(values), type_=ARRAY(Text))


def _plain(words: Any) -> ColumnElement[Any]:  # noqa: ANN401  (a text or a column)
    return func.plainto_tsquery(cast("english", REGCONFIG), words, type_=TSQUERY)


def _openings(
    names: Collection[str], of: Parameter, listing: ColumnElement[Any]
) -> Iterator[Clause]:
    """Yield that a service opens on the day of the week and on the date that are asked for.

    Each may be another of its openings; that opening alone must answer what is asked of the time.
    """
    row = ListingOpeningRow
    hours: list[Clause] = []
    if "start_time" in names:
        hours.append(row.opens >= of("start_time"))
    if "end_time" in names:
        hours.append(row.closes <= of("end_time"))
    days: list[Clause] = []
    if "weekday" in names:
        days.append(row.weekday == of("weekday"))
    if "open_on" in names:
        days.append(_is_open(of))
    for when in days or [true()] * bool(hours):
        yield select(row.listing).where(row.listing == listing, when, *hours).exists()


def _is_open(of: Parameter) -> Clause:
    """Return the condition that an opening falls on a day: `rules.openings.is_open` in SQL."""
    row, on = ListingOpeningRow, of("open_on")
    by_weekday = and_(
        row.month_day.is_(None),
        row.weekday == of("on_weekday"),
        or_(row.ordinal.is_(None), row.ordinal == any_(of("ordinals"))),
    )
    months = of("on_month") - extract("year", row.anchor) * 12 - extract("month", row.anchor)
    weeks = (of("on_monday") - cast(func.date_trunc("week", row.anchor), Date)) / 7
    passed = case((row.monthly, months), else_=weeks)
    return and_(
        or_(row.starts.is_(None), row.starts <= on),
        or_(row.ends.is_(None), row.ends >= on),
        or_(row.month_day == any_(of("month_days")), by_weekday),
        or_(row.every == 1, row.anchor.is_(None), passed % row.every == 0),
    )
