"""How the feed writes what it shows: rows, single records, tombstones, and the page around them.

Everything passes `seen_by` first. Members come in the standard's order, ours after them; what is
empty is left out, but for what the standard cannot be without.
"""

from collections.abc import Mapping
from math import ceil
from typing import Any, Final

from directory.rules.audience import seen_by
from directory.rules.forms import Form, form_of
from directory.terms.records import Document, Viewer

Written = dict[str, Any]

DEFUNCT: Final = "defunct"
_PLACES: Final = "service_at_locations"
_HIDES: Final = "addresses"
"""The one list that a row is judged by though it is not in it: it hides the place it belongs to."""
_EMPTY: Final[tuple[object, ...]] = (None, "", [], {})
_NAMES_ITSELF: Final = frozenset({"organization", "taxonomy", "taxonomy_term"})


def row(kind: str, document: Document, viewer: Viewer) -> Written | None:
    """Return what there is one of in a record, as the viewer may see it; None if that is nothing.

    What a service belongs to is one of these: its organization stands in the row, as a row.
    """
    seen = seen_by(_slim(document), viewer)
    return None if seen is None else _marked(kind, written(kind, _without_lists(seen)), viewer)


def whole(kind: str, document: Document, viewer: Viewer) -> Written | None:
    """Return all of a nested record that the viewer may see; None if that is nothing."""
    seen = seen_by(document, viewer)
    return None if seen is None else _marked(kind, written(kind, seen), viewer)


def row_at_location(service: Document, place: str, viewer: Viewer) -> Written | None:
    """Return where a nested service is given, as a row; None if the viewer may not see it."""
    here = [_slim(one) for one in service.get(_PLACES, ()) if _is(one, place)]
    seen = seen_by({**_slim(service), _PLACES: here}, viewer)
    return None if seen is None else _at_location(seen, _without_lists, viewer)


def whole_at_location(service: Document, place: str, viewer: Viewer) -> Written | None:
    """Return where a nested service is given, with all of both; None if it may not be seen.

    When it is given elsewhere is left out.
    """
    seen = seen_by(service, viewer)  # with all its places: what is at a hidden one must go
    if seen is not None:
        seen[_PLACES] = [one for one in seen.get(_PLACES, ()) if _is(one, place)]
    if seen is not None and "schedules" in seen:
        seen["schedules"] = [
            one for one in seen["schedules"] if _is(one, place, "service_at_location_id", place)
        ]
    return None if seen is None else _at_location(seen, dict, viewer)


def tombstone(service: object, name: str) -> Written:
    """Return what is left in public of a service that ended, or that is public no longer."""
    return {"id": str(service), "name": name, "status": DEFUNCT}


def envelope(total: int, page: int, per_page: int, rows: list[Written]) -> Written:
    """Return a page as the standard wraps it; one past the end is empty, and the last."""
    pages = ceil(total / per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(rows),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not rows,
        "contents": rows,
    }


def written(kind: str, document: Document) -> Written:
    """Return an object in the standard's order, without what is empty, and so all within it."""
    form = form_of(kind)
    told = {
        name: _value(form.within.get(name, ""), document[name])
        for name in sorted(document, key=lambda name: (form.rank.get(name, len(form.rank)), name))
    }
    if kind in _NAMES_ITSELF and not told.get("description"):
        told = _with_description(told)
    return {name: value for name, value in told.items() if _stays(form, name, value)}


def _value(kind: str, value: object) -> object:
    if isinstance(value, Mapping):
        return written(kind, value)
    if isinstance(value, list):
        return [one for one in (_value(kind, one) for one in value) if one not in _EMPTY]
    return value


def _stays(form: Form, name: str, value: object) -> bool:
    return value not in _EMPTY or (name in form.mandatory and value == "")


def _with_description(told: Written) -> Written:
    """Return it with the description that the standard demands of it: its name, for want of one."""
    beginning = {name: told.pop(name) for name in ("id", "name") if name in told}
    return beginning | {**told, "description": beginning.get("name", "")}


def _marked(kind: str, told: Written, viewer: Viewer) -> Written:
    """Mark what is archived, which only practitioners are shown."""
    if kind == "service" and viewer.agency is not None and told.get("status") == DEFUNCT:
        told["archived"] = True
    return told


def _at_location(seen: Written, told: Any, viewer: Viewer) -> Written | None:  # noqa: ANN401  (a function of a document)
    places = seen.pop(_PLACES, ())
    if not places:
        return None
    place = {"service_id": seen["id"], **places[0]}
    both = written("service_at_location", {**told(place), "service": told(seen)})
    both["service"] = _marked("service", both["service"], viewer)
    return both


def _is(part: Document, wanted: str, member: str = "id", otherwise: str = "") -> bool:
    return str(part.get(member, otherwise)).lower() == wanted


def _slim(document: Document) -> Written:
    """Return a document without its lists, but for what decides whether it may be seen."""
    return {
        name: _slim(value) if isinstance(value, Mapping) else value
        for name, value in document.items()
        if not isinstance(value, list) or name in {_HIDES, "audience"}
    }


def _without_lists(document: Document) -> Written:
    return {
        name: _without_lists(value) if isinstance(value, Mapping) else value
        for name, value in document.items()
        if not isinstance(value, list) or name == "audience"
    }
