"""How far two places are apart.

Positions become points in space, in metres from the middle of the earth as WGS 84 has it. A
straight line between two of them is what an index can find the nearest by; up to 100 km it is
shorter than the way over the ground by less than one part in a thousand.
"""

from dataclasses import dataclass
from math import cos, dist, radians, sin, sqrt
from typing import Final

_EQUATOR: Final = 6_378_137.0
_FLATTENING: Final = 1 / 298.257_223_563
_ECCENTRICITY: Final = _FLATTENING * (2 - _FLATTENING)
_DEGREE: Final = 110_000.0
"""Metres: a degree of latitude is never shorter than 110.5 km, so a box by this is never small."""
_POLAR: Final = 89.0
_METRES_IN_A_MILE: Final = 1609.344
_LEAST_SAID: Final = 0.1
_WHOLE_FROM: Final = 10

BANDS: Final = (1_000, 2_000, 5_000)
"""Within each of these metres distances count as alike, so that freshness may decide."""
PLACELESS: Final = len(BANDS)
"""The rank of what has no place to go to: after what is near, before what is far."""
FAR_BANDS: Final = (10_000, 25_000, 50_000)


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees between which everything within a distance lies."""

    south: float
    north: float
    west: float
    east: float


def position(latitude: float, longitude: float) -> tuple[float, float, float]:
    """Return a place on the ground as a point in space, in metres."""
    up, along = radians(latitude), radians(longitude)
    radius = _EQUATOR / sqrt(1 - _ECCENTRICITY * sin(up) ** 2)
    flat = radius * cos(up)
    return flat * cos(along), flat * sin(along), radius * (1 - _ECCENTRICITY) * sin(up)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far two places are apart, each by its latitude and longitude."""
    return dist(position(*one), position(*other))


def cube(latitude: float, longitude: float) -> str:
    """Return a place as PostgreSQL's `cube` is written."""
    x, y, z = position(latitude, longitude)
    return f"({x:.3f}, {y:.3f}, {z:.3f})"


def box(latitude: float, longitude: float, within: float) -> Box:
    """Return a box that holds everything within so many metres; it holds more."""
    up = within / _DEGREE
    furthest = min(abs(latitude) + up, _POLAR)
    along = within / (_DEGREE * cos(radians(furthest)))
    return Box(latitude - up, latitude + up, longitude - along, longitude + along)


def band(away: float | None) -> int:
    """Return the rank of a distance; what has no place has a rank of its own, and is not near."""
    if away is None:
        return PLACELESS
    near = sum(away > edge for edge in BANDS)
    far = sum(away > edge for edge in FAR_BANDS)
    return near if near < len(BANDS) else PLACELESS + 1 + far


def said_distance(away: float) -> str:
    """Return a distance of so many metres in miles, as far as anybody wants to know it."""
    miles = away / _METRES_IN_A_MILE
    if miles < _LEAST_SAID:
        return f"less than {_LEAST_SAID} miles"
    return f"{miles:.1f} miles" if miles < _WHOLE_FROM else f"{miles:.0f} miles"
