"""Statutory notices: sent, read, answered, corrected, withdrawn, and told of when overdue.

A notice is a disclosure that its source begins. It is decided by the same rules when it is sent,
as if the recipient asked for it then, and again when the recipient reads it, so that a shield set
in between counts. Both are entries of the log. The content leaves with the reading alone.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.db import speak_for
from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder, NotAvailable
from app.kernel.vault import Vault
from consent.queries.subjects import digests_for, keys_of
from directory.queries.agencies import agencies, unknown_codes
from sharing.actions.disclosing import Decided, decided, line_of
from sharing.actions.errors import UnknownWord
from sharing.actions.events import tell
from sharing.actions.log import LOG_KEY, Entry, append_entry
from sharing.actions.pushed_errors import (
    NothingToCorrect,
    NoticeAcknowledged,
    NoticeUnread,
    ToItself,
)
from sharing.models.notices import NoticeRow, SchoolHolidayRow
from sharing.queries.asking import digests_of
from sharing.queries.notices import notice_of, overdue, school_holidays, standing
from sharing.queries.records import retention_of
from sharing.queries.words import lacking_word
from sharing.rules.retention import kept_until
from sharing.rules.school_days import due_at
from sharing.terms.answers import Permit, Refused
from sharing.terms.asking import Asker, DisclosureRequest, Reader
from sharing.terms.codes import Kind
from sharing.terms.events import EventKind
from sharing.terms.facts import Holding
from sharing.terms.notices import (
    KINDS,
    Done,
    NewNotice,
    NoticeCode,
    NoticeKind,
    NoticeOnFile,
    NoticeRead,
    SchoolHoliday,
)
from sharing.terms.records import TooLong


@dataclass(frozen=True, slots=True)
class Said:
    """What a recipient did about a notice; the note may speak of the family and is sealed."""

    done: Done
    note: str | None
    by: str


def send(session: Session, new: NewNotice, clock: Clock) -> NoticeOnFile | Refused:
    """Decide on a notice, log that, and put it where its recipient finds it; or a refusal."""
    at = clock()
    _check(session, new, at)
    asked = _pushed(new)
    made = decided(session, asked, clock, digests_of(session, asked), [_holding(new)])
    if not isinstance(made.decision, Permit) or made.subject is None:
        return _refused_to_send(session, new, made)
    entry = _logged(session, made, "notice_sent", new.kind, duties=False)
    speak_for(session, new.sender)
    row = _row(session, new, made.subject, entry)
    session.add(row)
    session.flush()
    told = EventKind.NOTICE_SENT if new.corrects is None else EventKind.NOTICE_CORRECTED
    tell(session, new.recipient, told, row.id, disclosures=[entry.id], at=entry.at)
    return notice_of(row)


def read(session: Session, notice: UUID, reader: Reader, clock: Clock) -> NoticeRead | Refused:
    """Decide again, log the reading, and open the notice; the first reading meets the deadline."""
    asker = reader.asker
    row = session.get(NoticeRow, notice, with_for_update=True)
    if row is None or row.recipient != asker.agency or not _stands(session, row, clock()):
        raise NotAvailable
    kind = KINDS[NoticeCode(row.kind)]
    asked = DisclosureRequest(
        asker=asker,
        recipient=row.recipient,
        source=row.sender,
        kind=Kind.CONTENT.value,
        purpose=kind.purpose,
        claimed_basis=row.basis,
        categories=(kind.category,),
        practitioner=reader.practitioner,
        narrowed_to=reader.narrowed_to,
    )
    digests = list(digests_for(session, row.subject_id))
    brought = [Holding(row.sender, kind.category)]
    made = decided(session, asked, clock, digests, brought)
    entry = _logged(session, made, "notice_read", kind, duties=True)
    if not isinstance(made.decision, Permit):
        return Refused(entry.id, entry.at, made.decision)
    if made.found.key is None or row.content is None:
        raise NotAvailable
    if row.read_at is None:
        row.read_at, row.read_by = entry.at, asker.client_id
        session.flush()
    content = json.loads(made.found.key.open(row.content, "notice", row.id, "content"))
    return NoticeRead(notice_of(row), row.subject_id, content, entry.id)


def acknowledge(
    session: Session, notice: UUID, agency: str, said: Said, at: datetime
) -> NoticeOnFile:
    """Record what the recipient did, and let the sender hear that it did something."""
    row = session.get(NoticeRow, notice, with_for_update=True)
    if row is None or row.recipient != agency:
        raise NotAvailable
    if row.read_at is None:
        raise NoticeUnread
    if row.acknowledged_at is not None:
        raise NoticeAcknowledged
    if said.note is not None:
        key = Vault.of(session).named(LOG_KEY)
        row.note = key.seal(said.note.encode(), "notice", notice, "note")
    row.acknowledged_at, row.acknowledged_by, row.done = at, said.by, said.done.value
    session.flush()
    _tell(session, row.sender, EventKind.NOTICE_ACKNOWLEDGED, row, at)
    return notice_of(row)


def withdraw(session: Session, notice: UUID, agency: str, at: datetime) -> NoticeOnFile:
    """Take a notice back: nobody reads it from this commit on, and who may have is told."""
    row = session.get(NoticeRow, notice, with_for_update=True)
    if row is None or row.sender != agency:
        raise NotAvailable
    if not _stands(session, row, at):
        raise NothingToCorrect
    row.withdrawn_at = at
    session.flush()
    _tell(session, row.recipient, EventKind.NOTICE_WITHDRAWN, row, at)
    return notice_of(row)


def tell_of_overdue(session: Session, at: datetime) -> int:
    """Let sender and recipient hear of each notice that nobody has read in time, once."""
    told = 0
    for agency in agencies(session):
        speak_for(session, agency.code)
        row = NoticeRow
        mine = overdue(at), row.sender == agency.code, row.overdue_told_at.is_(None)
        found = session.execute(
            select(row.id, row.recipient, row.entry_id).where(*mine).order_by(row.id)
        ).all()
        if found:
            ids = [one.id for one in found]
            session.execute(update(row).where(row.id.in_(ids)).values(overdue_told_at=at))
        for notice, recipient, entry in found:
            for party in (agency.code, recipient):
                overdue_now = EventKind.NOTICE_OVERDUE
                told += tell(session, party, overdue_now, notice, disclosures=[entry], at=at)
    return told


def set_school_holidays(
    session: Session, holidays: Iterable[SchoolHoliday], by: str, at: datetime
) -> None:
    """Let these be the days without school, instead of those before; sent notices stay due."""
    holidays = list(holidays)
    for place, one in enumerate(holidays):
        if one.last_day < one.first_day:
            detail = "The last day must not come before the first."
            raise DatesOutOfOrder(detail, f"#/holidays/{place}/last_day")
    row = SchoolHolidayRow
    session.execute(update(row).where(row.replaced_at.is_(None)).values(replaced_at=at))
    for one in holidays:
        session.add(
            row(
                id=new_id(at),
                title=one.title,
                first_day=one.first_day,
                last_day=one.last_day,
                recorded_by=by,
                recorded_at=at,
            )
        )
    session.flush()


def _tell(session: Session, agency: str, kind: EventKind, row: NoticeRow, at: datetime) -> None:
    tell(session, agency, kind, row.id, disclosures=[row.entry_id], at=at)


def _check(session: Session, new: NewNotice, at: datetime) -> None:
    if new.recipient == new.sender:
        raise ToItself(pointer="#/recipient")
    if unknown_codes(session, {new.recipient}):
        raise UnknownWord("No agency has this code.", "#/recipient")
    needed = lacking_word(session, new.kind.purpose, new.kind.category)
    if needed is not None:
        raise UnknownWord(needed, "#/kind")
    if new.happened_at is not None and new.happened_at > at:
        raise DatesOutOfOrder("What has not happened yet cannot be told.", "#/happened_at")


def _pushed(new: NewNotice) -> DisclosureRequest:
    """Return the request that a notice answers: what the recipient would have to ask."""
    kind = Kind.CONTENT.value
    asker = Asker(
        client_id=new.client_id,
        agency=new.recipient,
        purposes=frozenset({new.kind.purpose}),
        kinds=frozenset({kind}),
        may_override=False,
    )
    return DisclosureRequest(
        asker=asker,
        recipient=new.recipient,
        source=new.sender,
        kind=kind,
        purpose=new.kind.purpose,
        claimed_basis=new.basis,
        categories=(new.kind.category,),
        identifiers=new.identifiers,
    )


def _holding(new: NewNotice) -> Holding:
    return Holding(new.sender, new.kind.category)


def _refused_to_send(session: Session, new: NewNotice, made: Decided) -> Refused:
    """Log a refusal for the sender alone: its log must not tell the recipient whom it was about."""
    if isinstance(made.decision, Permit):
        raise NotAvailable
    speak_for(session, new.sender)
    line = line_of(made, ())
    facts = dict(line.facts) | {"act": "notice_sent", "notice": new.kind.code.value}
    line = replace(line, recipient=new.sender, facts=facts)
    entry = append_entry(session, line, made.found.at)
    return Refused(entry.id, entry.at, made.decision)


def _logged(session: Session, made: Decided, act: str, kind: NoticeKind, *, duties: bool) -> Entry:
    """Log what was decided; the recipient's duties begin when it reads."""
    line = line_of(made, ())
    facts = dict(line.facts) | {"act": act, "notice": kind.code.value}
    if not duties:
        line = replace(line, obligations=())
    return append_entry(session, replace(line, facts=facts), made.found.at)


