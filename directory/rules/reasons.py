"""Why a service was found, in plain words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from directory.rules.distance import said_distance
from directory.rules.freshness import freshness
from directory.rules.levels import LABELS, common_level, level_code
from directory.terms.places import Place
from directory.terms.reading import ReadWord
from directory.terms.searching import Freshness, ServiceSearch, Weekday

_WHERE: Final = {
    "A": "is in the name",
    "B": "is in its topics or its organisation's name",
    "C": "is in the description",
}
_MONTHS: Final = 12
_DAYS_OF_A_MONTH: Final = 30.44


@dataclass(frozen=True, slots=True)
class Facts:
    """What a search has read of a service that it found.

    `held` says of each phrase of each word with which weight it is held, None where it is not;
    `metres` how far its nearest place is; `areas` are the names of the areas it covers, by code,
    None where it names none.
    """

    held: Sequence[Sequence[str | None]]
    youngest: Decimal | None
    oldest: Decimal | None
    metres: float | None
    areas: Mapping[str, str] | None
    assured_on: date | None


def reasons(
    search: ServiceSearch, words: Sequence[ReadWord], place: Place | None, facts: Facts, on: date
) -> tuple[str, ...]:
    """Return why a service was found, the strongest first, and what to be wary of last."""
    return (
        *(_word(word, held) for word, held in zip(words, facts.held, strict=True)),
        *_place(place, facts),
        *_conditions(search, facts),
        *_age(facts.assured_on, on),
    )


def _word(word: ReadWord, held: Sequence[str | None]) -> str:
    """Say where a word is held: as it was typed, or else by the synonym that weighs most."""
    if held[0] is not None:
        return f"'{word.phrases[0].text}' {_WHERE[held[0]]}"
    best, number = min((weight, number) for number, weight in enumerate(held) if weight)
    return f"'{word.phrases[number].text}', for '{word.typed}', {_WHERE[best]}"


def _place(place: Place | None, facts: Facts) -> Iterator[str]:
    if place is None:
        return
    about = "about " if place.approximate else ""
    if facts.metres is not None:
        yield f"{about}{said_distance(facts.metres)} from {place.postcode}"
    if facts.areas is None:
        return
    for code, what in ((place.ward, "the ward"), (place.district, "the district")):
        if code is not None and code in facts.areas:
            yield f"covers {facts.areas[code] or f'{what} of {place.postcode}'}"
            return


def _conditions(search: ServiceSearch, facts: Facts) -> Iterator[str]:
    if any(one is not None for one in (search.age, search.minimum_age, search.maximum_age)):
        yield said_ages(facts.youngest, facts.oldest)
    if search.free:
        yield "free"
    if search.level_of_need is not None:
        common = common_level(level_code(search.level_of_need))
        yield f"level of need: {LABELS[common] if common else search.level_of_need}"
    if search.language is not None:
        yield f"language: {search.language}"
    if search.accessibility is not None:
        yield f"accessibility: {search.accessibility}"
    if search.day is not None:
        yield f"open on {search.day.name.title()}"
    if search.open_on is not None:
        yield f"open on {tuple(Weekday)[search.open_on.weekday()].name.title()} {search.open_on}"


def said_ages(youngest: Decimal | None, oldest: Decimal | None) -> str:
    """Return for which ages a service is, as people say it."""
    if youngest and oldest is not None:
        return f"for ages {_said(youngest)} to {_said(oldest)}"
    if youngest:
        return f"for ages {_said(youngest)} and over"
    return "for all ages" if oldest is None else f"for ages up to {_said(oldest)}"


def _said(age: Decimal) -> str:
    return f"{age.normalize():f}"


def _age(assured_on: date | None, on: date) -> Iterator[str]:
    """Yield how old what it says is, where that is worth a warning."""
    if freshness(assured_on, on) is Freshness.FRESH:
        return
    if assured_on is None or assured_on > on:
        yield "never checked: it may be out of date"
        return
    months = round((on - assured_on).days / _DAYS_OF_A_MONTH)
    yield f"last checked {months} month{'s' if months != 1 else ''} ago: it may be out of date"
