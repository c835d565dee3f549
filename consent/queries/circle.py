"""A subject as they are on file in words, and who is near them: related, or in one household."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.vault import DataKey
from consent.models.protection import ShieldRow, ShieldSubjectRow
from consent.models.subjects import (
    HouseholdMemberRow,
    RelationshipRow,
    SubjectIdentifierRow,
    SubjectRow,
)
from consent.queries.subjects import keys_of


@dataclass(frozen=True, slots=True)
class Known:
    """What a subject is called, was called, and is found by."""

    name: dict[str, str] | None
    past_names: tuple[dict[str, str], ...]
    born: str | None
    identifiers: tuple[dict[str, str], ...]


def known_of(session: Session, subject: UUID, key: DataKey) -> Known:
    """Return a subject in words, opened with their own key."""
    row = session.get_one(SubjectRow, subject)
    called = _names(row, key)
    born = None if row.born is None else key.open(row.born, "subject", subject, "born").decode()
    found = select(SubjectIdentifierRow).where(SubjectIdentifierRow.subject_id == subject)
    identifiers = sorted((one.scheme, _value(one, key)) for one in session.scalars(found).all())
    return Known(
        called["name"],
        tuple(called["past_names"]),
        born,
        tuple({"scheme": scheme, "value": value} for scheme, value in identifiers),
    )


def near(session: Session, subject: UUID) -> frozenset[UUID]:
    """Return everyone who is related to a subject or named in one household with them."""
    relation, member = RelationshipRow, HouseholdMemberRow
    pairs = (
        (relation.person_id, relation.subject_id),
        (relation.subject_id, relation.person_id),
        (member.member_id, member.subject_id),
        (member.subject_id, member.member_id),
    )
    found: set[UUID] = set()
    for other, own in pairs:
        found |= set(session.scalars(select(other).where(own == subject).order_by(other)))
    return frozenset(found - {subject})


def names_of(session: Session, subjects: Iterable[UUID]) -> list[dict[str, str]]:
    """Return what these subjects are called and were called, in no telling order."""
    names = []
    for subject, key in sorted(keys_of(session, subjects).items()):
        called = _names(session.get_one(SubjectRow, subject), key)
        names += [one for one in (called["name"], *called["past_names"]) if one is not None]
    return names


def any_shielded(session: Session, subjects: Iterable[UUID], at: datetime) -> bool:
    """Say whether a shield, of whichever kind, protects any of these at an instant."""
    found = (
        select(ShieldRow.id)
        .join(ShieldSubjectRow, ShieldSubjectRow.shield_id == ShieldRow.id)
        .where(
            ShieldSubjectRow.subject_id.in_(list(subjects)),
            ShieldRow.starts <= at,
            ShieldRow.ends.is_(None) | (ShieldRow.ends > at),
        )
        .limit(1)
    )
    return session.scalar(found) is not None


def _names(row: SubjectRow, key: DataKey) -> dict[str, Any]:
    if row.names is None:
        return {"name": None, "past_names": []}
    opened: dict[str, Any] = json.loads(key.open(row.names, "subject", row.id, "names"))
    return opened


def _value(row: SubjectIdentifierRow, key: DataKey) -> str:
    return key.open(row.value, "subject_identifier", row.digest.hex(), "value").decode()
