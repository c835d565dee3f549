"""The squares of a grid by which an index finds what is about as near as is asked.

Each place lies in a small square and in a large one. A search names those that its circle touches,
small ones if they are few, so that one index narrows it by words, topics and neighbourhood at once;
the exact distance is reckoned for what is left.
"""

from collections.abc import Iterator
from math import floor
from typing import Final

from directory.rules.distance import Box

SIZES: Final = {"near": (0.02, 0.035), "far": (0.16, 0.28)}
"""Degrees of latitude and longitude: about 2.2 km each way in Britain, and eight times that."""
MOST_CELLS: Final = 49


def cells_at(latitude: float, longitude: float) -> Iterator[str]:
    """Yield the cells that a place lies in, one of each size."""
    for kind, (high, wide) in SIZES.items():
        yield f"{kind}:{floor(latitude / high)}:{floor(longitude / wide)}"


def cells_within(box: Box) -> tuple[str, ...] | None:
    """Return the cells of one size that a box touches; None if it is too large to name them."""
    for kind, (high, wide) in SIZES.items():
        rows = range(floor(box.south / high), floor(box.north / high) + 1)
        columns = range(floor(box.west / wide), floor(box.east / wide) + 1)
        if len(rows) * len(columns) <= MOST_CELLS:
            return tuple(f"{kind}:{row}:{column}" for row in rows for column in columns)
    return None
