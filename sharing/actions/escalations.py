"""Step up and step down: one act that records the basis and tells both lead practitioners.

To hand a family over is to tell the agency that takes over, so each of them is decided on like any
disclosure. A step down that lacks nothing but the family's agreement waits for it: until then the
other agency hears nothing, and with the agreement it is done.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.db import speak_for
from app.kernel.ids import new_id
from app.kernel.named import NotAvailable
from consent.queries.locks import shared_lock_keys
from consent.queries.subjects import digests_for, keys_of
from directory.queries.agencies import agencies, unknown_codes
from sharing.actions.disclosing import Decided, decided, line_of
from sharing.actions.errors import UnknownWord
from sharing.actions.events import tell
from sharing.actions.log import Entry, append_entry
from sharing.actions.pushed_errors import (
    DutyMisplaced,
    EscalationEnded,
    ToItself,
)
from sharing.models.notices import EscalationRow, EscalationSubjectRow
from sharing.queries.escalations import escalation_of
from sharing.queries.words import lacking_word
from sharing.rules.stepping import duty_fits, what_follows
from sharing.terms.answers import Refusal, Refused
from sharing.terms.asking import Asker, DisclosureRequest, Reader
from sharing.terms.codes import Kind
from sharing.terms.escalations import (
    HANDED_OVER,
    PURPOSES,
    Direction,
    Ending,
    EscalationOnFile,
    EscalationRead,
    NewEscalation,
    Next,
    State,
    SubjectRead,
)
from sharing.terms.events import EventKind
from sharing.terms.facts import Holding

MOST_SETTLED: Final = 500
"""Waiting handovers of one agency that one run looks at."""


@dataclass(frozen=True, slots=True)
class _Route:
    """From whom to whom, for what and on which basis: what every decision about it asks."""

    direction: Direction
    from_agency: str
    to_agency: str
    basis: str


def start(
    session: Session, new: NewEscalation, subjects: Collection[UUID], clock: Clock
) -> EscalationOnFile | Refused:
    """Hand these subjects over, or wait for the family; a refusal hands nobody over."""
    _check(session, new)
    route = _Route(new.direction, new.from_agency, new.to_agency, new.basis)
    made = _decide(session, route, subjects, new.client_id, clock)
    follows = what_follows(new.direction, [one.decision for one in made.values()])
    if follows is Next.REFUSE:
        return _refused(session, route, made)
    at = max(one.found.at for one in made.values())
    row = _row(new, at)
    entries = _log(session, route, made)
    speak_for(session, new.from_agency)
    session.add(row)
    session.flush()
    for subject, key in keys_of(session, made).items():
        place = ("escalation_subject", f"{subject}/{row.id}", "reason")
        sealed = key.seal(new.reason.encode(), *place)
        session.add(EscalationSubjectRow(escalation_id=row.id, subject_id=subject, reason=sealed))
    session.flush()
    if follows is Next.COMPLETE:
        _complete(session, row, entries, at)
    return escalation_of(row)


def settle(
    session: Session, escalation: UUID, agency: str, client_id: str, clock: Clock
) -> EscalationOnFile:
    """Look again at what waits for the family: it is done once they agreed, or declined."""
    row = _own(session, escalation, agency)
    if escalation_of(row).state is not State.AWAITING_AGREEMENT:
        return escalation_of(row)
    route = _Route(Direction(row.direction), row.from_agency, row.to_agency, row.basis)
    made = _decide(session, route, _subjects_of(session, row.id), client_id, clock)
    speak_for(session, agency)
    said = [
        consent
        for one in made.values()
        if one.found.facts.subject is not None
        for consent in one.found.facts.subject.consents
    ]
    decisions = [one.decision for one in made.values()]
    at = max(one.found.at for one in made.values())
    follows = what_follows(route.direction, decisions, said, row.recorded_at)
    if follows is Next.COMPLETE:
        _complete(session, row, _log(session, route, made), at)
    elif follows is Next.DECLINE:
        _end(session, row, Ending.DECLINED, at)
    return escalation_of(row)


def settle_waiting(session: Session, clock: Clock) -> int:
    """Settle what can be settled of every agency's; say how many wait no more."""
    settled = 0
    for agency in agencies(session):
        speak_for(session, agency.code)
        row = EscalationRow
        found = (
            select(row.id, row.recorded_by)
            .where(row.from_agency == agency.code)
            .where(row.completed_at.is_(None), row.declined_at.is_(None))
            .where(row.withdrawn_at.is_(None))
            .order_by(row.id)
            .limit(MOST_SETTLED)
        )
        for waiting, client_id in session.execute(found).all():
            speak_for(session, agency.code)
            done = settle(session, waiting, agency.code, client_id, clock)
            settled += done.state is not State.AWAITING_AGREEMENT
    return settled


