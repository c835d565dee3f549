"""What falls due for an agency: read from what is on file, each time anew."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.kernel.vault import Vault, WrappedKey
from consent.models.consents import ConsentEventRow, ConsentRow, ConsentSubjectRow
from consent.models.subjects import SubjectRow
from consent.queries.consents import CONFIRMED, WITHDRAWN
from consent.queries.opened import subjects_at
from consent.rules.deciding import hides, shielding
from consent.rules.due import (
    Due,
    birthday,
    coming_of_age,
    due_of,
    not_asked_about,
    renewal_of,
    still_about,
)
from consent.rules.due import disagreements as disagree
from consent.terms import Answer, Consent, ConsentKind, Method, Policy, Subject

MOST_SUBJECTS: Final = 500
_SHORTEST_MONTH: Final = timedelta(days=28)
Listed = tuple[Due, frozenset[UUID]]
_When = datetime | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A consent that something may fall due about, whom it is about, and what it named.

    `words` are all that its giver has said, each with the subject that it is about.
    """

    consent: Consent
    subjects: frozenset[UUID]
    agreements: frozenset[str]
    words: Sequence[tuple[UUID, Consent]] = ()


def candidates(session: Session, agency: str, policy: Policy, until: datetime) -> list[Candidate]:
    """Return the yeses that this agency recorded and that may want something before `until`."""
    row = ConsentRow
    unconfirmed = and_(row.method == Method.VERBAL, _happened(CONFIRMED).is_(None))
    old = until - policy.consent_renewal_months * _SHORTEST_MONTH
    open_ended = and_(row.valid_until.is_(None), row.recorded_at <= old)
    named = func.cardinality(row.agreements) > 0
    wanting = or_(unconfirmed, row.valid_until <= until, open_ended, named)
    found = _said().where(
        row.recorded_by_agency == agency,
        row.answer == Answer.GIVEN,
        wanting,
        _happened(WITHDRAWN).is_(None),
        _replaced().is_(None),
    )
    return [_candidate(one) for one in session.execute(found)]


def not_said_again(
    session: Session, found: Sequence[Candidate], sensitive: frozenset[str], at: datetime
) -> Iterator[Candidate]:
    """Yield these, each about those alone of whom its giver has not spoken of all of it since."""
    givers = sorted({one.consent.given_by for one in found})
    said: dict[UUID, list[tuple[UUID, Consent]]] = {giver: [] for giver in givers}
    for row in session.execute(_said().where(ConsentRow.given_by.in_(givers))):
        word = _candidate(row)
        said[word.consent.given_by] += [(subject, word.consent) for subject in word.subjects]
    for one in found:
        words = said[one.consent.given_by]
        left = still_about(one.consent, words, one.subjects, sensitive, at)
        if left:
            yield replace(one, subjects=left, words=words)


def due_for(  # noqa: PLR0913  (about what, who is a member, and what holds when)
    found: Iterable[Candidate],
    members: dict[str, frozenset[str]],
    policy: Policy,
    sensitive: frozenset[str],
    *,
    at: datetime,
    until: datetime,
) -> Iterator[Listed]:
    """Yield what falls due about these before `until`, and for whom; `members` by agreement."""
    for one in found:
        now = frozenset().union(*(members.get(code, frozenset()) for code in one.agreements))
        joined = now - one.consent.recipients
        new = not_asked_about(
            one.consent, joined, one.words, one.subjects, sensitive=sensitive, at=at
        )
        falling = (
            *due_of(one.consent, new, policy, at),
            *renewal_of(one.consent, policy, at),
        )
        for due in falling:
            if due.on <= until:
                yield due, one.subjects


def disagreements(
    session: Session, agency: str, policy: Policy, sensitive: frozenset[str], at: datetime
) -> Iterator[Listed]:
    """Yield where deciders disagree about somebody of whom this agency recorded a word."""
    for subject in _known_to(session, _spoken_of_twice(session, agency), agency, at):
        for due in disagree(subject, policy, sensitive, at):
            yield due, frozenset({subject.id})


