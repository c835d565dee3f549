"""Levels of need: a common scale, and the words that each city has for its own.

Which of a city's levels lies at which of the common ones is our reading of what the cities have
published, to be confirmed by each of them; Leeds rejects fixed thresholds, so its column is
indicative. Sources: Leeds' and Leicester's early help strategies and York's levels (2016).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from directory.rules.words import words_of
from directory.terms.searching import LevelOfNeed

TAXONOMY: Final = "level-of-need"
_U, _E, _S = LevelOfNeed.UNIVERSAL, LevelOfNeed.EARLY_HELP, LevelOfNeed.SPECIALIST

CITIES: Final[Mapping[str, Mapping[str, LevelOfNeed]]] = {
    "leeds": {"universal": _U, "targeted": _E, "specialist": _S},
    "leicester": {"universal": _U, "early_help": _E, "specialist": _S},
    "york": {"1": _U, "2": _E, "3": _E, "4": _S},
}
"""Each city's own codes, and the common level that each is read as."""

LABELS: Final[Mapping[LevelOfNeed, str]] = {
    _U: "Universal",
    _E: "Early help",
    _S: "Specialist",
}
_NAMES: Final[Mapping[str, str]] = {
    "universal needs": "universal",
    "early help targeted": "early_help",
    "targeted early help": "early_help",
    "early help": "early_help",
    "additional needs": "2",
    "complex needs": "3",
    "acute needs": "4",
    "acute needs statutory response": "4",
    "statutory response": "4",
}


@lru_cache(maxsize=1024)
def level_codes(taxonomy: str, name: str) -> frozenset[str]:
    """Return the codes by which a service with this term is found; none if it is no level.

    A term of a city's own scale is found by its code and by the common level that it is read as. A
    term of the common scale may mean any of the cities' levels there, and is found by them all.
    """
    if taxonomy != TAXONOMY and not taxonomy.startswith(f"{TAXONOMY}-"):
        return frozenset()
    code = level_code(name)
    city = CITIES.get(taxonomy.removeprefix(TAXONOMY).removeprefix("-"))
    if city is not None:
        common = city.get(code)
        return frozenset({code}) if common is None else frozenset({code, common.value})
    read_as = common_level(code)
    if read_as is None:
        return frozenset({code})
    alike = (own for scale in CITIES.values() for own, level in scale.items() if level is read_as)
    return frozenset({code, read_as.value, *alike})


def level_code(said: str) -> str:
    """Return the code of a level, however it is written: "Early help", "Level 3", `york-3`."""
    words = [word for word in words_of(said) if word not in {"level", *CITIES}]
    spelled = " ".join(words)
    return _NAMES.get(spelled) or "_".join(words)


def common_level(code: str) -> LevelOfNeed | None:
    """Return the common level that a code is read as; None if nobody uses it."""
    for scale in ({level.value: level for level in LevelOfNeed}, *CITIES.values()):
        if code in scale:
            return scale[code]
    return None
