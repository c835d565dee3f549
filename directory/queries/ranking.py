"""The best of what a person's search looks at, in order, with what it could be narrowed to.

One statement gives it all as one row: the number, the facets, and one page of hits.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, aggregate_order_by
from sqlalchemy.orm import Session

from app.kernel.prepared import Prepared
from directory.models.search import ListingLabelRow, ListingRow, ListingSaidRow
from directory.queries.candidates import Form, candidates, query, viewers
from directory.queries.conditions import said, texts
from directory.rules.distance import BANDS, FAR_BANDS, PLACELESS
from directory.rules.facets import FACETS
from directory.rules.freshness import ageing_after, fresh_after

MOST_VALUES: Final = 60
_ALL: Final = 2**31


def best(session: Session, form: Form, asked: Mapping[str, Any], on: date) -> Any:  # noqa: ANN401  (a row)
    """Return the number, the facets and one page of what a search finds, as one row.

    `asked` are the values of its form, and `first` and `size` of the page.
    """
    days = {"fresh_after": fresh_after(on), "ageing_after": ageing_after(on)}
    return _made(form).one(session, {**asked, **days, "tomorrow": on + timedelta(days=1)})


@lru_cache(maxsize=512)
def _made(form: Form) -> Prepared:
    """Return the statement of a form of search.

    To put it together takes longer than PostgreSQL does to answer it.
    """
    return Prepared(_statement(form))


def _statement(form: Form) -> Select[Any]:
    row = ListingRow
    columns = (row.key, row.service_id, row.name, row.assured_on, row.traits)
    looked_at = candidates(form, [*columns, _in_words(form), _aged()])
    found = _banded(form, looked_at.rows)
    first, size = (bindparam(name, type_=Integer()) for name in ("first", "size"))
    page = select(found).order_by(*_order(found)).offset(first).limit(size).subquery("page")
    return select(
        select(func.count()).select_from(looked_at.rows).scalar_subquery().label("total"),
        looked_at.are_all.label("are_all"),
        (_facets(looked_at.rows) if form.counts else null()).label("facets"),
        _hits(form, page).label("hits"),
    )


def _in_words(form: Form) -> ColumnElement[int]:
    """Return whether all words are in the name, in name and topics, or anywhere."""
    if not form.has_words:
        return literal(0).label("in_words")
    row = ListingRow
    ranks = case((said(query(), row.named), 0), (said(query(), row.told), 1), else_=2)
    return ranks.label("in_words")


def _aged() -> ColumnElement[int]:
    """Return the rank of a record's freshness: `rules.freshness.freshness` in SQL."""
    days = ("fresh_after", "ageing_after", "tomorrow")
    fresh, ageing, tomorrow = (bindparam(name, type_=Date()) for name in days)
    assured, known = ListingRow.assured_on, ListingRow.assured_on <= tomorrow
    whens = (and_(assured > fresh, known), 0), (and_(assured > ageing, known), 1)
    return case(*whens, else_=2).label("aged")


def _banded(form: Form, rows: CTE) -> CTE:
    """Return listings with the rank of their distance; where no place is asked, all are alike."""
    rank = _band(rows.c.metres) if form.has_place else literal(0)
    return select(rows, rank.label("band")).cte("banded")


def _band(metres: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the rank of a distance: `rules.distance.band` in SQL."""
    near = [(metres <= edge, number) for number, edge in enumerate(BANDS)]
    far = [(metres <= edge, PLACELESS + 1 + number) for number, edge in enumerate(FAR_BANDS)]
    whens = [*near, (metres.is_(None), PLACELESS), *far]
    return case(*whens, else_=PLACELESS + 1 + len(FAR_BANDS))


def _order(found: FromClause) -> Sequence[ColumnElement[Any]]:
    of = found.c
    return (of.in_words, of.band, of.aged, of.metres.nulls_last(), of.name, of.service_id)


def _facets(found: CTE) -> ColumnElement[Any]:
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
        .where(row.viewer == any_(viewers()))
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


def _hits(form: Form, page: FromClause) -> ColumnElement[Any]:
    """Return one page of hits, each with what its reasons are made of."""
    row, more = ListingRow, ListingSaidRow
    one = func.json_build_object(
        *("service", page.c.service_id, "at_location", page.c.at_location),
        *("metres", page.c.metres, "assured_on", page.c.assured_on, "traits", page.c.traits),
        *("youngest", row.minimum_age, "oldest", row.maximum_age, "areas", more.areas),
        *("held", _held() if form.has_words else null()),
    )
    return (
        select(func.json_agg(aggregate_order_by(one, *_order(page))))
        .select_from(page)
        .join(row, row.key == page.c.key)
        .outerjoin(more, more.listing == page.c.key)
        .scalar_subquery()
    )


def _held() -> ColumnElement[Any]:
    """Return for each phrase of each word with which weight it is held, null where it is not."""
    phrases = func.unnest(bindparam("phrases", type_=ARRAY(Text)))
    each = phrases.table_valued("phrase", with_ordinality="number").render_derived("each")
    phrase, row = cast(each.c.phrase, TSQUERY), ListingRow
    weight = case(
        (said(phrase, row.named), "A"), (said(phrase, row.told), "B"), (said(phrase), "C")
    )
    held = select(func.json_agg(aggregate_order_by(weight, each.c.number))).select_from(each)
    return held.correlate(row).scalar_subquery()
