"""How the words of a search are read, and how PostgreSQL is asked for them."""

from collections.abc import Iterable, Sequence
from typing import Final

from directory.rules.spelling import meant
from directory.terms.places import Place
from directory.terms.reading import Phrase, Reading, ReadWord, TypedWord

_MOST_NAMED: Final = 4
_NOBODY: Final = {
    "term": "has the topic",
    "taxonomy": "has a topic of the taxonomy",
    "organization": "is offered by the organisation",
    "level_of_need": "is for the level of need",
    "language": "says that it speaks",
    "suitable_for": "says that it suits",
    "referral": "says that one comes to it by",
    "who_can_refer": "says that it takes referrals from",
}
"""What is said of a trait that no service has, by its kind."""


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


def written_by_hand(traits: Iterable[str]) -> list[str]:
    """Return those traits of a search whose values an asker can misspell or make up."""
    return [one for one in traits if one.partition(":")[0] in _NOBODY]


def notes_on_unused(traits: Iterable[str]) -> tuple[str, ...]:
    """Return of each of these traits, written by hand, that no service here has it."""
    told = (one.partition(":") for one in traits)
    return tuple(
        f"No service here {_NOBODY[kind]} '{value}'. Look at how it is written, or leave it out."
        for kind, _, value in told
    )
