"""Which word was meant, where the one that was typed is held nowhere."""

from collections.abc import Iterable
from typing import Final

from directory.terms.reading import NearWord

SHORTEST: Final = 4
"""Of shorter words too many others are as near."""
_LONG: Final = 6


def meant(typed: str, candidates: Iterable[NearWord]) -> NearWord | None:
    """Return the word that was meant: the nearest, then the commonest; None if none is near.

    One slip is forgiven, two in words of six letters or more. Words with digits are codes, and are
    never read as others.
    """
    if len(typed) < SHORTEST or not typed.isalpha():
        return None
    forgiven = 2 if len(typed) >= _LONG else 1
    found = ((slips(typed, one.word), -one.services, one.word, one) for one in candidates)
    near = [one for one in found if one[0] <= forgiven]
    return min(near)[-1] if near else None


def slips(one: str, other: str) -> int:
    """Return how many letters were left out, put in, mistaken or swapped with the next."""
    earlier: list[int] = []
    before = list(range(len(other) + 1))
    for number, letter in enumerate(one):
        row = [number + 1]
        for place, wanted in enumerate(other):
            cost = min(before[place + 1], row[-1]) + 1
            cost = min(cost, before[place] + (letter != wanted))
            if number and place and (one[number - 1], letter) == (wanted, other[place - 1]):
                cost = min(cost, earlier[place - 1] + 1)
            row.append(cost)
        earlier, before = before, row
    return before[-1]
