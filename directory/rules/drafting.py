"""What is done to a proposed document before anyone decides on it, and what it must not say.

Whoever proposes a change sees only what their agency may: what they could not see stays as it is,
staff are shown to practitioners unless the draft says otherwise, and what everybody may read must
not repeat an address that is kept from them.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from directory.rules.audience import AUDIENCE, seen_by
from directory.rules.words import folded
from directory.terms.records import ANYONE, PRACTITIONERS, Document, RecordKind, Viewer

Json = Any
LEAKED: Final = (
    "Everybody may read this, and it repeats an address or postcode that is kept from them. "
    "Take it out."
)
_OF_SERVICES: Final = ("status", "assured_date", "last_modified", "service_at_locations")
_NOT_WORDS: Final = re.compile(r"[^a-z0-9]+")
_NUMBER_FIRST: Final = re.compile(r"^(flat |unit )?\d+[a-z]?( \d+[a-z]?)? ")
_POSTCODE: Final = re.compile(r"[a-z]{1,2}\d[a-z0-9]?\d[a-z]{2}")
_ADDRESS: Final = ("address_1", "postal_code")


def sees_whole(document: Document, viewer: Viewer) -> bool:
    """Say whether nothing of a nested record is hidden from the viewer."""
    return bool(seen_by(document, viewer) == _filled(document))


def kept_for_others(held: Document, seen: Document, proposed: Document) -> dict[str, Json]:
    """Return the proposal with all that is on file but that its author could not see.

    `seen` is what they saw of `held`; objects of a list are matched by their ids. Whoever cannot
    see a part can neither take it out nor put another in its place.
    """
    made = dict(proposed)
    for name, value in held.items():
        if isinstance(value, list):
            made |= _list_kept(name, value, seen.get(name, []), proposed.get(name))
        elif isinstance(value, Mapping):
            if name not in seen:
                made[name] = value
            elif isinstance(given := proposed.get(name), Mapping):
                made[name] = kept_for_others(value, seen[name], given)
    return made


def with_private_contacts(document: Json, on_file: Mapping[str, Document]) -> Json:
    """Return a document in which every contact says who may see it, unless one is on file as it is.

    A contact is a member of staff: without a word it is for practitioners.
    """
    if isinstance(document, list):
        return [with_private_contacts(one, on_file) for one in document]
    if not isinstance(document, Mapping):
        return document
    made = {name: with_private_contacts(value, on_file) for name, value in document.items()}
    if isinstance(made.get("contacts"), list):
        made["contacts"] = [_private(one, on_file) for one in made["contacts"]]
    return made


def contacts_of(document: Json) -> dict[str, Document]:
    """Return all contacts within a document by their ids."""
    found: dict[str, Document] = {}
    for part in _objects(document):
        contacts = part.get("contacts")
        for one in contacts if isinstance(contacts, list) else ():
            if (name := _id(one)) is not None:
                found[name] = one
    return found


def places_naming(document: Json, codes: frozenset[str], pointer: str = "") -> Iterator[str]:
    """Yield the pointer of each audience that names one of these agencies."""
    if isinstance(document, Mapping):
        audience = document.get(AUDIENCE)
        for number, code in enumerate(audience if isinstance(audience, list) else ()):
            if isinstance(code, str) and code in codes:
                yield f"{pointer}/{AUDIENCE}/{number}"
    for name, one in _members(document):
        if name != AUDIENCE:
            yield from places_naming(one, codes, f"{pointer}/{name}")


def misplaced(kind: RecordKind, document: Document) -> Iterator[str]:
    """Yield the pointer of each field that only services have, in a record of another kind."""
    if kind is not RecordKind.SERVICE:
        yield from (f"/{name}" for name in _OF_SERVICES if name in document)


def leaks(document: Document) -> Iterator[str]:
    """Yield the pointer of each text that anyone may read and that repeats a hidden address."""
    seen = seen_by(document, ANYONE)
    if seen is None:
        return
    hidden = _said_of_places(document) - _said_of_places(seen)
    for pointer, text in _texts(seen, document, ""):
        words = f" {_plain(text)} "
        if any(f" {one} " in words for one in hidden):
            yield pointer


def _list_kept(name: str, held: list[Json], seen: list[Json], given: Json) -> dict[str, Json]:
    """Return the list under a name as it is to be; nothing if the proposal leaves it out."""
    if any(isinstance(one, Mapping) and _id(one) is None for one in held):
        return {} if seen == held else {name: held}  # without ids, nobody can tell what is whose
    on_file, shown = _ids(held), _ids(seen)
    hidden = on_file.keys() - shown.keys()
    if not hidden and not isinstance(given, list):
        return {}
    kept = []
    for one in given if isinstance(given, list) else ():
        known = _id(one)
        if known is not None and known in shown:
            kept.append(kept_for_others(on_file[known], shown[known], one))
        elif known not in hidden:
            kept.append(one)
    return {name: _in_their_places(kept, on_file, hidden)}


def _in_their_places(
    kept: list[Json], on_file: Mapping[str, Document], hidden: Collection[str]
) -> list[Json]:
    """Return what is kept, with what is hidden after whatever stands before it on file."""
    made, place = list(kept), 0
    for name, one in on_file.items():
        if name in hidden:
            made.insert(place, one)
            place += 1
        else:
            place = next((at + 1 for at, other in enumerate(made) if _id(other) == name), place)
    return made


def _ids(items: list[Json]) -> dict[str, Document]:
    return {name: one for one in items if (name := _id(one)) is not None}


def _id(item: Json) -> str | None:
    found = item.get("id") if isinstance(item, Mapping) else None
    return found if isinstance(found, str) else None


def _private(contact: Json, on_file: Mapping[str, Document]) -> Json:
    if not isinstance(contact, Mapping) or AUDIENCE in contact:
        return contact
    held = on_file.get(_id(contact) or "")
    if held is None:
        return {**contact, AUDIENCE: PRACTITIONERS}
    return {**contact, AUDIENCE: held[AUDIENCE]} if AUDIENCE in held else contact


def _filled(value: Json) -> Json:
    if isinstance(value, Mapping):
        parts = {name: _filled(one) for name, one in value.items()}
        return {name: one for name, one in parts.items() if one not in (None, [], {})}
    return [_filled(one) for one in value] if isinstance(value, list) else value


def _objects(value: Json) -> Iterator[Document]:
    if isinstance(value, Mapping):
        yield value
    for _, one in _members(value):
        yield from _objects(one)


def _members(value: Json) -> Iterator[tuple[object, Json]]:
    """Yield the parts of an object or a list with their names or numbers; nothing of a leaf."""
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _said_of_places(document: Document) -> frozenset[str]:
    """Return what a document's addresses say, as it would be found in a text."""
    found = set()
    for part in _objects(document):
        for name in _ADDRESS:
            if isinstance(said := part.get(name), str):
                plain = _plain(said)
                found |= {plain, _NUMBER_FIRST.sub("", plain), plain.replace(" ", "")}
    return frozenset(one for one in found if " " in one or _POSTCODE.fullmatch(one))


def _plain(text: str) -> str:
    return _NOT_WORDS.sub(" ", folded(text)).strip()


def _texts(seen: Json, whole: Json, pointer: str) -> Iterator[tuple[str, str]]:
    """Yield all texts that are seen, with where they stand in the whole document."""
    if isinstance(seen, str):
        yield pointer, seen
    elif isinstance(seen, list):
        places = {_id(one): number for number, one in enumerate(whole)}
        for one in seen:
            place = places.get(_id(one)) if _id(one) is not None else None
            if place is None:
                yield from _texts(one, one, pointer)
            else:
                yield from _texts(one, whole[place], f"{pointer}/{place}")
    elif isinstance(seen, Mapping):
        for name, one in seen.items():
            yield from _texts(one, whole[name], f"{pointer}/{name}")


def naming(document: Json, name: str, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield pointer and value of each field of this name, in any part of a document."""
    for member, one in _members(document):
        if member == name and one is not None:
            yield f"{pointer}/{member}", str(one)
        yield from naming(one, name, f"{pointer}/{member}")
