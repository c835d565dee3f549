"""Entries that have no line yet, in the order of the tree, and how far the lines have come."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Uuid, bindparam, exists, func, select, true
from sqlalchemy.orm import Session

from app.kernel.vault import Vault, VaultError
from sharing.chain.errors import MalformedError
from sharing.chain.leaves import parse_leaf
from sharing.models.lines import LogIndexRow, LogLineRow
from sharing.models.log import (
    LogCheckpointRow,
    LogEntryRow,
    LogLeafRow,
    LogStateRow,
    LogSubjectRow,
)
from sharing.terms.lines import Written

UNREADABLE: Final = "unreadable"
"""The kind of an entry whose leaf somebody tampered with."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far lines have come: `leaves` of the `size` that the log has.

    Whatever was in the log at the instant `at` has its line; None where nothing has yet.
    """

    leaves: int
    size: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Contact:
    """That a practitioner, by their digest, asked about a subject."""

    practitioner: bytes
    subject: UUID


def extent(session: Session) -> Extent:
    """Return how far the lines have come."""
    both = select(LogIndexRow.next_leaf, LogStateRow.size).join(LogStateRow, true())
    row = session.execute(both).one()
    seen = (
        select(LogCheckpointRow.at)
        .where(LogCheckpointRow.size <= row.next_leaf)
        .order_by(LogCheckpointRow.size.desc())
        .limit(1)
    )
    return Extent(row.next_leaf, row.size, session.scalar(seen))


def unindexed(session: Session, first: int, limit: int) -> list[Written]:
    """Return the entries of up to so many leaves from this one on, with what opens them.

    What somebody tampered with comes without what cannot be read any more.
    """
    leaf, entry, person = LogLeafRow, LogEntryRow, LogSubjectRow
    rows = session.execute(
        select(
            leaf.leaf_index,
            *(entry.id, entry.at, entry.recipient, entry.source, entry.outcome),
            *(entry.leaf, entry.facts),
            *(person.subject, person.opening),
        )
        .join(entry, entry.id == leaf.entry_id)
        .outerjoin(person, person.id == entry.id)
        .where(leaf.leaf_index >= first)
        .order_by(leaf.leaf_index)
        .limit(limit)
    )
    vault = Vault.of(session)
    return [_written(row, vault) for row in rows]


def known_contacts(session: Session, asked: Collection[Contact]) -> frozenset[Contact]:
    """Return those of these contacts that a line on file has already."""
    wanted = sorted(asked, key=lambda one: (one.practitioner, one.subject))
    who: Any = bindparam("who", [one.practitioner for one in wanted], ARRAY(LargeBinary))
    whom: Any = bindparam("whom", [one.subject for one in wanted], ARRAY(Uuid))
    columns = ("practitioner", "subject")
    pair = func.unnest(who, whom).table_valued(*columns).render_derived("pair")
    before = exists().where(
        LogSubjectRow.subject == pair.c.subject,
        LogLineRow.id == LogSubjectRow.id,
        LogLineRow.practitioner == pair.c.practitioner,
    )
    rows = session.execute(
        select(pair.c.practitioner, pair.c.subject)
        .where(before)
        .order_by(pair.c.practitioner, pair.c.subject)
    )
    return frozenset(Contact(bytes(row.practitioner), row.subject) for row in rows)


def digests_of_workers(session: Session, named: Sequence[tuple[str, str] | None]) -> list[Any]:
    """Return the keyed digest of each of these practitioners, by agency and id."""
    vault = Vault.of(session)
    return [None if one is None else vault.digest("log", "practitioner", *one) for one in named]


def _written(row: Any, vault: Vault) -> Written:  # noqa: ANN401  (a row of the entries)
    return Written(
        leaf_index=row.leaf_index,
        id=row.id,
        at=row.at,
        recipient=row.recipient,
        source=row.source,
        outcome=row.outcome,
        entry_kind=_kind(row.leaf),
        facts=_object(row.facts) or {},
        about=_about(row, vault),
        subject=row.subject,
    )


def _kind(leaf: bytes) -> str:
    try:
        return parse_leaf(leaf).kind.value
    except MalformedError:
        return UNREADABLE


def _about(row: Any, vault: Vault) -> dict[str, Any] | None:  # noqa: ANN401  (as above)
    if row.opening is None:
        return None
    try:
        return _object(vault.named("log").open(row.opening, "log_subject", row.id, "opening"))
    except VaultError:
        return None


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