def end(
    session: Session, escalation: UUID, agency: str, ending: Ending, at: datetime
) -> EscalationOnFile:
    """Record that the family said no, or that nobody hands over any more; once, while it waits."""
    row = _own(session, escalation, agency)
    if escalation_of(row).state is not State.AWAITING_AGREEMENT:
        raise EscalationEnded
    _end(session, row, ending, at)
    return escalation_of(row)


def read(
    session: Session, escalation: UUID, reader: Reader, clock: Clock
) -> EscalationRead | Refused:
    """Decide again, log the reading, and open the words about those who may be told of."""
    row = session.get(EscalationRow, escalation)
    if row is None or row.to_agency != reader.asker.agency:
        raise NotAvailable
    told: list[SubjectRead] = []
    refused: Refused | None = None
    route = _Route(Direction(row.direction), row.from_agency, row.to_agency, row.basis)
    for subject in _in_lock_order(session, _subjects_of(session, row.id)):
        asked = replace(
            _asked(route, reader.asker),
            practitioner=reader.practitioner,
            narrowed_to=reader.narrowed_to,
        )
        made = _decide_one(session, route, asked, subject, clock)
        entry = _append(session, made, f"{route.direction.value}_read")
        about = session.get(EscalationSubjectRow, (escalation, subject))
        key = made.found.key
        if isinstance(made.decision, Refusal):
            refused = Refused(entry.id, entry.at, made.decision)
        elif about is not None and key is not None:
            place = ("escalation_subject", f"{subject}/{escalation}", "reason")
            told.append(SubjectRead(subject, key.open(about.reason, *place).decode(), entry.id))
    if told or refused is None:
        return EscalationRead(escalation_of(row), tuple(told))
    return refused


def _check(session: Session, new: NewEscalation) -> None:
    if not duty_fits(new.direction, new.duty):
        raise DutyMisplaced(pointer="#/duty")
    if new.to_agency == new.from_agency:
        raise ToItself(pointer="#/to")
    if unknown_codes(session, {new.to_agency}):
        raise UnknownWord("No agency has this code.", "#/to")
    needed = lacking_word(session, PURPOSES[new.direction], HANDED_OVER)
    if needed is not None:
        raise UnknownWord(needed, "#/direction")


def _decide(
    session: Session,
    route: _Route,
    subjects: Collection[UUID],
    client_id: str,
    clock: Clock,
) -> dict[UUID, Decided]:
    """Decide about each, as if the agency that takes over asked; nothing is logged yet."""
    asker = Asker(
        client_id=client_id,
        agency=route.to_agency,
        purposes=frozenset({PURPOSES[route.direction]}),
        kinds=frozenset({Kind.CONTENT.value}),
        may_override=False,
    )
    asked = _asked(route, asker)
    return {
        subject: _decide_one(session, route, asked, subject, clock)
        for subject in _in_lock_order(session, subjects)
    }


def _decide_one(
    session: Session, route: _Route, asked: DisclosureRequest, subject: UUID, clock: Clock
) -> Decided:
    brought = [Holding(route.from_agency, HANDED_OVER)]
    return decided(session, asked, clock, digests_for(session, subject), brought)


