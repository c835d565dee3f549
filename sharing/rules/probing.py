"""Numbers tried one after another: what somebody does who feels for which are on file."""

import re
from collections.abc import Iterable
from typing import Final

from sharing.terms.asking import Identifier

_NHS_NUMBER: Final = "nhs_number"
_ENDS_IN_DIGITS: Final = re.compile(r"(.*?)([0-9]{1,18})", re.ASCII)


def in_sequence(asked: Iterable[Identifier], before: Iterable[Identifier]) -> int:
    """Return how many numbers in sequence one of these makes with those that came before.

    1 where it has no neighbour, 0 where nothing asked is a number. The check digit of an NHS
    number is no part of its place: nine digits count.
    """
    known: dict[tuple[str, str], set[int]] = {}
    for one in before:
        place = _place(one)
        if place is not None:
            known.setdefault(place[0], set()).add(place[1])
    longest = 0
    for one in asked:
        place = _place(one)
        if place is not None:
            longest = max(longest, _run(place[1], known.get(place[0], set())))
    return longest


def _place(one: Identifier) -> tuple[tuple[str, str], int] | None:
    value = one.value[:-1] if one.scheme == _NHS_NUMBER else one.value
    found = _ENDS_IN_DIGITS.fullmatch(value)
    return None if found is None else ((one.scheme, found[1]), int(found[2]))


def _run(number: int, known: set[int]) -> int:
    run = 1
    for step in (-1, 1):
        following = number + step
        while following in known:
            run, following = run + 1, following + step
    return run
