"""From the columns of the facts to the words of a decision: plain loops over plain values."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.kernel.vault import DataKey, Vault, WrappedKey
from consent.queries.facts import FactsRow, facts_of
from consent.terms import (
    Answer,
    CompetenceAssessment,
    ConflictOfInterest,
    Consent,
    ConsentKind,
    Member,
    Method,
    ParentalResponsibility,
    Period,
    Shield,
    ShieldMode,
    Subject,
)

Json = dict[str, Any]


def opened_subject(row: FactsRow, vault: Vault) -> tuple[Subject, DataKey] | None:
    """Return the subject of a row and the key that opens what is sealed about it, or None."""
    if row.subject_id is None:
        return None
    key = vault.data_key(WrappedKey(row.key_id, row.wrapped_key))
    subject = Subject(
        row.subject_id,
        row.adult,
        _born(row, key),
        tuple(one for each in row.responsible for one in _with_say(each)),
        tuple(_assessed(each) for each in row.assessments),
        tuple(_said(each) for each in row.consents),
        tuple(_protecting(each) for each in row.shields),
        tuple(ConflictOfInterest(each["practitioner"], _period(each)) for each in row.conflicts),
        Period(row.starts, row.ends),
    )
    return subject, key


def subject_from(row: FactsRow, vault: Vault) -> Subject | None:
    """Return the subject of a row, or None for one that nobody knows."""
    opened = opened_subject(row, vault)
    return None if opened is None else opened[0]


def subjects_at(session: Session, named: Iterable[UUID], at: datetime) -> Iterator[Subject]:
    """Yield what is on file at an instant about those of these subjects that are known."""
    ids: BindParameter[Any] = bindparam("subjects", list(named), type_=ARRAY(Uuid))
    for row in session.execute(facts_of(ids, bindparam("at", at))):
        found = subject_from(cast("FactsRow", row), Vault.of(session))
        if found is not None:
            yield found


def household_from(row: FactsRow) -> tuple[Member, ...]:
    """Return who is named in the subject's household, with what protects each."""
    return tuple(
        Member(UUID(one["id"]), tuple(_protecting(each) for each in one["shields"]))
        for one in row.household
    )


def _born(row: FactsRow, key: DataKey) -> date | None:
    if row.born is None:
        return None
    return date.fromisoformat(key.open(row.born, "subject", row.subject_id, "born").decode())


def _with_say(one: Json) -> Iterator[ParentalResponsibility]:
    """Yield the stretches of a responsibility, each with at most one loss of say within it."""
    person, whole = UUID(one["person"]), _period(one)
    starts = whole.starts
    for each in one["no_says"]:
        lost = _period(each)
        yield ParentalResponsibility(person, Period(starts, _earlier(lost.ends, whole.ends)), lost)
        if lost.ends is None:
            return
        starts = lost.ends if starts is None else max(starts, lost.ends)
    yield ParentalResponsibility(person, Period(starts, whole.ends))


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _assessed(one: Json) -> CompetenceAssessment:
    at = datetime.fromisoformat(one["at"])
    return CompetenceAssessment(one["purpose"], one["competent"], at, _instant(one["until"]))


def _said(one: Json) -> Consent:
    return Consent(
        id=UUID(one["id"]),
        kind=ConsentKind(one["kind"]),
        given_by=UUID(one["given_by"]),
        answer=Answer(one["answer"]),
        method=Method(one["method"]),
        recorded_at=datetime.fromisoformat(one["recorded_at"]),
        recipients=frozenset(one["recipients"]),
        purposes=frozenset(one["purposes"]),
        categories=frozenset(one["categories"]),
        sources=frozenset(one["sources"]),
        valid_from=_instant(one["valid_from"]),
        valid_until=_instant(one["valid_until"]),
        confirmed_at=_instant(one["confirmed_at"]),
        withdrawn_at=_instant(one["withdrawn_at"]),
        replaced_at=_instant(one["replaced_at"]),
    )


def _protecting(one: Json) -> Shield:
    return Shield(
        UUID(one["id"]),
        ShieldMode(one["mode"]),
        _period(one),
        frozenset(one["unaffected"]),
        frozenset(one["categories"]),
        datetime.fromisoformat(one["recorded_at"]),
    )


def _period(one: Json) -> Period:
    return Period(_instant(one["starts"]), _instant(one["ends"]))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
