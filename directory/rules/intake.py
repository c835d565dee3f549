"""What of a row can be taken in: as it came, but for what says nothing; or why not.

Nothing is repaired. A value that says nothing (null, an empty text or list) is left out, as the
standard asks, and an id is written in small letters, since one id must not come in two spellings.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from directory.rules.audience import audience_faults
from directory.rules.documents import take_apart
from directory.rules.standard import Fault, faults
from directory.terms.records import Document, RecordKind

LARGEST_EXACT: Final = 2**53 - 1
MOST_FAULTS: Final = 10
"""Faults that are told of one row: a broken row says the same of each of its parts."""
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ID_IN_TEXT: Final = re.compile(r'"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}"')
_EMPTY_IN_TEXT: Final = re.compile(r'[:\[,](null|""|\[\]|\{\})[,\]}]')
_LARGE_IN_TEXT: Final = re.compile(r"[0-9]{16}|[0-9][eE]\+?[0-9]")
_ORDER: Final = (
    RecordKind.TAXONOMY,
    RecordKind.TAXONOMY_TERM,
    RecordKind.ORGANIZATION,
    RecordKind.LOCATION,
    RecordKind.SERVICE,
)
"""What others name comes first."""
_NAMED: Final = (
    ("organization", "organization_id"),
    ("location", "location_id"),
    ("taxonomy_term", "taxonomy_term_id"),
)
Part = dict[str, Any]
Path = tuple[object, ...]
Key = tuple[RecordKind, str]
"""A record by kind and id."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A row as it is looked at: its text, and every object in it with the way to it.

    Many checks ask for one or the other, and each took longer to make than to check.
    """

    document: Document
    text: str
    parts: tuple[tuple[Path, Part], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a row names by its id, and where."""

    pointer: str
    kind: RecordKind
    id: str

    @property
    def key(self) -> Key:
        """The record by kind and id."""
        return self.kind, self.id

    @property
    def vital(self) -> bool:
        """Whether nothing can be put together without it: a term is but a word for it."""
        return self.kind is not RecordKind.TAXONOMY_TERM


def tidied(document: Document) -> Document:
    """Return a row without what says nothing, its ids in small letters.

    Its text tells whether there is any such thing: to walk all parts of every row took longer
    than to read it.
    """
    text = as_text(document)
    ids = _ID_IN_TEXT.findall(text)
    if not _EMPTY_IN_TEXT.search(text) and all(one == one.lower() for one in ids):
        return document
    kept: Document = _tidied(document, "")
    return kept


def looked(document: Document) -> Looked:
    """Return a row with what its checks ask for."""
    return Looked(document, as_text(document), tuple(objects(document)))


def as_text(document: object) -> str:
    """Return a JSON value as it is written where nothing is spared to make it short."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def objects(
    value: Document | list[Any], path: tuple[object, ...] = ()
) -> Iterator[tuple[Path, Part]]:
    """Yield every object within a value, with the way to it."""
    if isinstance(value, dict):
        yield path, value
        for name, one in value.items():
            if isinstance(one, (dict, list)):
                yield from objects(one, (*path, name))
    else:
        for number, one in enumerate(value):
            if isinstance(one, (dict, list)):
                yield from objects(one, (*path, number))


def pointer(path: Path, *names: str) -> str:
    """Return a way as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(one).replace('~', '~0').replace('/', '~1')}" for one in (*path, *names))


def row_faults(kind: RecordKind, row: Looked) -> list[Fault]:
    """Return why a row cannot be taken in, the first few by place; nothing if it can."""
    document = row.document
    found = faults(kind, document, nested=True)
    if kind is RecordKind.SERVICE and not document.keys() & {"organization", "organization_id"}:
        said = "This is missing: every service belongs to an organization."
        found.append(Fault("/organization_id", said))
    if '"audience":' in row.text:
        found += [Fault(*one) for one in audience_faults(document)]
    if _LARGE_IN_TEXT.search(row.text):
        found += [Fault(at, _INEXACT) for at in _inexact(document, ())]
    found += [fault for path, part in row.parts for fault in _part_faults(path, part)]
    return (found or _column_faults(document))[:MOST_FAULTS]


def records_of(kind: RecordKind, document: Document) -> list[tuple[RecordKind, Document]]:
    """Return the records that a row speaks of, what others name first."""
    if kind is not RecordKind.SERVICE:
        return [(kind, document)]
    return sorted(take_apart(document).records, key=lambda one: _ORDER.index(one[0]))


