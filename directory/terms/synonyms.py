"""The words for phrases that mean the same to whoever searches."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from directory.terms.agencies import DirectoryError


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Phrases each of which finds the others, folded as searches are; `author` is an id."""

    id: UUID
    phrases: tuple[str, ...]
    author: str
    at: datetime


class UnknownSynonyms(DirectoryError):
    """No group of synonyms has this id."""

    advice = "No synonyms have this id. GET /v1/directory/synonyms lists those there are."