def _row(session: Session, new: NewNotice, subject: UUID, entry: Entry) -> NoticeRow:
    corrected = None if new.corrects is None else _corrected(session, new, subject, entry.at)
    made_at = new.happened_at or (entry.at if corrected is None else corrected.happened_at)
    notice = new_id(entry.at)
    key = keys_of(session, {subject})[subject]
    agreed = retention_of(session, new.sender, new.kind.category, entry.at)
    until = kept_until(agreed, None, None, entry.at)
    return NoticeRow(
        id=notice,
        kind=new.kind.code.value,
        sender=new.sender,
        recipient=new.recipient,
        subject_id=subject,
        basis=new.basis,
        content=key.seal(json.dumps(new.content).encode(), "notice", notice, "content"),
        happened_at=made_at,
        sent_at=entry.at,
        deadline=due_at(new.kind.deadline, made_at, school_holidays(session)),
        retain_until=until.allowed if isinstance(until, TooLong) else until,
        corrects=new.corrects,
        entry_id=entry.id,
        sent_by=new.client_id,
    )


def _corrected(session: Session, new: NewNotice, subject: UUID, at: datetime) -> NoticeRow:
    old = session.get(NoticeRow, new.corrects, with_for_update=True)
    if old is None or old.sender != new.sender:
        raise NotAvailable
    same = (old.recipient, old.kind, old.subject_id) == (new.recipient, new.kind.code, subject)
    if not same or not _stands(session, old, at):
        raise NothingToCorrect(pointer="#/corrects")
    return old


def _stands(session: Session, row: NoticeRow, at: datetime) -> bool:
    found = select(NoticeRow.id).where(NoticeRow.id == row.id, standing())
    return row.retain_until > at and session.scalar(found) is not None
