"""How a subject is found, and what opens what is sealed about it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.vault import DataKey, Vault, WrappedKey
from consent.models.subjects import RelationshipRow, SubjectIdentifierRow, SubjectRow


def digest_of(vault: Vault, scheme: str, value: str) -> bytes:
    """Return the digest by which an identifier in its normal form is found."""
    return vault.blind_index(scheme, value)


def named_by(session: Session, digests: Iterable[bytes]) -> UUID | None:
    """Return the one subject whom these digests name; None if they name none, or two."""
    found = (
        select(SubjectRow.id)
        .join(SubjectIdentifierRow, SubjectIdentifierRow.subject_id == SubjectRow.id)
        .where(SubjectIdentifierRow.digest.in_(list(digests)), SubjectRow.wrapped_key.is_not(None))
        .distinct()
        .order_by(SubjectRow.id)
        .limit(2)
    )
    subjects = session.scalars(found).all()
    return subjects[0] if len(subjects) == 1 else None


def taken(session: Session, digests: Iterable[bytes]) -> Mapping[bytes, UUID]:
    """Return those of these digests that are on file, and whom each names."""
    on_file = select(SubjectIdentifierRow.digest, SubjectIdentifierRow.subject_id).where(
        SubjectIdentifierRow.digest.in_(list(digests))
    )
    return dict(session.execute(on_file).all())


def keys_of(session: Session, subjects: Iterable[UUID]) -> dict[UUID, DataKey]:
    """Return the data keys of those of these subjects that are known and not erased."""
    vault = Vault.of(session)
    stored = select(SubjectRow.id, SubjectRow.key_id, SubjectRow.wrapped_key).where(
        SubjectRow.id.in_(list(subjects)), SubjectRow.wrapped_key.is_not(None)
    )
    return {
        subject: vault.data_key(WrappedKey(key_id, wrapped))
        for subject, key_id, wrapped in session.execute(stored)
        if wrapped is not None
    }


def has_relationship(session: Session, subject: UUID, relationship: UUID) -> bool:
    """Say whether this relationship is one of this subject's."""
    found = select(RelationshipRow.id).where(
        RelationshipRow.id == relationship, RelationshipRow.subject_id == subject
    )
    return session.scalar(found) is not None


def recorded_by(session: Session, subject: UUID) -> str | None:
    """Return the agency that registered a subject; None for one nobody knows."""
    found = select(SubjectRow.recorded_by_agency).where(SubjectRow.id == subject)
    return session.scalar(found)


def digests_for(session: Session, subject: UUID) -> list[bytes]:
    """Return the digests that find a subject, in order; none for one nobody knows."""
    row = SubjectIdentifierRow
    found = select(row.digest).where(row.subject_id == subject).order_by(row.digest)
    return list(session.scalars(found))


def names_of(session: Session, subject: UUID, key: DataKey) -> dict[str, Any]:
    """Return the name of a subject and their past names, as they were given; empty for none."""
    sealed = session.scalar(select(SubjectRow.names).where(SubjectRow.id == subject))
    if sealed is None:
        return {}
    names: dict[str, Any] = json.loads(key.open(sealed, "subject", subject, "names"))
    return names
