"""What a search page was sent: the search, the page of it, and the shortlist carried along.

There is no cookie and nothing is kept: each form brings all of it again. Besides the fields of the
search, buttons bring one change: `narrow` sets a field (`language=ur`), `remove` empties one, `add`
and `drop` change the shortlist.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from directory.schemas.search_form import SearchFormSchema, ShortlistSchema
from directory.terms.searching import ServiceSearch

Errors = Mapping[str, list[str]]

_FORM: Final = SearchFormSchema()
_SHORTLIST: Final = ShortlistSchema()
_LISTED: Final = "shortlist"
_PAGE: Final = "page"
_CHANGES: Final = ("narrow", "remove", "add", "drop")
FIELDS: Final = tuple(name for name in _FORM.fields if name != _PAGE)
_NEEDS: Final = {"postcode": ("distance",)}
"""What makes no sense without a field, and goes with it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, as typed and as read; with errors, `search` is empty."""

    typed: Mapping[str, str] = field(default_factory=dict)
    search: ServiceSearch = field(default_factory=ServiceSearch)
    page: int = 1
    shortlist: tuple[UUID, ...] = ()
    errors: Errors = field(default_factory=dict)

    @property
    def carried(self) -> tuple[tuple[str, str], ...]:
        """What the next form must bring again, but for the page."""
        listed = ((_LISTED, str(one)) for one in self.shortlist)
        return (*self.typed.items(), *listed)


def asked(form: MultiDict[str, str]) -> Asked:
    """Return what a form asks, its one change made."""
    typed = {name: value.strip() for name, value in form.items() if value.strip()}
    listed = [one for value in form.getlist(_LISTED) for one in value.split(",") if one]
    changes: dict[str, str] = {name: typed.pop(name) for name in _CHANGES if name in typed}
    typed.pop(_LISTED, None)
    typed = _changed(typed, changes)
    listed = _relisted(listed, changes)
    shortlist, wrong = _loaded(_SHORTLIST, {_LISTED: listed})
    read, errors = _loaded(_FORM, typed)
    kept = {name: value for name, value in typed.items() if name in FIELDS}
    return Asked(
        kept,
        read.get("search", ServiceSearch()),
        read.get(_PAGE, 1),
        tuple(dict.fromkeys(shortlist.get(_LISTED, ()))),
        errors | wrong,
    )


def _changed(typed: dict[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with one set or emptied; a changed search begins at its first page."""
    name, _, value = changes.get("narrow", "").partition("=")
    gone = changes.get("remove")
    if name:
        typed = typed | {name: value}
    if gone:
        without = {gone, *_NEEDS.get(gone, ())}
        typed = {one: said for one, said in typed.items() if one not in without}
    return {one: said for one, said in typed.items() if one != _PAGE} if name or gone else typed


def _relisted(listed: list[str], changes: Mapping[str, str]) -> list[str]:
    added = [changes["add"]] if "add" in changes else []
    return [one for one in dict.fromkeys(listed + added) if one != changes.get("drop")]


def _loaded(
    schema: SearchFormSchema | ShortlistSchema, sent: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    try:
        return schema.load(sent), {}
    except ValidationError as error:
        said: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow's own
        return {}, {name: _told(messages) for name, messages in said.items()}


def _told(messages: Mapping[Any, Any] | list[Any] | str) -> list[str]:
    """Return the texts of a field's messages, however deep they stand; each once."""
    if isinstance(messages, str):
        return [messages]
    inner = messages.values() if isinstance(messages, Mapping) else messages
    return list(dict.fromkeys(text for one in inner for text in _told(one)))
