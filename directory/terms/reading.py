"""The words for how what was typed is read: word by word, with what may stand instead."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something that answers a word: as people write it, and as PostgreSQL seeks it."""

    text: str
    query: str


@dataclass(frozen=True, slots=True)
class NearWord:
    """A word that listings hold and that is written much like one that none does.

    `synonyms` are the phrases that may stand for it, itself among them.
    """

    word: str
    query: str
    services: int
    synonyms: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word as it was typed, and what is on file about it for this viewer.

    `query` is empty where it is too common to be kept. `synonyms` are the phrases that may stand
    for the phrase that it is part of; `near` is asked for only where no listing holds it.
    """

    text: str
    query: str
    known: bool
    synonyms: tuple[Phrase, ...] = ()
    near: tuple[NearWord, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word as it is sought: any of `phrases` answers it, the first as it was typed or meant."""

    typed: str
    phrases: tuple[Phrase, ...]
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a search's words are read as; with none to seek, nothing answers them."""

    words: tuple[ReadWord, ...]
    common: tuple[str, ...] = ()
