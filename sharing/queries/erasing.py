"""What the eraser's functions of the database answer, and what of the log is erased.

The eraser reads no table: it may call these functions, which are written in the migrations.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, select, text
from sqlalchemy.orm import Session

from sharing.chain.erasures import ERASED as NAMES
from sharing.chain.erasures import Fault, Opening, Written, erased_in, fault_of
from sharing.models.log import LogEntryRow, LogErasureRow, LogSubjectRow
from sharing.rules.telling import ERASED
from sharing.terms.rights import Hindrance, RetentionCode

MOST_FAULTS: Final = 100
_AT_ONCE: Final = 1_000
_TOLD = text("select agency, disclosures from erasure_told(:person, :entries)").bindparams(
    bindparam("entries", type_=ARRAY(Uuid))
)
_WOULD = text("select erasure_would(:person, :entries, :entry, :at)").bindparams(
    bindparam("entries", type_=ARRAY(Uuid))
)


@dataclass(frozen=True, slots=True)
class Unexplained:
    """An entry whose opening is not as it must be, and in which way."""

    entry: UUID
    fault: Fault


@dataclass(frozen=True, slots=True)
class Erasure:
    """An entry that erased something: a person, on a ground, or what was past its time."""

    id: UUID
    at: datetime
    agency: str
    ground: str | None
    retention: str | None
    openings: int


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is past its time, and the agency on whose word it goes."""

    item: UUID
    agency: str


def begin(session: Session, subject: UUID) -> bool:
    """Let nobody decide on or change this subject until the transaction ends; say if it is known.

    The locks are those of `consent.queries.locks`.
    """
    return bool(session.scalar(text("select erasure_begin(:person)"), {"person": subject}))


def hindrances(session: Session, subject: UUID, at: datetime) -> list[Hindrance]:
    """Return what stands in the way of erasing a subject."""
    found = text("select what, class, until from erasure_hindrances(:person, :at)")
    rows = session.execute(found, {"person": subject, "at": at})
    return [
        Hindrance(what, None if code is None else RetentionCode(code), until)
        for what, code, until in rows
    ]


def entries_about(session: Session, subject: UUID) -> list[UUID]:
    """Return the entries whose openings lead to a subject, in order."""
    found = text("select erasure_entries(:person)")
    return list(session.scalars(found, {"person": subject}))


def to_tell(
    session: Session, subject: UUID, entries: Sequence[UUID]
) -> list[tuple[str, list[UUID]]]:
    """Return each agency that received or holds something of a subject, with its disclosures."""
    rows = session.execute(_TOLD, {"person": subject, "entries": list(entries)})
    return [(row.agency, list(row.disclosures)) for row in rows]


def would_erase(
    session: Session, subject: UUID, entries: Sequence[UUID], by_entry: UUID, at: datetime
) -> dict[str, int]:
    """Return how much of each kind an erasure would destroy, whatever stands in its way."""
    asked = {"person": subject, "entries": list(entries), "entry": by_entry, "at": at}
    counts: dict[str, int] = session.execute(_WOULD, asked).scalar_one()
    return counts


def due(
    session: Session, code: RetentionCode, at: datetime, after: UUID | None, most: int
) -> list[Due]:
    """Return what of a class is past its time and under no hold, in order, from after an item."""
    found = text("select item, agency from retention_due(:code, :at, :after, :most)")
    rows = session.execute(found, {"code": code, "at": at, "after": after, "most": most})
    return [Due(*row) for row in rows]


def erased_by(session: Session, entry: UUID) -> UUID | None:
    """Return the entry that says that this one's opening was erased; None if none does."""
    return session.scalar(select(LogErasureRow.erased_by).where(LogErasureRow.entry_id == entry))


def erasures(session: Session, *, after: UUID | None, limit: int) -> list[Erasure]:
    """Return what was erased, the newest first, from after an entry; reads the whole log."""
    row = LogEntryRow
    found = select(row).where(row.outcome == ERASED).order_by(row.id.desc()).limit(limit)
    if after is not None:
        found = found.where(row.id < after)
    return [_erasure(one) for one in session.scalars(found)]


def _erasure(row: LogEntryRow) -> Erasure:
    facts = json.loads(row.facts)
    return Erasure(
        row.id, row.at, row.recipient, facts.get("ground"), facts.get("class"), len(facts[NAMES])
    )


def unexplained(session: Session, most: int = MOST_FAULTS) -> list[Unexplained]:
    """Return entries whose opening is missing though no entry of the log says it was erased.

    An opening that is gone is either "erased by entry N", and N names it in facts that its leaf
    commits to, or it is a fault. The session reads the whole log; it stops at `most` faults.
    """
    entry, person, gone = LogEntryRow, LogSubjectRow, LogErasureRow
    rows = session.execute(
        select(
            entry.id,
            person.opening.is_not(None).label("content"),
            person.salt.is_not(None).label("salt"),
            gone.erased_by,
        )
        .outerjoin(person, person.id == entry.id)
        .outerjoin(gone, gone.entry_id == entry.id)
        .where(person.opening.is_(None) | person.salt.is_(None) | gone.entry_id.is_not(None))
        .order_by(entry.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    said: dict[UUID | None, frozenset[UUID]] = {None: frozenset()}
    found: list[Unexplained] = []
    for some in rows.partitions():
        _learn(session, {row.erased_by for row in some} - said.keys(), said)
        for row in some:
            opening = Opening(row.id, row.content, row.salt, row.erased_by)
            fault = fault_of(opening, said[row.erased_by])
            if fault is not None:
                found.append(Unexplained(row.id, fault))
        if len(found) >= most:
            break
    return found[:most]


def _learn(session: Session, entries: set[UUID], said: dict[UUID | None, frozenset[UUID]]) -> None:
    """Note what each of these entries says it erased: nothing, where there is no such entry."""
    row = LogEntryRow
    said |= dict.fromkeys(entries, frozenset())
    found = select(row.id, row.leaf, row.facts_salt, row.facts).where(row.id.in_(entries))
    for one in session.execute(found.order_by(row.id)).all():
        said[one.id] = erased_in(Written(one.leaf, one.facts_salt, one.facts))
