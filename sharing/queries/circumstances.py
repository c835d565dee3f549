"""What is on file around a subject that makes an entry more or less likely to be right."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.vault import DataKey, Vault
from consent.queries.subjects import digests_for, keys_of, names_of, recorded_by
from consent.terms import Subject
from sharing.models.notices import EscalationRow, EscalationSubjectRow
from sharing.models.records import RecordRow
from sharing.models.scoring import ReviewInterestRow, ReviewStaffRow
from sharing.rules.likeness import found_in, surnames
from sharing.terms.codes import CONTACT, INVOLVEMENT
from sharing.terms.reviewing import Involvement
from sharing.terms.scoring import ColleagueTie, Shared

APPOINTMENT: Final = "appointment"
PLAN: Final = "plan"
_NAMED: Final = {INVOLVEMENT: "involvement", APPOINTMENT: "appointment"}


def involvements(
    session: Session, agency: str, subject: Subject, since: datetime, at: datetime
) -> list[Involvement]:
    """Return by what an agency had to do with a subject between two instants, the oldest first.

    The session speaks for the agency. Nothing that was recorded later counts: it would explain
    anything afterwards.
    """
    found = [
        *_records(session, agency, subject.id, at),
        *_referrals(session, agency, subject.id, at),
        *_answers(agency, subject, at),
    ]
    if recorded_by(session, subject.id) == agency:
        found.append(Involvement("registered", subject.period.starts or at))
    open_then = (one for one in found if one.until is None or one.until > since)
    return sorted(open_then, key=lambda one: (one.since, one.what))


def has_plan(session: Session, subject: UUID, at: datetime) -> bool:
    """Say whether any agency holds a plan for a subject at an instant."""
    row = RecordRow
    held = select(row.id).where(row.subject_id == subject, row.category == PLAN)
    standing = held.where(row.starts <= at, (row.ends.is_(None)) | (row.ends > at))
    return session.scalar(standing.limit(1)) is not None


def is_of_interest(session: Session, subject: UUID, at: datetime) -> bool:
    """Say whether a subject was marked as of public interest at an instant."""
    row = session.get(ReviewInterestRow, subject)
    return row is not None and row.recorded_at <= at and (row.ended_at is None or row.ended_at > at)


def declared(session: Session, agency: str, practitioner: bytes) -> ReviewStaffRow | None:
    """Return what an agency declared of one of its people, which the session speaks for."""
    return session.get(ReviewStaffRow, (agency, practitioner))


def colleague_tie(
    session: Session, agency: str, practitioner: bytes | None, subject: UUID
) -> ColleagueTie | None:
    """Return what a subject is to the agency's people, but for who asks: they know their own."""
    digests = digests_for(session, subject)
    row = ReviewStaffRow
    own = select(row.practitioner).where(row.agency == agency).limit(1)
    if not digests:
        return None
    if session.scalar(own.where(row.themselves.overlap(digests))) is not None:
        return ColleagueTie.THEMSELVES
    others = own.where(row.relatives.overlap(digests))
    if practitioner is not None:
        others = others.where(row.practitioner != practitioner)
    return None if session.scalar(others) is None else ColleagueTie.RELATIVE


def shared_with(
    session: Session, staff: ReviewStaffRow, subject: UUID, at: datetime
) -> tuple[Shared, ...]:
    """Return what a practitioner shares with a subject, compared by digest alone."""
    found = []
    key = keys_of(session, {subject}).get(subject)
    if set(staff.relatives) & set(digests_for(session, subject)):
        found.append(Shared.RELATIVE)
    if key is None:
        return tuple(found)
    names = names_of(session, subject, key)
    if _same(session, Shared.SURNAME, surnames(names), staff.surnames):
        found.append(Shared.SURNAME)
    contents = list(_contacts(session, subject, key, at))
    for what, listed in ((Shared.ADDRESS, staff.addresses), (Shared.PHONE, staff.phones)):
        said = frozenset().union(*(found_in(what, one) for one in contents))
        if _same(session, what, said, listed):
            found.append(what)
    return tuple(one for one in Shared if one in found)


def digest_of(session: Session, what: Shared, said: str) -> bytes:
    """Return the digest by which a normal form is compared."""
    return Vault.of(session).digest("log", "review", what.value, said)


def _same(session: Session, what: Shared, said: frozenset[str], listed: list[bytes]) -> bool:
    return any(digest_of(session, what, one) in listed for one in said)


def _contacts(
    session: Session, subject: UUID, key: DataKey, at: datetime
) -> Iterator[dict[str, object]]:
    row = RecordRow
    held = (
        select(row.id, row.content)
        .where(row.subject_id == subject, row.category == CONTACT, row.content.is_not(None))
        .where(row.starts <= at)
        .order_by(row.id.desc())
        .limit(20)
    )
    for record, content in session.execute(held):
        if content is not None:
            yield json.loads(key.open(content, "record", record, "content"))


def _records(session: Session, agency: str, subject: UUID, at: datetime) -> Iterator[Involvement]:
    row = RecordRow
    held = (
        select(row.category, row.starts, row.ends)
        .where(row.subject_id == subject, row.source == agency)
        .where(row.starts <= at, row.recorded_at <= at)
        .order_by(row.starts, row.id)
    )
    for category, starts, ends in session.execute(held):
        yield Involvement(_NAMED.get(category, "record"), starts, ends)


def _referrals(session: Session, agency: str, subject: UUID, at: datetime) -> Iterator[Involvement]:
    row, about = EscalationRow, EscalationSubjectRow
    party = (row.from_agency == agency) | (row.to_agency == agency)
    steps = (
        select(row.recorded_at, row.declined_at, row.withdrawn_at)
        .join(about, about.escalation_id == row.id)
        .where(about.subject_id == subject, party, row.recorded_at <= at)
        .order_by(row.id)
    )
    for recorded_at, declined_at, withdrawn_at in session.execute(steps):
        yield Involvement("referral", recorded_at, declined_at or withdrawn_at)


def _answers(agency: str, subject: Subject, at: datetime) -> Iterator[Involvement]:
    for one in subject.consents:
        if agency in one.recipients and one.answer == "given" and one.recorded_at <= at:
            yield Involvement(
                "consent", one.recorded_at, one.withdrawn_at or one.replaced_at or one.valid_until
            )
