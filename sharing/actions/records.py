"""Source agencies push: they deposit what they hold, replace it, withdraw it, or hold it back."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
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
from sharing.actions.pushed_errors import (
    PointerMalformed,
    RetentionTooLong,
    WithholdEnded,
)
from sharing.models.records import RecordRow, WithholdRow, WithholdSubjectRow
from sharing.queries.records import record_of, retention_of, withhold_of
from sharing.rules.retention import kept_until, pointer_fault
from sharing.terms.asking import Identifier
from sharing.terms.codes import HOUSEHOLD, INVOLVEMENT
from sharing.terms.events import EventKind
from sharing.terms.records import (
    Deposit,
    Depositor,
    HoldBack,
    RecordOnFile,
    TooLong,
    WithholdOnFile,
)


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
        retain_until=_retained(session, new, starts, at),
        recorded_by=new.by,
        recorded_at=at,
    )
    return _kept(session, row, new.content)


def replace(
    session: Session, record: UUID, content: Mapping[str, Any], by: Depositor, at: datetime
) -> RecordOnFile:
    """Keep new content in the place of a record of the caller's agency; the old one ends.

    It goes when the old one would have gone: writing something anew does not keep it for longer.
    Nor does it settle that somebody says it is wrong.
    """
    old = own_record(session, record, by.agency, at)
    return _in_its_place(session, old, content, by, at, disputed_at=old.disputed_at)


def put_right(
    session: Session, record: UUID, content: Mapping[str, Any], by: Depositor, at: datetime
) -> RecordOnFile:
    """Replace a record by what it should say: nobody disputes that any more."""
    old = own_record(session, record, by.agency, at)
    return _in_its_place(session, old, content, by, at, disputed_at=None)


def _in_its_place(  # noqa: PLR0913  (what replaces what, by whom and when)
    session: Session,
    old: RecordRow,
    content: Mapping[str, Any],
    by: Depositor,
    at: datetime,
    *,
    disputed_at: datetime | None,
) -> RecordOnFile:
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
        disputed_at=disputed_at,
    )
    _end(session, old, at)
    announce(session, EventKind.RECORD_CORRECTED, old, at)
    return _kept(session, row, content)


def withdraw(session: Session, record: UUID, by: Depositor, at: datetime) -> None:
    """End a record of the caller's agency; who received it will hear of that."""
    old = own_record(session, record, by.agency, at)
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
        review_at=_reviewed(new, starts),
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
    return withhold_of(row)


def end_withhold(session: Session, withhold: UUID, by: Depositor, clock: Clock) -> WithholdOnFile:
    """Hold something back no more, from this commit on; `WithholdEnded` if it had ended."""
    row = session.get(WithholdRow, withhold)
    if row is None or row.source != by.agency:
        raise NotAvailable
    about = select(WithholdSubjectRow.subject_id).where(WithholdSubjectRow.withhold_id == withhold)
    lock_for_change(session, session.scalars(about.order_by(WithholdSubjectRow.subject_id)).all())
    at = clock()
    session.refresh(row)
    if row.ends is not None and row.ends <= at:
        raise WithholdEnded
    row.ends, row.end_recorded_at, row.end_recorded_by = max(at, row.starts), at, by.client_id
    session.flush()
    return withhold_of(row)


def _reviewed(new: HoldBack, starts: datetime) -> datetime | None:
    if new.review_at is not None and (
        new.review_at <= starts or (new.ends is not None and new.review_at > new.ends)
    ):
        raise DatesOutOfOrder(
            "A review comes after the start, and not after the end.", "#/review_at"
        )
    return new.review_at


def own_record(session: Session, record: UUID, agency: str, at: datetime) -> RecordRow:
    """Return a record of this agency, locked; `NotAvailable` if there is none of this id."""
    # Locked: of two who replace it at once, the second finds that it has ended.
    row = session.get(RecordRow, record, with_for_update=True)
    if row is None or row.content is None or row.source != agency:
        raise NotAvailable
    if row.retain_until is not None and row.retain_until <= at:
        raise NotAvailable
    return row


def _retained(session: Session, new: Deposit, starts: datetime, at: datetime) -> datetime:
    """Return when a deposit must go; named errors say why it cannot be when its source wishes."""
    if new.retain_until is not None and new.retain_until <= max(starts, at):
        raise DatesOutOfOrder(
            "This has passed, or comes before the record starts. Name a later date, or none.",
            "#/retain_until",
        )
    agreed = retention_of(session, new.source, new.category, at)
    until = kept_until(agreed, new.retain_until, new.ends, at)
    if isinstance(until, TooLong):
        by = "anything is kept" if until.by is None else f"the agreement {until.by.agreement} says"
        detail = f"It can be kept until {until.allowed.isoformat()} at the latest, as long as {by}."
        raise RetentionTooLong(detail, "#/retain_until")
    return until


def _kept(session: Session, row: RecordRow, content: Mapping[str, Any]) -> RecordOnFile:
    if row.category == HOUSEHOLD:
        _check_household(content)
    if row.category == INVOLVEMENT:
        _check_pointer(content)
    key = keys_of(session, {row.subject_id}).get(row.subject_id)
    if key is None:
        raise NotAvailable
    row.content = key.seal(json.dumps(content).encode(), "record", row.id, "content")
    session.add(row)
    session.flush()
    return record_of(row)


def _check_pointer(content: Mapping[str, Any]) -> None:
    fault = pointer_fault(content)
    if fault is not None:
        raise PointerMalformed(fault[1], f"#/content/{fault[0]}")


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