def _asked(route: _Route, asker: Asker) -> DisclosureRequest:
    return DisclosureRequest(
        asker=asker,
        recipient=route.to_agency,
        source=route.from_agency,
        kind=Kind.CONTENT.value,
        purpose=PURPOSES[route.direction],
        claimed_basis=route.basis,
        categories=(HANDED_OVER,),
    )


def _in_lock_order(session: Session, subjects: Collection[UUID]) -> list[UUID]:
    """Return subjects so that two who decide about the same ones never wait for each other."""
    return sorted(subjects, key=lambda one: (shared_lock_keys(digests_for(session, one)), one))


def _refused(session: Session, route: _Route, made: dict[UUID, Decided]) -> Refused:
    """Log what was refused for the agency that wished to hand over; the other learns of none."""
    logged = None
    speak_for(session, route.from_agency)
    for one in made.values():
        if isinstance(one.decision, Refusal):
            line = replace(line_of(one, ()), recipient=route.from_agency)
            facts = dict(line.facts) | {"act": route.direction.value}
            entry = append_entry(session, replace(line, facts=facts), one.found.at)
            logged = Refused(entry.id, entry.at, one.decision)
    if logged is None:
        raise NotAvailable
    return logged


def _log(session: Session, route: _Route, made: dict[UUID, Decided]) -> dict[UUID, UUID]:
    """Log what was decided: for the agency that takes over if it is, else for the other."""
    if any(isinstance(one.decision, Refusal) for one in made.values()):
        _refused(session, route, made)
        return {}
    speak_for(session, route.to_agency)
    return {
        subject: _append(session, one, route.direction.value).id for subject, one in made.items()
    }


def _append(session: Session, made: Decided, act: str) -> Entry:
    line = line_of(made, ())
    return append_entry(
        session, replace(line, facts=dict(line.facts) | {"act": act}), made.found.at
    )


def _row(new: NewEscalation, at: datetime) -> EscalationRow:
    return EscalationRow(
        id=new_id(at),
        direction=new.direction.value,
        from_agency=new.from_agency,
        to_agency=new.to_agency,
        from_lead=new.from_lead.id,
        to_lead=new.to_lead.id,
        from_contact=new.from_lead.contact,
        to_contact=new.to_lead.contact,
        basis=new.basis,
        duty=new.duty,
        recorded_by=new.client_id,
        recorded_at=at,
    )


def _complete(
    session: Session, row: EscalationRow, entries: dict[UUID, UUID], at: datetime
) -> None:
    """Let it be done, and both agencies hear of it: their lead practitioners take it from here."""
    speak_for(session, row.from_agency)
    row.completed_at = at
    about = EscalationSubjectRow
    for subject, entry in entries.items():
        this_one = (about.escalation_id == row.id, about.subject_id == subject)
        session.execute(update(about).where(*this_one).values(entry_id=entry))
    session.flush()
    logged = sorted(entries.values())
    for agency in (row.to_agency, row.from_agency):
        done = EventKind.ESCALATION_COMPLETED
        tell(session, agency, done, row.id, disclosures=logged, at=at)


def _end(session: Session, row: EscalationRow, ending: Ending, at: datetime) -> None:
    if ending is Ending.DECLINED:
        row.declined_at = at
    else:
        row.withdrawn_at = at
    session.flush()
    if ending is Ending.DECLINED:
        kind = EventKind.ESCALATION_DECLINED
        tell(session, row.from_agency, kind, row.id, disclosures=(), at=at)


def _own(session: Session, escalation: UUID, agency: str) -> EscalationRow:
    row = session.get(EscalationRow, escalation, with_for_update=True)
    if row is None or row.from_agency != agency:
        raise NotAvailable
    return row


def _subjects_of(session: Session, escalation: UUID) -> Sequence[UUID]:
    about = EscalationSubjectRow
    found = select(about.subject_id).where(about.escalation_id == escalation)
    return session.scalars(found.order_by(about.subject_id)).all()