def in_order(kinds: Iterable[RecordKind]) -> list[RecordKind]:
    """Return kinds so that what others name comes first."""
    return sorted(kinds, key=_ORDER.index)


def taxonomy_said(term: Document) -> Document | None:
    """Return the taxonomy that a term names by name and id; the standard nests no more of it."""
    name, taxonomy = term.get("taxonomy"), term.get("taxonomy_id")
    if not isinstance(name, str) or not isinstance(taxonomy, str) or not _UUID.fullmatch(taxonomy):
        return None
    return {"id": taxonomy, "name": name, "description": name}


def named_in(document: Document) -> Iterator[Named]:
    """Yield the records that one is put together from: what it, as it is kept, names by id."""
    if "organization_id" in document:
        yield Named("/organization_id", RecordKind.ORGANIZATION, document["organization_id"])
    for number, place in enumerate(document.get("service_at_locations", ())):
        if "location_id" in place:
            at = f"/service_at_locations/{number}/location_id"
            yield Named(at, RecordKind.LOCATION, place["location_id"])
    for path, part in objects(document):
        if "taxonomy_term_id" in part:
            at = pointer(path, "taxonomy_term_id")
            yield Named(at, RecordKind.TAXONOMY_TERM, part["taxonomy_term_id"])


def digest(document: Document) -> bytes:
    """Return eight bytes that tell a document from others."""
    written = json.dumps(document, sort_keys=True)
    return blake2b(written.encode(), digest_size=8).digest()


_INEXACT: Final = "This number is too large to be exact. Send it as text, or leave it out."
_TWO_IDS: Final = "This id differs from the one beside the object. Send the same in both places."


def _tidied(value: Any, name: str) -> Any:  # noqa: ANN401  (any JSON value)
    if isinstance(value, dict):
        kept = {one: _tidied(part, one) for one, part in value.items()}
        return {one: part for one, part in kept.items() if not _says_nothing(part)}
    if isinstance(value, list):
        return [part for part in (_tidied(one, "") for one in value) if not _says_nothing(part)]
    if isinstance(value, str) and (name == "id" or name.endswith("_id")) and _UUID.fullmatch(value):
        return value.lower()
    return value


def _says_nothing(value: object) -> bool:
    return value is None or value in ("", [], {})


def _inexact(value: object, path: Path) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _inexact(one, (*path, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _inexact(one, (*path, number))
    elif isinstance(value, (int, float)) and abs(value) > LARGEST_EXACT:
        yield pointer(path)


def _part_faults(path: Path, part: Part) -> Iterator[Fault]:
    """Yield what keeps an object, wherever it stands, from being taken apart."""
    for whole, beside in _NAMED:
        if whole not in part and beside not in part:
            continue
        there, named = part.get(whole), part.get(beside)
        if named is not None and not _is_uuid(named):
            yield Fault(pointer(path, beside), _NO_UUID)
        elif named is not None and isinstance(there, dict) and there.get("id") != named:
            yield Fault(pointer(path, whole, "id"), _TWO_IDS)
        if whole == "taxonomy_term" and there is not None:
            for fault in faults(RecordKind.TAXONOMY_TERM, there, nested=True):
                yield Fault(pointer(path, whole) + fault.pointer, fault.detail)
        for fault in _column_faults(there) if isinstance(there, dict) else ():
            yield Fault(pointer(path, whole) + fault.pointer, fault.detail)


def _column_faults(record: Document) -> list[Fault]:
    """Return which members of a record are not what the tables hold of them."""
    return [
        Fault(f"/{name}", said)
        for name, (right, said) in _COLUMNS.items()
        if name in record and not right(record[name])
    ]


def _is_uuid(value: object) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


_NO_UUID: Final = "This must be a UUID, such as ac148810-d857-441c-9679-408f346de14b."
_NO_DATE: Final = "This must be a real date, written as 2027-03-04, or an instant that begins so."
_COLUMNS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    **dict.fromkeys(("organization_id", "taxonomy_id", "parent_id"), (_is_uuid, _NO_UUID)),
    **dict.fromkeys(("name", "status"), (_is_text, "This must be text.")),
    **dict.fromkeys(("last_modified", "assured_date"), (_is_date, _NO_DATE)),
}
