"""Taking records in from elsewhere, some hundred rows in one transaction.

A batch is on file whole, with how far the import has come, or not at all: whatever kills it, it
goes on after the last batch that was committed. What each batch named is kept until the end, so
that the first occurrence of an id in one import stands, whoever finishes it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from directory.actions.records import put_records
from directory.actions.unseen import keep_unseen
from directory.models.exchange import (
    DirectoryImportBatchRow,
    DirectoryImportNoteRow,
    DirectoryImportRow,
)
from directory.queries.exchange import locked, on_file
from directory.rules.flaws import flaws
from directory.rules.intake import in_order, looked, row_faults, tidied
from directory.rules.quality import quality
from directory.rules.sorting import Facts, Parts, Sorted, keys_in, parts_of, sort
from directory.terms.exchange import (
    Import,
    ImportPlan,
    Note,
    Provenance,
    Seen,
    SourceRow,
    Taken,
    Tally,
)
from directory.terms.records import Authorship, Origin, Outcome, RecordKind

MOST_NOTES: Final = 10_000
"""Notes that are kept of one import; the tally counts all."""

Outcomes = dict[RecordKind, dict[UUID, Outcome]]


def begun(plan: ImportPlan, expected: int | None, at: datetime) -> Import:
    """Return an import that has taken in nothing yet, and is not on file."""
    return Import(new_id(at), plan, at, Tally(), rows_expected=expected)


def enter_import(session: Session, running: Import) -> None:
    """Put on file that an import has begun."""
    session.execute(
        insert(DirectoryImportRow).values(
            **asdict(running.plan),
            id=running.id,
            begun_at=running.begun_at,
            rows_done=running.tally.rows,
            rows_expected=running.rows_expected,
            counts=asdict(running.tally),
        )
    )


def take_in(
    session: Session, running: Import, rows: Sequence[Taken], seen: Seen, at: datetime
) -> list[Note]:
    """Put on file what of these rows can be; return what was refused or flagged.

    `seen` and the import's tally are then as the commit of this transaction makes them: after one
    that was undone, read both anew.
    """
    notes: list[Note] = []
    parts = [parts_of(one) for one in _checked(rows, notes, at.date())]
    parts, kept = keep_unseen(session, parts)
    notes += kept
    keys = {key for key in keys_in(parts) if key not in seen.digests}
    known = on_file(session, keys)
    mine = locked(session, known, running.plan.agency)
    done = sort(parts, Facts(known, mine, seen.digests))
    notes += done.notes
    outcomes = _put(session, running.plan, done, at)
    seen.digests |= done.new
    _count(running.tally, rows, notes, outcomes)
    _score(running.tally, parts, outcomes, at.date())
    _keep(session, running, notes, seen.packed(list(done.new)))
    return notes


def end_import(session: Session, running: Import, at: datetime) -> None:
    """Say that an import has come to its end; what it needed to go on is forgotten."""
    running.ended_at = at
    row = DirectoryImportRow
    session.execute(update(row).where(row.id == running.id).values(ended_at=at))
    batches = DirectoryImportBatchRow
    session.execute(delete(batches).where(batches.import_id == running.id))


def _checked(rows: Sequence[Taken], notes: list[Note], on: date) -> list[SourceRow]:
    """Return the rows that are valid, without what says nothing; note what is wrong with each."""
    good = []
    for row in rows:
        if isinstance(row, Note):
            notes.append(row)
            continue
        document = tidied(row.document)
        here = looked(document)
        found = row_faults(row.kind, here)
        told = found or flaws(here, on)
        refused = bool(found)
        notes += [Note(row.place, one.pointer, one.detail, refused) for one in told]
        if not refused:
            good.append(SourceRow(row.place, row.kind, document, row.source, row.licence))
    return good


def _put(session: Session, plan: ImportPlan, done: Sorted, at: datetime) -> Outcomes:
    outcomes: Outcomes = {}
    for kind in in_order({kind for kind, _ in done.wanted}):
        for (of_kind, provenance), documents in done.wanted.items():
            if of_kind is kind:
                by = _authorship(plan, provenance)
                put = put_records(session, kind, documents, by, at)
                outcomes.setdefault(kind, {}).update(put)
    return outcomes


def _authorship(plan: ImportPlan, provenance: Provenance) -> Authorship:
    return Authorship(
        plan.author,
        Origin.IMPORTED,
        agency=plan.agency,
        source=_said(provenance.source, plan.source_name or plan.source),
        licence=_said(provenance.licence, plan.licence),
        owner=plan.owner,
    )


def _said(own: str | None, otherwise: str | None) -> str | None:
    """Return what a record says of itself, be it nothing; else what the import says of all."""
    return otherwise if own is None else own or None


def _count(tally: Tally, rows: Sequence[Taken], notes: Sequence[Note], outcomes: Outcomes) -> None:
    tally.rows += len(rows)
    tally.refused += len({one.place for one in notes if one.refused})
    tally.flagged += len({one.place for one in notes if not one.refused})
    for kind, of_kind in outcomes.items():
        for outcome in of_kind.values():
            tally.counted(outcome.value, kind)


def _score(tally: Tally, parts: Sequence[Parts], outcomes: Outcomes, on: date) -> None:
    """Score the services that are on file now, thin ones too."""
    put = outcomes.get(RecordKind.SERVICE, {})
    for one in parts:
        if one.row.kind is RecordKind.SERVICE and UUID(str(one.row.document["id"])) in put:
            tally.services += 1
            tally.quality += quality(one.row.document, on).score


def _keep(session: Session, running: Import, notes: Sequence[Note], packed: bytes) -> None:
    """Write down how far the import has come, in the transaction that brought it there."""
    tally = running.tally
    kept = notes[: max(0, MOST_NOTES - tally.notes)]
    if kept:
        numbered = enumerate(kept, tally.notes + 1)
        session.execute(
            insert(DirectoryImportNoteRow),
            [
                {"import_id": running.id, "number": number, **asdict(one)}
                for number, one in numbered
            ],
        )
    tally.notes += len(kept)
    batch = {"import_id": running.id, "number": tally.batches, "first_row": tally.rows}
    kept_with = upsert(DirectoryImportBatchRow).values(**batch, seen=packed)
    done = {"seen": packed, "content": None}  # an upload's lines waited in this row
    session.execute(
        kept_with.on_conflict_do_update(index_elements=["import_id", "number"], set_=done)
    )
    tally.batches += 1
    row = DirectoryImportRow
    session.execute(
        update(row).where(row.id == running.id).values(rows_done=tally.rows, counts=asdict(tally))
    )
