"""What is on file about who was told of a subject, for a door that answers the family."""

import json
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, bindparam, exists, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from consent.queries.facts import FactsRow, facts_of
from consent.queries.opened import subject_from
from consent.queries.subjects import recorded_by
from consent.terms import Subject
from sharing.models.log import LogEntryRow, LogSubjectRow
from sharing.models.records import RecordRow
from sharing.rules.telling import TOLD
from sharing.terms.seeing import Told

MOST_READ: Final = 2_000
"""Disclosures of one subject that are looked through for one page."""


def subject_of(session: Session, subject: UUID, at: datetime) -> Subject | None:
    """Return what is on file about who decides for a subject; None for one nobody knows."""
    named: BindParameter[Any] = bindparam("subjects", [subject], type_=ARRAY(Uuid))
    row = session.execute(facts_of(named, bindparam("at", at))).one()
    return subject_from(cast("FactsRow", row), Vault.of(session))


def helps(session: Session, agency: str, subject: UUID, at: datetime) -> bool:
    """Say whether this agency registered the subject, or holds something of theirs.

    The session speaks for the agency: it sees no other's records.
    """
    held = exists().where(
        RecordRow.subject_id == subject,
        RecordRow.source == agency,
        RecordRow.starts <= at,
        or_(RecordRow.ends.is_(None), RecordRow.ends > at),
        or_(RecordRow.retain_until.is_(None), RecordRow.retain_until > at),
    )
    return recorded_by(session, subject) == agency or bool(session.scalar(select(held)))


def told_about(session: Session, subject: UUID, after: UUID | None) -> list[Told]:
    """Return what was told of a subject, the newest first, from after an entry."""
    entry, person = LogEntryRow, LogSubjectRow
    found = (
        select(entry.id, entry.at, entry.recipient, entry.facts)
        .join(person, person.id == entry.id)
        .where(person.subject == subject, entry.outcome.in_(TOLD))
        .order_by(entry.id.desc())
        .limit(MOST_READ)
    )
    if after is not None:
        found = found.where(entry.id < after)
    return [
        Told(row.id, row.at, row.recipient, json.loads(row.facts)) for row in session.execute(found)
    ]