def birthdays(
    session: Session, agency: str, policy: Policy, until: datetime, at: datetime
) -> Iterator[Listed]:
    """Yield who comes to decide for themselves by then, of those whose yes this agency recorded."""
    coming = [
        subject
        for subject, born in _born(session, agency)
        if birthday(born, policy.own_decision_age) <= until
    ]
    for subject in _known_to(session, coming, agency, at):
        for due in coming_of_age(subject, policy, at):
            yield due, frozenset({subject.id})


def _known_to(
    session: Session, subjects: Iterable[UUID], agency: str, at: datetime
) -> Iterator[Subject]:
    """Yield what is on file about these, but for those whom a shield hides from the agency."""
    for subject in subjects_at(session, subjects, at):
        if not any(hides(shield) for shield in shielding(subject.shields, agency, at)):
            yield subject


def _said() -> Select[ConsentRow, Sequence[UUID], _When, _When, _When]:
    """Return the statement that reads records, whom each is about and what became of it."""
    row = ConsentRow
    return (
        select(
            row,
            func.array_agg(ConsentSubjectRow.subject_id).label("subjects"),
            _happened(CONFIRMED).label("confirmed_at"),
            _happened(WITHDRAWN).label("withdrawn_at"),
            _replaced().label("replaced_at"),
        )
        .join(ConsentSubjectRow, ConsentSubjectRow.consent_id == row.id)
        .group_by(row.id)
        .order_by(row.recorded_at, row.id)
    )


def _happened(kind: str) -> ScalarSelect[datetime]:
    event = aliased(ConsentEventRow)
    happened = select(event.recorded_at).where(
        event.consent_id == ConsentRow.id, event.kind == kind
    )
    return happened.correlate(ConsentRow).scalar_subquery()


def _replaced() -> ScalarSelect[datetime]:
    later = aliased(ConsentRow)
    replaced = select(later.recorded_at).where(later.replaces == ConsentRow.id)
    return replaced.correlate(ConsentRow).scalar_subquery()


def _candidate(found: Row[ConsentRow, Sequence[UUID], _When, _When, _When]) -> Candidate:
    row, subjects, confirmed_at, withdrawn_at, replaced_at = found
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
        confirmed_at=confirmed_at,
        withdrawn_at=withdrawn_at,
        replaced_at=replaced_at,
    )
    return Candidate(consent, frozenset(subjects), frozenset(row.agreements))


def _spoken_of_twice(session: Session, agency: str) -> Sequence[UUID]:
    """Return the subjects of whom two people have said different things, or one took theirs back.

    A word that was taken back is a no beside whatever the other says.
    """
    about, row = ConsentSubjectRow, ConsentRow
    differ = or_(func.count(row.answer.distinct()) > 1, func.count(_happened(WITHDRAWN)) > 0)
    twice = (
        select(about.subject_id)
        .join(row, row.id == about.consent_id)
        .group_by(about.subject_id)
        .having(func.count(row.given_by.distinct()) > 1)
        .having(differ)
        .having(func.bool_or(row.recorded_by_agency == agency))
        .order_by(about.subject_id)
        .limit(MOST_SUBJECTS)
    )
    return session.scalars(twice).all()


def _born(session: Session, agency: str) -> Iterator[tuple[UUID, date]]:
    """Yield when the children were born for whom somebody else's yes is recorded here."""
    about, row, subject = ConsentSubjectRow, ConsentRow, SubjectRow
    children = (
        select(subject.id, subject.born, subject.key_id, subject.wrapped_key)
        .join(about, about.subject_id == subject.id)
        .join(row, row.id == about.consent_id)
        .where(row.recorded_by_agency == agency, row.answer == Answer.GIVEN)
        .where(row.given_by != subject.id, ~subject.adult)
        .distinct()
        .order_by(subject.id)
    )
    vault = Vault.of(session)
    for found, born, key_id, wrapped in session.execute(children).all():
        if born is not None and wrapped is not None:
            key = vault.data_key(WrappedKey(key_id, wrapped))
            yield found, date.fromisoformat(key.open(born, "subject", found, "born").decode())
