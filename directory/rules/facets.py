"""What results can be narrowed to, as people read it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from directory.rules.levels import LABELS
from directory.terms.searching import FacetValue, Weekday

FACETS: Final[Mapping[str, str]] = {
    "term": "topic",
    "level_of_need": "level_of_need",
    "free": "free",
    "age": "age",
    "day": "day",
    "language": "language",
    "accessibility": "accessibility",
    "referral": "referral",
    "who_can_refer": "who_can_refer",
    "suitable_for": "suitable_for",
}
"""The kinds of traits, and what a search calls each of them."""
_DAYS: Final = {day.value: f"{day.name.title()}s" for day in Weekday}
_LEVELS: Final = tuple(level.value for level in LABELS)

Counted = Sequence[tuple[str, str, int, str | None]]


def facets_of(counted: Iterable[Sequence[str | int | None]]) -> dict[str, tuple[FacetValue, ...]]:
    """Return the facets that kinds, values, numbers and labels make.

    What has no label is another way to ask for what has one, and is left out. Days, ages and levels
    come in their own order, the rest by number.
    """
    made: dict[str, list[tuple[tuple[int, str], FacetValue]]] = {
        name: [] for name in FACETS.values()
    }
    for kind, value, services, said in counted:
        label = _label(str(kind), str(value), said)
        if label is not None and isinstance(services, int):
            place = _place(str(kind), str(value), services), label
            shown = "true" if kind == "free" else str(value)
            made[FACETS[str(kind)]].append((place, FacetValue(shown, label, services)))
    return {
        name: tuple(value for _, value in sorted(values, key=lambda one: one[0]))
        for name, values in made.items()
        if values
    }


def _label(kind: str, value: str, said: object) -> str | None:
    if kind == "free":
        return "Free"
    if kind == "age":
        return f"For age {value}"
    if kind == "day":
        return _DAYS[value]
    return None if said is None else str(said)


def _place(kind: str, value: str, services: int) -> int:
    if kind == "age":
        return int(value)
    if kind == "day":
        return list(_DAYS).index(value)
    return _LEVELS.index(value) if kind == "level_of_need" else -services
