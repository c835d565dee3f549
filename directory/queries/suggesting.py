"""Completing what somebody has begun to type, with what this viewer could find.

The lists that are read here are counted exactly as records change: what stands on one of a kind of
viewer is held by a service that such a viewer may see now.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, zip_longest
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, any_, func, literal, select, union_all
from sqlalchemy.orm import Session

from directory.models.search import ListingLabelRow, ListingWordRow
from directory.queries.conditions import texts
from directory.rules.listing import viewers_of
from directory.rules.words import words_of
from directory.terms.records import Viewer
from directory.terms.searching import Suggestion

MOST_LOOKED_AT: Final = 500
_LEAST_OF_A_WORD: Final = 2
_KINDS: Final = {"term": "topic", "word": "word", "organization": "organization"} | {
    "service": "service"
}


def suggestions(session: Session, prefix: str, viewer: Viewer, limit: int = 8) -> list[Suggestion]:
    """Return what a prefix could be completed to: topics, words, organizations and names by turns.

    What most services hold comes first; upper and lower case, accents and signs do not matter.
    """
    typed = " ".join(words_of(prefix))
    if not typed:
        return []
    kinds = [what for what in _KINDS if what != "word"]
    asked = [_labels(typed, what, viewer, limit) for what in kinds]
    if " " not in typed and len(typed) >= _LEAST_OF_A_WORD:
        asked.append(_words(typed, viewer, limit))
    found: dict[str, list[str]] = {what: [] for what in _KINDS}
    rows = session.execute(union_all(*asked)).all()
    for what, text, _ in sorted(rows, key=lambda row: (-row[2], row[1])):
        found[what].append(text)
    return list(_by_turns(found))[:limit]


def _by_turns(found: Mapping[str, list[str]]) -> Iterator[Suggestion]:
    seen = set()
    named = ([Suggestion(text, _KINDS[what]) for text in texts] for what, texts in found.items())
    for one in chain.from_iterable(zip_longest(*named)):
        if one is not None and one.text.casefold() not in seen:
            seen.add(one.text.casefold())
            yield one


def _labels(typed: str, what: str, viewer: Viewer, limit: int) -> Select[Any]:
    """Return the best of the first labels of a kind that begin so."""
    row = ListingLabelRow
    first = (
        select(row.label, row.services)
        .where(row.what == what, row.viewer == any_(texts(viewers_of(viewer))))
        .where(row.folded.startswith(typed, autoescape=True))
        .order_by(row.folded)
        .limit(MOST_LOOKED_AT)
        .subquery()
    )
    return _best(literal(what), first.c.label, first.c.services, limit)


def _words(typed: str, viewer: Viewer, limit: int) -> Select[Any]:
    row = ListingWordRow
    found = (
        select(row.word, row.services)
        .where(row.viewer == any_(texts(viewers_of(viewer))))
        .where(row.word.startswith(typed, autoescape=True))
        .subquery()
    )
    return _best(literal("word"), found.c.word, found.c.services, limit)


def _best(what: ColumnElement[str], text: Any, services: Any, limit: int) -> Select[Any]:  # noqa: ANN401  (columns)
    how_many = func.sum(services)
    best = select(what, text, how_many).group_by(text).order_by(how_many.desc(), text).limit(limit)
    return select(best.subquery())
