"""The best of what a person's search looks at, in order, with what it could be narrowed to.

One statement gives it all as one row: the number, the facets, and one page of hits.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    and_,
    any_,
    case,
    func,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from directory.models.search import ListingLabelRow, ListingPlaceRow, ListingRow, ListingSaidRow
from directory.queries.candidates import Asked, candidates, ts
from directory.queries.conditions import away_from, said, texts
from directory.rules.distance import BANDS, FAR_BANDS, PLACELESS
from directory.rules.facets import FACETS
from directory.rules.freshness import ageing_after, fresh_after
from directory.rules.listing import viewers_of
from directory.rules.reading import IN_NAMES, IN_TOPICS, weighted
from directory.terms.records import Viewer

MOST_VALUES: Final = 60
_ALL: Final = 2**31


def best(asked: Asked, on: date, first: int, size: int) -> Select[Any]:
    """Return the statement that finds, ranks and counts; its hits begin after the first so many."""
    row = ListingRow
    columns = (row.key, row.service_id, row.name, row.assured_on, row.traits)
    looked_at = candidates(asked, [*columns, _in_words(asked), _aged(on)])
    found = _placed(asked, looked_at.rows)
    page = select(found).order_by(*_order(found)).offset(first).limit(size).subquery("page")
    return select(
        select(func.count()).select_from(looked_at.rows).scalar_subquery().label("total"),
        looked_at.are_all.label("are_all"),
        _facets(looked_at.rows, asked.viewer).label("facets"),
        _hits(asked, page).label("hits"),
    )


def _placed(asked: Asked, rows: CTE) -> CTE:
    """Return listings with the nearest of their places, and the rank of its distance."""
    if asked.place is None:
        nowhere = null().label("at_location"), null().label("metres"), literal(0).label("band")
        return select(rows, *nowhere).cte("placed")
    if "metres" in rows.c:
        return select(rows, _band(rows.c.metres).label("band")).cte("placed")
    at, away = ListingPlaceRow, away_from(asked.place).label("metres")
    nearest = (
        select(at.at_location, away)
        .where(at.listing == rows.c.key)
        # By the bare distance it would go through all places, the nearest first, for each listing.
        .order_by(away + 0.0, at.number)
        .limit(1)
        .lateral("nearest")
    )
    there = select(rows, nearest.c.at_location, nearest.c.metres)
    there = there.add_columns(_band(nearest.c.metres).label("band"))
    return there.select_from(rows).outerjoin(nearest, true()).cte("placed")


def _in_words(asked: Asked) -> ColumnElement[int]:
    """Return whether all words are in the name, in name and topics, or anywhere."""
    if asked.reading is None:
        return literal(0).label("in_words")
    named = said(ts(weighted(asked.query, IN_NAMES)))
    told = said(ts(weighted(asked.query, IN_TOPICS)))
    return case((named, 0), (told, 1), else_=2).label("in_words")


def _aged(on: date) -> ColumnElement[int]:
    """Return the rank of a record's freshness: `rules.freshness.freshness` in SQL."""
    assured, tomorrow = ListingRow.assured_on, on + timedelta(days=1)
    fresh = and_(assured > fresh_after(on), assured <= tomorrow)
    ageing = and_(assured > ageing_after(on), assured <= tomorrow)
    return case((fresh, 0), (ageing, 1), else_=2).label("aged")


def _band(metres: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the rank of a distance: `rules.distance.band` in SQL."""
    near = [(metres <= edge, number) for number, edge in enumerate(BANDS)]
    far = [(metres <= edge, PLACELESS + 1 + number) for number, edge in enumerate(FAR_BANDS)]
    whens = [*near, (metres.is_(None), PLACELESS), *far]
    return case(*whens, else_=PLACELESS + 1 + len(FAR_BANDS))


def _order(found: FromClause) -> Sequence[ColumnElement[Any]]:
    of = found.c
    return (of.in_words, of.band, of.aged, of.metres.nulls_last(), of.name, of.service_id)


def _facets(found: CTE, viewer: Viewer) -> ColumnElement[Any]:
    """Return kind, value, number and label of each trait, the commonest of each kind."""
    each = select(func.unnest(found.c.traits).label("trait")).subquery("each")
    counted = select(each.c.trait, func.count().label("services")).group_by(each.c.trait)
    # The limit keeps PostgreSQL from testing each trait's kind before it has counted them.
    all_ = counted.limit(_ALL).subquery("counted")
    kind = func.split_part(all_.c.trait, ":", 1)
    value = func.substr(all_.c.trait, func.strpos(all_.c.trait, ":").op("+")(1))
    place = func.row_number().over(
        partition_by=kind, order_by=(all_.c.services.desc(), all_.c.trait)
    )
    few = (
        select(kind.label("kind"), value.label("value"), all_.c.services, place.label("place"))
        .where(kind == any_(texts(FACETS)))
        .subquery("few")
    )
    row = ListingLabelRow
    label = (
        select(row.label)
        .where(row.viewer == any_(texts(viewers_of(viewer))))
        .where(row.what == few.c.kind, row.key == few.c.value)
        .order_by(row.services.desc(), row.label)
        .limit(1)
        .scalar_subquery()
    )
    listed = func.json_build_array(few.c.kind, few.c.value, few.c.services, label)
    return (
        select(func.json_agg(listed))
        .where(few.c.place <= MOST_VALUES)
        .select_from(few)
        .scalar_subquery()
    )


def _hits(asked: Asked, page: FromClause) -> ColumnElement[Any]:
    """Return one page of hits, each with what its reasons are made of."""
    row, more = ListingRow, ListingSaidRow
    one = func.json_build_object(
        *("service", page.c.service_id, "at_location", page.c.at_location),
        *("metres", page.c.metres, "assured_on", page.c.assured_on, "traits", page.c.traits),
        *("youngest", row.minimum_age, "oldest", row.maximum_age, "areas", more.areas),
        *("held", _held(asked)),
    )
    return (
        select(func.json_agg(aggregate_order_by(one, *_order(page))))
        .select_from(page)
        .join(row, row.key == page.c.key)
        .outerjoin(more, more.listing == page.c.key)
        .scalar_subquery()
    )


def _held(asked: Asked) -> ColumnElement[Any]:
    """Return for each phrase of each word with which weight it is held, null where it is not."""
    words = () if asked.reading is None else asked.reading.words
    return func.json_build_array(
        *(func.json_build_array(*(_weight(one.query) for one in word.phrases)) for word in words)
    )


def _weight(query: str) -> ColumnElement[Any]:
    return case(
        (said(ts(weighted(query, IN_NAMES))), "A"),
        (said(ts(weighted(query, IN_TOPICS))), "B"),
        (said(ts(query)), "C"),
    )
