"""What editors do to synonyms. Each change counts as a change of the directory: it alters lists."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import NamedProblem
from directory.actions.keeping import check_keeps
from directory.actions.records import count_change, lock_changes
from directory.models.search import SynonymRow
from directory.queries.synonyms import taken
from directory.rules.words import words_of
from directory.terms.keeping import Actor
from directory.terms.synonyms import Synonyms, UnknownSynonyms

_LEAST: Final = 2

_PUT: Final = text("""
insert into synonym (phrase, group_id, target, substitute, author, at)
select phrase, :id, plainto_tsquery('english', phrase), (
  select string_agg('(' || phraseto_tsquery('english', other)::text || ')', ' | ')::tsquery
  from unnest(cast(:phrases as text[])) other
), :author, :at
from unnest(cast(:phrases as text[])) phrase
""")
_EMPTY: Final = text("""
select phrase from unnest(cast(:phrases as text[])) phrase
where numnode(plainto_tsquery('english', phrase)) = 0 order by phrase limit 1
""")


class SynonymTaken(NamedProblem):
    """A phrase finds other phrases already."""

    status, code = 409, "synonym_taken"
    title = "The phrase has synonyms already"
    help = (
        "A phrase belongs to one group of synonyms. Remove that group, and enter one that holds "
        "all of the phrases."
    )


class NotAPhrase(NamedProblem):
    """A phrase holds no word that could be searched for, or is another one written differently."""

    status, code = 422, "phrase_not_searchable"
    title = "The phrase cannot be searched for"
    help = (
        "Each phrase needs a word that is not among the commonest, such as 'the', and the phrases "
        "must differ in more than capital letters, accents and signs."
    )


SYNONYMS: Final[tuple[type[NamedProblem], ...]] = (SynonymTaken, NotAPhrase)


def put_synonyms(session: Session, phrases: Collection[str], by: Actor, at: datetime) -> Synonyms:
    """Let each of these phrases find the others; `SynonymTaken` or `NotAPhrase` if it cannot be.

    `NotYoursToChange` unless one keeps the directory for all.
    """
    check_keeps(session, by, at)
    lock_changes(session)
    folded = sorted({" ".join(words_of(one)) for one in phrases})
    if "" in folded or len(folded) < _LEAST:
        raise NotAPhrase(pointer="#/phrases")
    empty = session.scalar(_EMPTY, {"phrases": folded})
    if empty is not None:
        raise NotAPhrase(f"'{empty}' is too common to be searched for.", "#/phrases")
    held = taken(session, folded)
    if held is not None:
        raise SynonymTaken(f"'{held}' is in another group of synonyms already.", "#/phrases")
    made = Synonyms(new_id(at), tuple(folded), by.id, at)
    session.execute(_PUT, {"id": made.id, "phrases": folded, "author": by.id, "at": at})
    count_change(session)
    return made


def remove_synonyms(session: Session, group: UUID, by: Actor, at: datetime) -> None:
    """Let these phrases find each other no more; `UnknownSynonyms` if there are none.

    `NotYoursToChange` unless one keeps the directory for all.
    """
    check_keeps(session, by, at)
    lock_changes(session)
    row = SynonymRow
    gone = delete(row).where(row.group_id == group).returning(row.phrase)
    if not session.scalars(gone).all():
        raise UnknownSynonyms
    count_change(session)
