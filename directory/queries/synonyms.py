"""The synonyms on file."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from directory.models.search import SynonymRow
from directory.terms.synonyms import Synonyms, UnknownSynonyms


def synonyms(
    session: Session, *, after: UUID | None = None, limit: int | None = None
) -> list[Synonyms]:
    """Return groups of synonyms by id, from the one after `after`."""
    later = true() if after is None else SynonymRow.group_id > after
    return _groups(session, later, limit)


def group(session: Session, group_id: UUID) -> Synonyms:
    """Return one group; `UnknownSynonyms` if there is none of this id."""
    found = _groups(session, SynonymRow.group_id == group_id, 1)
    if not found:
        raise UnknownSynonyms
    return found[0]


def _groups(session: Session, which: ColumnElement[bool], limit: int | None) -> list[Synonyms]:
    row = SynonymRow
    said = func.array_agg(aggregate_order_by(row.phrase, row.phrase))
    grouped = select(row.group_id, said, func.min(row.author), func.min(row.at)).where(which)
    rows = session.execute(grouped.group_by(row.group_id).order_by(row.group_id).limit(limit))
    return [Synonyms(one, tuple(phrases), author, at) for one, phrases, author, at in rows]


def taken(session: Session, phrases: list[str]) -> str | None:
    """Return the first of these phrases that is in a group already; None if none is."""
    row = SynonymRow
    held = select(row.phrase).where(row.phrase.in_(phrases)).order_by(row.phrase).limit(1)
    return session.scalar(held)
