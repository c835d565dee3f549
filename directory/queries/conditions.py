"""What a search asks, as conditions on what its viewer may find."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Float,
    Text,
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
)
from sqlalchemy.dialects.postgresql import ARRAY, REGCONFIG, TSQUERY

from directory.models.search import Cube, ListingOpeningRow, ListingPlaceRow, ListingRow, SynonymRow
from directory.rules.distance import box, cube
from directory.rules.levels import level_code
from directory.rules.listed import EVERYWHERE, FREE
from directory.rules.listing import viewers_of
from directory.rules.openings import WEEKDAYS, days_in_month, monday, ordinals
from directory.rules.words import MOST_WORDS, key_of, words_of
from directory.terms.places import Place
from directory.terms.records import Viewer
from directory.terms.searching import ServiceSearch

Clause = ColumnElement[bool]
FOUND_BY_PEOPLE: Final = ("active", "temporarily closed")
DEFUNCT: Final = "defunct"


def seen_by_viewer(viewer: Viewer) -> Clause:
    """Return the condition that a listing is this viewer's, once for each service it may see."""
    own = ListingRow.viewer == any_(texts(viewers_of(viewer)))
    if viewer.agency is None:
        return own
    return and_(own, not_(literal(viewer.agency) == any_(ListingRow.shadowed_by)))


def conditions(search: ServiceSearch, place: Place | None) -> Iterator[Clause]:
    """Yield what a search asks of a listing, its words and its statuses apart.

    A postcode that was not read is nowhere: it finds nothing, never everything.
    """
    row = ListingRow
    if place is None and (search.postcode is not None or search.proximity is not None):
        yield false()
    wanted = list(traits(search))
    if wanted:
        yield row.traits.contains(texts(wanted))
    yield from _ages(search)
    if search.accessibility is not None:
        said = key_of(search.accessibility)
        yield row.accessibility.contains(said, autoescape=True) if said else false()
    if search.free is False:
        yield not_(row.traits.contains(texts([FREE])))
    if search.modified_after is not None:
        yield row.last_modified >= search.modified_after
    if place is not None:
        yield row.traits.overlap(texts(areas_of(place)))
    yield from _openings(search)


def traits(search: ServiceSearch) -> Iterator[str]:
    """Yield the traits that a listing must have, all of them."""
    yield from (f"term:{one}" for one in search.taxonomy_term_ids)
    if search.taxonomy_id is not None:
        yield f"taxonomy:{search.taxonomy_id}"
    if search.organization_id is not None:
        yield f"organization:{search.organization_id}"
    if search.level_of_need is not None:
        yield f"level_of_need:{level_code(search.level_of_need)}"
    if search.free:
        yield FREE
    for kind in ("language", "suitable_for", "referral"):
        if (said := getattr(search, kind)) is not None:
            yield f"{kind}:{key_of(said)}"
    if search.who_can_refer is not None:
        yield f"who_can_refer:{key_of(search.who_can_refer)}"


def areas_of(place: Place) -> list[str]:
    """Return the traits of which a service that covers a place has one."""
    ward = () if place.ward is None or place.approximate else (f"area:{place.ward}",)
    return [EVERYWHERE, f"area:{place.district}", *ward]


def within(place: Place, metres: float) -> Clause:
    """Return the condition that a place of a listing is so near; the box is what an index finds."""
    row, around = ListingPlaceRow, box(place.latitude, place.longitude, metres)
    return and_(
        row.latitude.between(around.south, around.north),
        row.longitude.between(around.west, around.east),
        away_from(place) <= metres,
    )


def away_from(place: Place) -> ColumnElement[float]:
    """Return how far a place of a listing is, in metres; the nearest come first by index."""
    here = cast(bindparam(None, cube(place.latitude, place.longitude), Text), Cube)
    return ListingPlaceRow.position.op("<->", return_type=Float())(here)


def near(search: ServiceSearch, place: Place | None) -> Iterator[Clause]:
    """Yield that a listing has a place within the distance that is asked for, if one is."""
    if place is None or search.proximity is None:
        return
    row = ListingPlaceRow
    yield ListingRow.key.in_(select(row.listing).where(within(place, search.proximity)))


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


def _plain(words: Any) -> ColumnElement[Any]:  # noqa: ANN401  (a text or a column)
    return func.plainto_tsquery(cast("english", REGCONFIG), words, type_=TSQUERY)


def said(query: ColumnElement[Any]) -> Clause:
    """Return the condition that a listing's words answer a query; an empty one finds nothing."""
    return ListingRow.words.op("@@", return_type=Boolean())(query)


def texts(values: Iterable[str]) -> Any:  # noqa: ANN401  (a parameter)
    """Return texts as one parameter, so that the statement is the same whatever their number."""
    return bindparam(None, list(values), type_=ARRAY(Text))


def _ages(search: ServiceSearch) -> Iterator[Clause]:
    row = ListingRow
    if search.minimum_age is not None:
        yield row.minimum_age >= search.minimum_age
    if search.maximum_age is not None:
        yield row.maximum_age <= search.maximum_age
    if search.age is not None:
        yield func.coalesce(row.minimum_age, search.age) <= search.age
        yield func.coalesce(row.maximum_age, search.age) >= search.age


def _openings(search: ServiceSearch) -> Iterator[Clause]:
    """Yield that one and the same opening answers all that is asked of day and time."""
    row = ListingOpeningRow
    asked: list[Clause] = []
    if search.day is not None:
        asked.append(row.weekday == WEEKDAYS.index(search.day))
    if search.start_time is not None:
        asked.append(row.opens >= search.start_time)
    if search.end_time is not None:
        asked.append(row.closes <= search.end_time)
    if search.open_on is not None:
        asked.append(is_open(search.open_on))
    if asked:
        yield select(row.listing).where(row.listing == ListingRow.key, *asked).exists()


def is_open(on: date) -> Clause:
    """Return the condition that an opening falls on a day: `rules.openings.is_open` in SQL."""
    row = ListingOpeningRow
    first, last = ordinals(on)
    from_end = on.day - days_in_month(on) - 1
    by_weekday = and_(
        row.month_day.is_(None),
        row.weekday == on.weekday(),
        or_(row.ordinal.is_(None), row.ordinal.in_((first, last))),
    )
    return and_(
        or_(row.starts.is_(None), row.starts <= on),
        or_(row.ends.is_(None), row.ends >= on),
        or_(row.month_day.in_((on.day, from_end)), by_weekday),
        or_(row.every == 1, row.anchor.is_(None), _passed(row.anchor, on) % row.every == 0),
    )


def _passed(anchor: Any, on: date) -> ColumnElement[Any]:  # noqa: ANN401  (a column)
    """Return how many weeks or months lie between an opening's first day and a day."""
    months = on.year * 12 + on.month - extract("year", anchor) * 12 - extract("month", anchor)
    weeks = (literal(monday(on)) - cast(func.date_trunc("week", anchor), Date)) / 7
    return case((ListingOpeningRow.monthly, months), else_=weeks)
