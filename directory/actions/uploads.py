"""Uploads: lines that wait on file until the worker takes them in, some hundred at a time."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import IO, Final
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.kernel.queue import enqueue
from directory.actions.duplicates import look_for_duplicates
from directory.actions.importing import begun, end_import, enter_import, take_in
from directory.actions.rows import rows_of_lines
from directory.models.exchange import DirectoryImportBatchRow, DirectoryImportRow
from directory.queries.exchange import one_import, seen_in, waiting_batch
from directory.terms.exchange import MOST_IN_A_BATCH, Import, ImportFailure, ImportPlan

LARGEST_UPLOAD: Final = 32 * 1024**2
IMPORT: Final = "directory.import"
DUPLICATES: Final = "directory.duplicates"


def fingerprint_of(body: IO[bytes]) -> str:
    """Return what tells an upload from every other."""
    body.seek(0)
    found = sha256()
    while part := body.read(1024 * 1024):
        found.update(part)
    return found.hexdigest()


def accept(session: Session, plan: ImportPlan, body: IO[bytes], at: datetime) -> Import:
    """Put lines on file and have the worker take them in once this transaction is committed."""
    waiting = begun(plan, None, at)
    enter_import(session, waiting)
    for number, (first, content) in enumerate(_batches(body)):
        batch = {"import_id": waiting.id, "number": number, "first_row": first}
        session.execute(insert(DirectoryImportBatchRow).values(**batch, content=content))
    enqueue(session, IMPORT, {"import": str(waiting.id)}, at, at)
    return waiting


def take_in_some(session: Session, import_id: UUID, at: datetime) -> None:
    """Take in the next lines of an upload, and have the rest taken in by a job of its own.

    Each batch is a transaction: what is killed goes on after the last that was committed.
    """
    running = one_import(session, import_id)
    batch = waiting_batch(session, running)
    if batch is None:
        if running.ended_at is None:
            end_import(session, running, at)
            enqueue(session, DUPLICATES, {"since": str(import_id)}, at, at)
        return
    first, content = batch
    rows = list(rows_of_lines(content, first))
    take_in(session, running, rows, seen_in(session, import_id), at)
    enqueue(session, IMPORT, {"import": str(import_id)}, at, at)


def give_up(session: Session, import_id: UUID, at: datetime) -> None:
    """Say that what is left of an upload is not taken in: its job has failed for good."""
    _end_early(session, import_id, ImportFailure.GIVEN_UP, at)


def supersede(session: Session, cut: Import, at: datetime) -> None:
    """Say that an import which was cut short will not go on: its source is read anew."""
    _end_early(session, cut.id, ImportFailure.SUPERSEDED, at)


def _end_early(session: Session, import_id: UUID, why: ImportFailure, at: datetime) -> None:
    """End an import that has not ended; the lines that it did not take in are forgotten."""
    running = one_import(session, import_id)
    if running.ended_at is None:
        end_import(session, running, at)
        row = DirectoryImportRow
        session.execute(update(row).where(row.id == import_id).values(failure=why.value))


def look_some_more(session: Session, at: datetime) -> None:
    """Look for duplicates among some services that changed, and for more by a job of its own."""
    if look_for_duplicates(session, at)[0]:
        enqueue(session, DUPLICATES, {"since": at.isoformat()}, at, at)


def _batches(body: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a text, some hundred at a time, with the number of the first."""
    body.seek(0)
    waiting: list[bytes] = []
    first = 1
    for number, line in enumerate(body, 1):
        waiting.append(line)
        if len(waiting) == MOST_IN_A_BATCH:
            yield first, b"".join(waiting)
            waiting, first = [], number + 1
    if waiting:
        yield first, b"".join(waiting)
