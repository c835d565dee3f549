"""Source agencies push: they deposit what they hold, replace it, withdraw it, or hold it back."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder, NotAvailable
from app.kernel.queue import FACTS_CHANGED, enqueue
from app.kernel.vault import Vault
from consent.queries.locks import lock_for_change
from consent.queries.subjects import keys_of, named_by
from consent.queries.vocabulary import unknown_categories
from sharing.actions.errors import HouseholdMalformed, UnknownWord
from sharing.models.records import RecordRow, WithholdRow, WithholdSubjectRow
from sharing.terms.asking import Identifier
from sharing.terms.codes import HOUSEHOLD
from sharing.terms.events import EventKind
from sharing.terms.records import Deposit, Depositor, HoldBack, RecordOnFile, WithholdOnFile


def subject_of(session: Session, identifiers: tuple[Identifier, ...]) -> UUID:
    """Return the one subject whom these identifiers name; `NotAvailable` if none, or two."""
    vault = Vault.of(session)
    found = named_by(session, [vault.blind_index(one.scheme, one.value) for one in identifiers])
    if found is None:
        raise NotAvailable
    return found


def deposit(session: Session, subject: UUID, new: Deposit, at: datetime) -> RecordOnFile:
    """Keep a record, sealed under the subject's key; the session speaks for the source."""
    if unknown_categories(session, frozenset({new.category})):
        raise UnknownWord("This category is not known to the partnership.", "#/category")
    starts = new.starts or at
    if new.ends is not None and new.ends <= starts:
        raise DatesOutOfOrder("The end must come after the start.", "#/ends")
    row = RecordRow(
        id=new_id(at),
        subject_id=subject,
        source=new.source,
        category=new.category,
        starts=starts,
        ends=new.ends,
        retain_until=new.retain_until,
        recorded_by=new.by,
        recorded_at=at,
    )
    return _kept(session, row, new.content)


def replace(
    session: Session, record: UUID, content: Mapping[str, Any], by: Depositor, at: datetime
) -> RecordOnFile:
    """Keep new content in the place of a record of the caller's agency; the old one ends."""
    old = own_record(session, record, by.agency)
    row = RecordRow(
        id=new_id(at),
        subject_id=old.subject_id,
        source=old.source,
        category=old.category,
        starts=max(at, old.starts),
        ends=old.ends,
        retain_until=old.retain_until,
        replaces=old.id,
        recorded_by=by.client_id,
        recorded_at=at,
    )
    _end(session, old, at)
    announce(session, EventKind.RECORD_CORRECTED, old, at)
    return _kept(session, row, content)


def withdraw(session: Session, record: UUID, by: Depositor, at: datetime) -> None:
    """End a record of the caller's agency; who received it will hear of that."""
    old = own_record(session, record, by.agency)
    _end(session, old, at)
    announce(session, EventKind.RECORD_WITHDRAWN, old, at)


def _end(session: Session, old: RecordRow, at: datetime) -> None:
    if old.ends is not None and old.ends <= at:
        raise NotAvailable
    session.execute(
        update(RecordRow).where(RecordRow.id == old.id).values(ends=max(at, old.starts))
    )


def announce(session: Session, kind: EventKind, record: RecordRow, at: datetime) -> None:
    """Have past recipients told (UK GDPR, Article 19)."""
    payload = {
        "kind": kind.value,
        "fact": str(record.id),
        "subjects": [str(record.subject_id)],
        "not_to": [record.source],
        "source": record.source,
        "category": record.category,
    }
    enqueue(session, FACTS_CHANGED, payload, at, at)


def withhold(
    session: Session, subjects: frozenset[UUID], new: HoldBack, clock: Clock
) -> WithholdOnFile:
    """Hold categories back; it counts at once, for whoever asks after this is committed."""
    lock_for_change(session, subjects)
    at = clock()
    starts = new.starts or at
    if new.ends is not None and new.ends <= starts:
        raise DatesOutOfOrder("The end must come after the start.", "#/ends")
    if unknown_categories(session, new.categories):
        raise UnknownWord("A category is not known to the partnership.", "#/categories")
    row = WithholdRow(
        id=new_id(at),
        source=new.source,
        categories=sorted(new.categories),
        starts=starts,
        ends=new.ends,
        recorded_by=new.by,
        recorded_at=at,
    )
    session.add(row)
    session.flush()
    for subject, key in keys_of(session, subjects).items():
        place = ("withhold_subject", row.id, subject, "reason")
        sealed = key.seal(new.reason.encode(), *place)
        session.add(WithholdSubjectRow(withhold_id=row.id, subject_id=subject, reason=sealed))
    session.flush()
    return WithholdOnFile(row.id, row.source, new.categories, row.starts, row.ends)


def own_record(session: Session, record: UUID, agency: str) -> RecordRow:
    """Return a record of this agency, locked; `NotAvailable` if there is none of this id."""
    # Locked: of two who replace it at once, the second finds that it has ended.
    row = session.get(RecordRow, record, with_for_update=True)
    if row is None or row.content is None or row.source != agency:
        raise NotAvailable
    return row


def _kept(session: Session, row: RecordRow, content: Mapping[str, Any]) -> RecordOnFile:
    if row.category == HOUSEHOLD:
        _check_household(content)
    key = keys_of(session, {row.subject_id}).get(row.subject_id)
    if key is None:
        raise NotAvailable
    row.content = key.seal(json.dumps(content).encode(), "record", row.id, "content")
    session.add(row)
    session.flush()
    return RecordOnFile(
        row.id, row.source, row.category, row.starts, row.ends, row.retain_until, row.recorded_at
    )


def _check_household(content: Mapping[str, Any]) -> None:
    members = content.get("members")
    if not isinstance(members, list):
        raise HouseholdMalformed(pointer="#/content/members")
    for place, member in enumerate(members):
        named = member.get("subject") if isinstance(member, dict) else None
        try:
            UUID(str(named))
        except ValueError as error:
            raise HouseholdMalformed(pointer=f"#/content/members/{place}/subject") from error
