"""Lists by keyset: a page says where it ended, and the next begins after that place.

No page numbers (rows that arrive meanwhile would shift them) and no totals (to count is to read
everything). A cursor is signed, holds the sort key of the last item and continues only the list
and the filters that it came from, for the agency whose client it was given to. It travels in URLs
and logs of others: sort by ids, codes and instants, never by anything about a person.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

import marshmallow
from flask import abort, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from app.kernel.auth import agency_calling
from app.kernel.problem import problem
from app.kernel.schema import ListOf, Nested, QueryNumber, Schema, Text, WholeNumber

LARGEST_PAGE = 200
USUAL_PAGE = 50
LONGEST_CURSOR = 1000

Item = TypeVar("Item")
Key = tuple[str | int | UUID | datetime | date, ...]


def _size(number: type[WholeNumber]) -> WholeNumber:
    described = {"description": "How many items a page may hold", "default": USUAL_PAGE}
    return number(min=1, max=LARGEST_PAGE, load_default=USUAL_PAGE, metadata=described)


class PageBodySchema(Schema):
    """What a search by POST adds to its filters, where they speak of a person."""

    size = _size(WholeNumber)
    cursor = Text(max=LONGEST_CURSOR, metadata={"description": "`page.next` of the page before"})


class PageQuerySchema(PageBodySchema):
    """The query of a list; a list with filters adds its fields in a subclass."""

    size = _size(QueryNumber)


class PageSchema(Schema):
    """Where a page stands in its list."""

    size = WholeNumber(min=0, max=LARGEST_PAGE, required=True)
    next = Text(
        max=LONGEST_CURSOR,
        required=True,
        allow_none=True,
        metadata={"description": "Cursor of the next page; null on the last"},
    )


def page_schema(item: type[Schema]) -> type[marshmallow.Schema]:
    """Return the schema of a page of these items: `{"items": […], "page": {"size", "next"}}`."""
    fields = {
        "items": ListOf(Nested(item), max=LARGEST_PAGE, required=True),
        "page": Nested(PageSchema, required=True),
    }
    named = item.__name__.removesuffix("Schema")
    return Schema.from_dict(cast("dict[str, Any]", fields), name=f"{named}PageSchema")


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for: ask the database for `limit` rows after this key."""

    size: int
    after: Key | None
    signed_for: str

    @property
    def limit(self) -> int:
        """One more than the page holds, to see whether another follows."""
        return self.size + 1


@dataclass(frozen=True, slots=True)
class PageMark:
    """The `page` member of a page; `size` counts the items on it."""

    size: int
    next: str | None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list, as `page_schema` dumps it."""

    items: Sequence[Item]
    page: PageMark


def window_of(asked: Mapping[str, Any]) -> Window:
    """Return the window that validated arguments ask for; a cursor from elsewhere is a 422.

    `asked` holds `size`, `cursor` and the list's filters, all of which the cursor is bound to.
    """
    filters = {name: value for name, value in asked.items() if name not in {"size", "cursor"}}
    signed_for = _fingerprint(filters)
    cursor = asked.get("cursor")
    return Window(asked["size"], _opened(cursor, signed_for) if cursor else None, signed_for)


def page_of(
    rows: Sequence[Item], window: Window, key: Callable[[Item], Key]
) -> tuple[Page[Item], dict[str, str]]:
    """Return the page that these rows make, and its headers: `Link`, where another page follows.

    `rows` are up to `window.limit` in the order of `key`, whose last part is unique.
    """
    items = rows[: window.size]
    return page_until(items, window, key(items[-1]) if len(rows) > window.size else None)


def page_until(
    items: Sequence[Item], window: Window, resume: Key | None
) -> tuple[Page[Item], dict[str, str]]:
    """Return a page of these items after which the list goes on from `resume`, or ends with them.

    It may hold fewer items than it could: a search says how far it looked.
    """
    if resume is None:
        return Page(items, PageMark(len(items), None)), {}
    cursor = _signer(window.signed_for).dumps([_plain(part) for part in resume])
    page = Page(items, PageMark(len(items), cursor))
    if request.method != "GET":  # a link cannot carry the body of a search
        return page, {}
    query = [*_without_cursor(request.args.items(multi=True)), ("cursor", cursor)]
    return page, {"Link": f'<{request.path}?{urlencode(query)}>; rel="next"'}


def _without_cursor(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in pairs if name != "cursor"]


def _fingerprint(filters: Mapping[str, Any]) -> str:
    """Return what tells this list, its filters and its reader's agency from every other."""
    named = {name: _sorted(value) for name, value in filters.items()}
    whole = [request.endpoint, request.view_args or {}, named, agency_calling()]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()


def _sorted(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, (set, frozenset)) else value


def _signer(signed_for: str) -> URLSafeSerializer:
    if not current_app.secret_key:
        raise RuntimeError("cursors need app.secret_key: with none, anyone could sign them")
    return URLSafeSerializer(
        current_app.secret_key,
        salt=f"rightshare.cursor.{signed_for}",
        signer_kwargs={"digest_method": hashlib.sha256},
    )


def _plain(part: object) -> list[str | int]:
    """Return one part of a key with the letter of its type, so that it comes back the same."""
    for letter, (kind, write, _) in _KINDS.items():
        if isinstance(part, kind):
            return [letter, write(part)]
    message = f"{type(part).__name__} cannot be part of a cursor"
    raise TypeError(message)


def _opened(cursor: str, signed_for: str) -> Key:
    try:
        parts = _signer(signed_for).loads(cursor)
    except BadData:
        detail = "This cursor does not belong to this list. Start again without one."
        errors = [{"parameter": "cursor", "detail": detail}]
        abort(problem(422, "cursor_invalid", detail, errors=errors))
    return tuple(_KINDS[letter][2](written) for letter, written in parts)


# In this order: a datetime is a date too.
_KINDS: dict[str, tuple[type, Callable[[Any], str | int], Callable[[Any], Any]]] = {
    "t": (datetime, datetime.isoformat, datetime.fromisoformat),
    "d": (date, date.isoformat, date.fromisoformat),
    "u": (UUID, str, UUID),
    "s": (str, str, str),
    "n": (int, int, int),
}
