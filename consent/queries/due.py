"""What falls due for an agency: read from what is on file, each time anew."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from consent.models.consents import ConsentEventRow, ConsentRow, ConsentSubjectRow
from consent.queries.opened import subjects_at
from consent.rules.due import Due, due_of, renewal_of
from consent.rules.due import disagreements as disagree
from consent.terms import Answer, Consent, ConsentKind, Method, Policy, Subject

MOST_SUBJECTS: Final = 500
_SHORTEST_MONTH: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A consent that something may fall due about, whom it is about, and what it named."""

    consent: Consent
    subjects: frozenset[UUID]
    agreements: frozenset[str]


def candidates(session: Session, agency: str, policy: Policy, until: datetime) -> list[Candidate]:
    """Return the yeses that this agency recorded and that may want something before `until`."""
    row, replaced = ConsentRow, aliased(ConsentRow)
    unconfirmed = and_(row.method == Method.VERBAL, ~_happened("confirmed"))
    old = until - policy.consent_renewal_months * _SHORTEST_MONTH
    open_ended = and_(row.valid_until.is_(None), row.recorded_at <= old)
    named = func.cardinality(row.agreements) > 0
    wanting = or_(unconfirmed, row.valid_until <= until, open_ended, named)
    found = (
        select(
            row,
            func.array_agg(ConsentSubjectRow.subject_id).label("subjects"),
            _happened("confirmed").label("confirmed"),
        )
        .join(ConsentSubjectRow, ConsentSubjectRow.consent_id == row.id)
        .where(row.recorded_by_agency == agency, row.answer == Answer.GIVEN, wanting)
        .where(~_happened("withdrawn"), ~exists().where(replaced.replaces == row.id))
        .group_by(row.id)
        .order_by(row.recorded_at, row.id)
    )
    return [_candidate(one) for one in session.execute(found)]


def due_for(
    found: Iterable[Candidate],
    members: dict[str, frozenset[str]],
    policy: Policy,
    at: datetime,
    until: datetime,
) -> Iterator[tuple[Due, frozenset[UUID]]]:
    """Yield what falls due about these before `until`, and for whom; `members` by agreement."""
    for one in found:
        now = frozenset().union(*(members.get(code, frozenset()) for code in one.agreements))
        falling = (
            *due_of(one.consent, now, policy, at),
            *renewal_of(one.consent, policy, at),
        )
        for due in falling:
            if due.on <= until:
                yield due, one.subjects


def disagreements(
    session: Session, agency: str, policy: Policy, at: datetime
) -> Iterator[tuple[Due, frozenset[UUID]]]:
    """Yield where deciders disagree about somebody of whom this agency recorded a word."""
    for subject in _spoken_of_twice(session, agency, at):
        for due in disagree(subject, policy, at):
            yield due, frozenset({subject.id})


def _happened(kind: str) -> ColumnElement[bool]:
    event = aliased(ConsentEventRow)
    return exists().where(event.consent_id == ConsentRow.id, event.kind == kind)


def _candidate(found: Row[ConsentRow, Sequence[UUID], bool]) -> Candidate:
    row, subjects, confirmed = found
    consent = Consent(
        id=row.id,
        kind=ConsentKind(row.kind),
        given_by=row.given_by,
        answer=Answer(row.answer),
        method=Method(row.method),
        recorded_at=row.recorded_at,
        recipients=frozenset(row.recipients),
        purposes=frozenset(row.purposes),
        categories=frozenset(row.categories),
        sources=frozenset(row.sources),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        confirmed_at=row.recorded_at if confirmed else None,
    )
    return Candidate(consent, frozenset(subjects), frozenset(row.agreements))


def _spoken_of_twice(session: Session, agency: str, at: datetime) -> Iterator[Subject]:
    """Yield the subjects of whom two people have said different things."""
    about, row = ConsentSubjectRow, ConsentRow
    twice = (
        select(about.subject_id)
        .join(row, row.id == about.consent_id)
        .group_by(about.subject_id)
        .having(func.count(row.given_by.distinct()) > 1)
        .having(func.count(row.answer.distinct()) > 1)
        .having(func.bool_or(row.recorded_by_agency == agency))
        .order_by(about.subject_id)
        .limit(MOST_SUBJECTS)
    )
    yield from subjects_at(session, session.scalars(twice), at)
