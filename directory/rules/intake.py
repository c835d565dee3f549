"""What of a row can be taken in: as it came, but for what says nothing; or why not.

Nothing is repaired. A value that says nothing (null, an empty text or list) is left out, as the
standard asks, and an id is written in small letters, since one id must not come in two spellings.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
_NAMED_KINDS: Final = {
    "organization_id": RecordKind.ORGANIZATION,
    "location_id": RecordKind.LOCATION,
    "taxonomy_term_id": RecordKind.TAXONOMY_TERM,
}

Key = tuple[RecordKind, str]
"""A record by kind and id."""


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


def tidied(value: Any, name: str = "") -> Any:  # noqa: ANN401  (any JSON value)
    """Return a value without what says nothing, its ids in small letters."""
    if isinstance(value, Mapping):
        kept = {one: tidied(part, one) for one, part in value.items()}
        return {one: part for one, part in kept.items() if not _says_nothing(part)}
    if isinstance(value, list):
        return [part for part in (tidied(one) for one in value) if not _says_nothing(part)]
    if isinstance(value, str) and (name == "id" or name.endswith("_id")) and _UUID.fullmatch(value):
        return value.lower()
    return value


def row_faults(kind: RecordKind, document: object) -> list[Fault]:
    """Return why a row cannot be taken in, the first few by place; nothing if it can."""
    if not isinstance(document, Mapping):
        return [Fault("", "This must be a JSON object: one record.")]
    found = faults(kind, document, nested=True)
    found += [Fault(*one) for one in audience_faults(document)]
    found += [Fault(at, _INEXACT) for at in _inexact(document, "")]
    if kind is RecordKind.SERVICE and not document.keys() & {"organization", "organization_id"}:
        said = "This is missing: every service belongs to an organization."
        found.append(Fault("/organization_id", said))
    if not found:
        found = [Fault(at, _TWO_IDS) for at in _contradictions(document, "")]
    return found[:MOST_FAULTS]


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


def named_in(document: object, pointer: str = "") -> Iterator[Named]:
    """Yield what a record, as it is kept, names by id in any of its parts."""
    if isinstance(document, list):
        for number, one in enumerate(document):
            yield from named_in(one, f"{pointer}/{number}")
    elif isinstance(document, Mapping):
        for name, value in document.items():
            at = f"{pointer}/{name}"
            if name in _NAMED_KINDS and isinstance(value, str):
                yield Named(at, _NAMED_KINDS[name], value)
            else:
                yield from named_in(value, at)


def digest(document: Document) -> bytes:
    """Return eight bytes that tell a document from others."""
    written = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return blake2b(written.encode(), digest_size=8).digest()


_INEXACT: Final = "This number is too large to be exact. Send it as text, or leave it out."
_TWO_IDS: Final = "This id differs from the one beside the object. Send the same in both places."


def _says_nothing(value: object) -> bool:
    return value is None or value in ("", [], {})


def _inexact(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _inexact(one, f"{pointer}/{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _inexact(one, f"{pointer}/{number}")
    elif isinstance(value, (int, float)) and abs(value) > LARGEST_EXACT:
        yield pointer


def _contradictions(value: object, pointer: str) -> Iterator[str]:
    """Yield where an object and the id beside it name two records."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _contradictions(one, f"{pointer}/{number}")
    if not isinstance(value, Mapping):
        return
    for whole, beside in _NAMED:
        there = value.get(whole)
        if isinstance(there, Mapping) and value.get(beside, there.get("id")) != there.get("id"):
            yield f"{pointer}/{whole}/id"
    for name, one in value.items():
        yield from _contradictions(one, f"{pointer}/{name}")
