"""How postcodes are written, and how what people type becomes one (BS 7666, annex C).

A postcode is an outward code (LS8) and an inward one (5NG), with one space between.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Final

from directory.terms.places import MalformedPostcode

LONGEST_TYPED: Final = 20
LONGEST_COMPACT: Final = 7
_OUTWARD: Final = r"[A-PR-UWYZ][A-HK-Y]?(?:0|[1-9][0-9]?|[1-9][A-HJKMNPR-Y])"
_WHOLE: Final = re.compile(rf"({_OUTWARD})([0-9][ABD-HJLNP-UW-Z]{{2}})")
_HALF: Final = re.compile(_OUTWARD)
_BETWEEN: Final = re.compile(r"[\s.,\u2010-\u2015-]+")
_CONFUSED: Final = {"O": "0", "0": "O", "I": "1", "1": "I"}
_ELSEWHERE: Final = re.compile(r"(BT|JE|GY|IM)[0-9]")


def tidy(typed: str) -> str:
    """Return a postcode, or an outward code alone, as it is written; else `MalformedPostcode`.

    Case, spaces, dots and hyphens do not matter. A letter O for a nought and an I for a one, or
    the other way round, are put right where just one postcode can be meant.
    """
    compact = _compact(typed)
    as_typed = _whole(compact) or (compact if _HALF.fullmatch(compact) else None)
    if as_typed is not None:
        return as_typed
    meant = {one for one in map(_whole, _readings(compact)) if one is not None}
    if len(meant) != 1:
        raise MalformedPostcode
    return meant.pop()


def is_whole(compact: str) -> bool:
    """Say whether this is a postcode as tables hold it: capitals, complete, without its space."""
    return _WHOLE.fullmatch(compact) is not None


def outward(postcode: str) -> str:
    """Return the first half of a tidy postcode."""
    return postcode.partition(" ")[0]


def compacted(postcode: str) -> str:
    """Return a tidy postcode without its space, as tables hold it."""
    return postcode.replace(" ", "")


def elsewhere(postcode: str) -> bool:
    """Say whether a tidy postcode is of a country that no publication of ours holds."""
    return _ELSEWHERE.match(postcode) is not None


def _compact(typed: str) -> str:
    if len(typed) > LONGEST_TYPED:
        raise MalformedPostcode
    plain = unicodedata.normalize("NFKC", typed).upper()
    return _BETWEEN.sub("", plain)


def _whole(compact: str) -> str | None:
    found = _WHOLE.fullmatch(compact)
    return None if found is None else f"{found[1]} {found[2]}"


def _readings(compact: str) -> Iterator[str]:
    """Yield every text of a postcode's length that differs only in what looks alike."""
    if len(compact) <= LONGEST_COMPACT:
        choices = (one + _CONFUSED.get(one, "") for one in compact)
        yield from map("".join, product(*choices))
