"""Entries of the log, newest first, as those read them whom an entry concerns."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from sharing.models.log import LogEntryRow, LogStateRow, LogSubjectRow, ObligationRow
from sharing.queries.erasing import erased_by
from sharing.terms.answers import Pulse


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in a list: nothing that leads to a person."""

    id: UUID
    at: datetime
    recipient: str
    source: str | None
    outcome: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that an entry brought, and how it was met."""

    code: str
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class EntryOnFile:
    """One entry, with the half that can be erased; `about` is None once it has been.

    What is gone was erased by an entry of the log, or is missing, which is a fault of the log.
    """

    line: EntryLine
    leaf: str
    leaf_hash: bytes
    about: dict[str, Any] | None
    obligations: tuple[Duty, ...]
    erased_by: UUID | None = None

    @property
    def opening(self) -> str:
        """Whether the half that can be erased is `kept`, `erased`, or `missing` unexplained."""
        if self.about is not None:
            return "kept"
        return "missing" if self.erased_by is None else "erased"


def entries(
    session: Session, *, after: UUID | None, limit: int, but: UUID | None = None
) -> list[EntryLine]:
    """Return entries, newest first, from the one after `after`; row-level security chooses them.

    `but` is the entry of the reading itself.
    """
    found = select(LogEntryRow).order_by(LogEntryRow.id.desc()).limit(limit)
    if but is not None:
        found = found.where(LogEntryRow.id != but)
    if after is not None:
        found = found.where(LogEntryRow.id < after)
    return [_line(row) for row in session.scalars(found)]


def entries_of(session: Session, ids: Collection[UUID]) -> list[EntryLine]:
    """Return these entries, newest first, as far as this session may read them."""
    found = select(LogEntryRow).where(LogEntryRow.id.in_(ids)).order_by(LogEntryRow.id.desc())
    return [_line(row) for row in session.scalars(found)]


def pulse(session: Session) -> Pulse:
    """Return whether the log runs."""
    row = session.execute(select(LogStateRow.checked_at, LogStateRow.halted_because)).one()
    return Pulse(row.checked_at, row.halted_because)


def entry(session: Session, entry_id: UUID) -> EntryOnFile | None:
    """Return one entry, or None where there is none that this session may read."""
    row = session.get(LogEntryRow, entry_id)
    if row is None:
        return None
    person = session.get(LogSubjectRow, entry_id)
    about = None
    if person is not None and person.opening is not None:
        key = Vault.of(session).named("log")
        about = json.loads(key.open(person.opening, "log_subject", entry_id, "opening"))
    duties = select(ObligationRow).where(ObligationRow.entry_id == entry_id)
    return EntryOnFile(
        _line(row),
        row.leaf.decode(),
        row.leaf_hash,
        about,
        tuple(
            Duty(one.code, one.closed_at, one.outcome)
            for one in session.scalars(duties.order_by(ObligationRow.code))
        ),
        erased_by(session, entry_id),
    )


def _line(row: LogEntryRow) -> EntryLine:
    return EntryLine(row.id, row.at, row.recipient, row.source, row.outcome, json.loads(row.facts))
