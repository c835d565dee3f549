"""How the words of a search are read, and how PostgreSQL is asked for them."""

from collections.abc import Iterable, Sequence
from typing import Final

from directory.rules.spelling import meant
from directory.terms.places import Place
from directory.terms.reading import Phrase, Reading, ReadWord, TypedWord

_MOST_NAMED: Final = 4


def reading_of(typed: Iterable[TypedWord]) -> Reading:
    """Return how words are read; one that nothing holds is read as the nearest that there is."""
    words = tuple(typed)
    read = tuple(_read(word) for word in words if word.query)
    return Reading(read, tuple(word.text for word in words if not word.query))


def _read(word: TypedWord) -> ReadWord:
    own = Phrase(word.text, word.query)
    if word.known or word.synonyms:
        return ReadWord(word.text, _with(own, word.synonyms))
    near = meant(word.text, word.near)
    if near is None:
        return ReadWord(word.text, (own,))
    phrases = _with(Phrase(near.word, near.query), near.synonyms)
    return ReadWord(word.text, phrases, corrected=True)


def _with(own: Phrase, synonyms: Iterable[Phrase]) -> tuple[Phrase, ...]:
    return (own, *(one for one in synonyms if one.query != own.query))


def query_of(words: Sequence[ReadWord]) -> str:
    """Return words as a `tsquery`: each of them to be found, in one of its ways."""
    return " & ".join(f"({' | '.join(f'({one.query})' for one in word.phrases)})" for word in words)


def notes_of(reading: Reading, *, found: bool) -> tuple[str, ...]:
    """Return what was read differently from what was typed, as it is to be said.

    A near spelling is named only where it has found something that this viewer may see.
    """
    told = [
        f"No service holds the word '{word.typed}'. These hold '{word.phrases[0].text}'."
        for word in reading.words
        if word.corrected and found
    ]
    for word in reading.words:
        others = list(dict.fromkeys(one.text for one in word.phrases[1:] if one.text != word.typed))
        if others:
            named = " or ".join(f"'{one}'" for one in others[:_MOST_NAMED])
            told.append(f"'{word.typed}' was also read as {named}.")
    if reading.common and not reading.words:
        named = " and ".join(f"'{one}'" for one in reading.common[:_MOST_NAMED])
        told.append(f"Too common to search by: {named}. Add another word.")
    return tuple(dict.fromkeys(told))


def notes_on(place: Place | None) -> tuple[str, ...]:
    """Return that a place is not exactly known, where it is not."""
    if place is None or not place.approximate:
        return ()
    first = place.postcode.split()[0]
    return (f"{place.postcode} is not on file: distances are from about the middle of {first}.",)
