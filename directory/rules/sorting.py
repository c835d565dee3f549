"""What each row adds to what came before it: new, the same again, different, or named nowhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from directory.rules.intake import Key, Named, digest, named_in, records_of, taxonomy_said
from directory.terms.exchange import Note, Provenance, SourceRow
from directory.terms.records import Document, RecordKind

_DIFFERS: Final = "The {} {} came before in this import and was different there: the first stands."
_UNKNOWN: Final = "No {} of this id is on file, or came before in this import."
_NOT_YOURS: Final = "The {} {} is not yours to change. It is left as it stands."


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on file already, what of it the importer may not change, and what came before."""

    known: frozenset[Key]
    locked: frozenset[Key]
    seen: Mapping[Key, bytes]


@dataclass(slots=True)
class Sorted:
    """The records to put on file, by kind and provenance, and what was refused or flagged."""

    wanted: dict[tuple[RecordKind, Provenance], list[Document]] = field(default_factory=dict)
    new: dict[Key, bytes] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Parts:
    """A row with the records that it speaks of, what others name first."""

    row: SourceRow
    records: Sequence[tuple[RecordKind, Document]]

    @property
    def keys(self) -> frozenset[Key]:
        """The records by kind and id."""
        return frozenset((kind, str(document["id"])) for kind, document in self.records)

    @property
    def named(self) -> Iterator[Named]:
        """What the records name by id."""
        for _, document in self.records:
            yield from named_in(document)

    @property
    def taxonomies(self) -> Iterator[Document]:
        """The taxonomies that nested terms name by name and id: the standard nests no more."""
        if self.row.kind is RecordKind.SERVICE:
            for kind, document in self.records:
                said = taxonomy_said(document) if kind is RecordKind.TAXONOMY_TERM else None
                if said is not None:
                    yield said


def parts_of(row: SourceRow) -> Parts:
    """Return a valid row taken apart."""
    return Parts(row, records_of(row.kind, row.document))


def keys_in(parts: Sequence[Parts]) -> frozenset[Key]:
    """Return every record that must be looked up before these rows can be sorted."""
    found = {key for one in parts for key in one.keys}
    found |= {named.key for one in parts for named in one.named}
    return frozenset(found | {_taxonomy(said) for one in parts for said in one.taxonomies})


def sort(parts: Sequence[Parts], facts: Facts) -> Sorted:
    """Sort rows in the order in which they came; a row is taken whole or not at all.

    A service whose organization or place is nowhere cannot be put together, and is refused; one
    whose term is nowhere lacks no more than the word for it.
    """
    done = Sorted()
    for one in parts:
        there = (one.keys, done.new, facts.seen, facts.known)
        missing = [
            Note(one.row.place, named.pointer, _UNKNOWN.format(_said(named.kind)), named.vital)
            for named in one.named
            if not any(named.key in known for known in there)
        ]
        done.notes += missing
        if not any(note.refused for note in missing):
            _add(done, one, facts)
    return done


def _add(done: Sorted, parts: Parts, facts: Facts) -> None:
    own = parts.row
    for kind, document in parts.records:
        key, mark = (kind, str(document["id"])), digest(document)
        before = done.new.get(key) or facts.seen.get(key)
        if before == mark:
            continue
        wrong = _DIFFERS if before is not None else _NOT_YOURS if key in facts.locked else None
        if wrong is not None:
            said = wrong.format(_said(kind), key[1])
            pointer = next(_pointers(own.document, key[1]), "")
            done.notes.append(Note(own.place, pointer, said, refused=kind is own.kind))
        if before is None:
            done.new[key] = mark
        if before is None and wrong is None:
            done.wanted.setdefault((kind, _provenance(own)), []).append(document)
    for taxonomy in parts.taxonomies:
        key = _taxonomy(taxonomy)
        if not any(key in there for there in (done.new, facts.seen, facts.known)):
            done.new[key] = digest(taxonomy)
            done.wanted.setdefault((RecordKind.TAXONOMY, _provenance(own)), []).append(taxonomy)


def _pointers(part: object, wanted: str, at: str = "") -> Iterator[str]:
    """Yield the JSON pointer (RFC 6901) of the id of each part of this id; names need no escape."""
    if isinstance(part, dict):
        if str(part.get("id")) == wanted:
            yield f"{at}/id"
        for name, value in part.items():
            yield from _pointers(value, wanted, f"{at}/{name}")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _pointers(value, wanted, f"{at}/{number}")


def _provenance(row: SourceRow) -> Provenance:
    return Provenance(row.source, row.licence)


def _taxonomy(said: Document) -> Key:
    return RecordKind.TAXONOMY, str(said["id"])


def _said(kind: RecordKind) -> str:
    return kind.value.replace("_", " ")
