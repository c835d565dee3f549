"""What a source cannot show, because it was not shown it, an import leaves as it stands.

The public feed of this directory, taken in again, says nothing of a refuge's address: that is no
word for taking it out. Only rows that say who may see what speak of the protected tier.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from directory.queries.editing import seen_flat
from directory.queries.records import records
from directory.rules.audience import AUDIENCE
from directory.rules.drafting import kept_for_others
from directory.rules.intake import Key
from directory.rules.sorting import Parts
from directory.terms.exchange import Note
from directory.terms.records import ANYONE, Document, Record, RecordKind

_KEPT = "The {} {} has parts that not everybody may see. This row shows none, and they are kept."


def keep_unseen(session: Session, parts: Sequence[Parts]) -> tuple[list[Parts], list[Note]]:
    """Return rows with what is on file beside what anyone may see, and where that was so."""
    silent = {key for one in parts if not _speaks_of_audience(one) for key in one.keys}
    held = _held(session, silent)
    notes: list[Note] = []
    made = [
        one if _speaks_of_audience(one) else _with_unseen(session, one, held, notes)
        for one in parts
    ]
    return made, notes


def _held(session: Session, keys: Iterable[Key]) -> dict[Key, Record]:
    wanted: dict[RecordKind, list[UUID]] = {}
    for kind, record_id in keys:
        wanted.setdefault(kind, []).append(UUID(record_id))
    return {
        (kind, str(record_id)): one
        for kind, ids in wanted.items()
        for record_id, one in records(session, kind, ids).items()
    }


def _with_unseen(
    session: Session, parts: Parts, held: dict[Key, Record], notes: list[Note]
) -> Parts:
    made = []
    for kind, document in parts.records:
        stands = held.get((kind, str(document["id"])))
        kept = document
        if stands is not None and stands.document != document:
            kept = _kept(session, kind, stands.document, document)
        if kept != document:
            said = _KEPT.format(kind.value.replace("_", " "), document["id"])
            notes.append(Note(parts.row.place, "", said, refused=False))
        made.append((kind, kept))
    return replace(parts, records=made)


def _kept(session: Session, kind: RecordKind, held: Document, given: Document) -> Document:
    seen = seen_flat(session, kind, held, ANYONE)
    return held if seen is None else kept_for_others(held, seen, given)


def _speaks_of_audience(parts: Parts) -> bool:
    return f'"{AUDIENCE}"' in json.dumps(parts.row.document)
