"""Which areas hold a place, who answers for it, and which entries cannot both be true."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from directory.rules.agencies import covers
from directory.rules.postcodes import compacted
from directory.terms.agencies import Interval
from directory.terms.coverage import Area, AreaPart, CityLevel, Cover, Coverage, PlaceKind
from directory.terms.places import Place
from directory.terms.searching import LevelOfNeed

NARROWNESS: Final = {PlaceKind.POSTCODE: 0, PlaceKind.WARD: 1, PlaceKind.DISTRICT: 2}


@dataclass(frozen=True, slots=True)
class Match:
    """That a row of coverage holds a place; `narrowness` is 0 for the place's own postcode."""

    coverage: Coverage
    narrowness: int
    area: Area | None = None


def keys_of(place: Place) -> frozenset[tuple[PlaceKind, str]]:
    """Return what a place can be found by in coverage and in areas' parts."""
    ward = [] if place.ward is None else [(PlaceKind.WARD, place.ward)]
    own = (PlaceKind.POSTCODE, compacted(place.postcode))
    return frozenset([own, *ward, (PlaceKind.DISTRICT, place.district)])


def areas_around(areas: Iterable[Area], place: Place, at: datetime) -> list[tuple[Area, int]]:
    """Return the areas that hold a place then, narrowest first, with how narrowly they do.

    Of one kind, those that hold it most narrowly count: a single postcode can be taken out of the
    area that its ward is in.
    """
    holding = [
        (area, held)
        for area in areas
        if covers(area.during, at) and (held := _narrowness(area, place, at)) is not None
    ]
    best = {area.kind: min(n for one, n in holding if one.kind is area.kind) for area, _ in holding}
    kept = [(area, held) for area, held in holding if held == best[area.kind]]
    return sorted(kept, key=lambda one: (one[1], one[0].name, one[0].code))


def _narrowness(area: Area, place: Place, at: datetime) -> int | None:
    keys = keys_of(place)
    found = [
        NARROWNESS[part.kind]
        for part in area.parts
        if (part.kind, part.code) in keys and covers(part.during, at)
    ]
    return min(found, default=None)


def matching(
    coverage: Iterable[Coverage],
    around: Sequence[tuple[Area, int]],
    place: Place,
    codes: frozenset[str],
    at: datetime,
) -> list[Match]:
    """Return the rows in force that answer for a place at any of these levels of need."""
    held = {area.code: (area, narrowness) for area, narrowness in around}
    keys = keys_of(place)
    found = []
    for one in coverage:
        if not (codes & one.levels and covers(one.during, at)):
            continue
        if one.kind is PlaceKind.AREA and one.place in held:
            area, narrowness = held[one.place]
            found.append(Match(one, narrowness, area))
        elif (one.kind, one.place) in keys:
            found.append(Match(one, NARROWNESS[one.kind]))
    return found


def levels_meant(levels: Sequence[CityLevel], asked: str) -> frozenset[str] | None:
    """Return every code that coverage of a level may bear; None if the city knows no such level.

    A common level means each of the city's that we read as it; a city's own means itself, and rows
    that were entered for the common one.
    """
    own = {one.code: one for one in levels}
    if asked in own:
        return frozenset({asked, own[asked].common.value})
    if asked in set(LevelOfNeed):
        return frozenset({asked} | {one.code for one in levels if one.common == asked})
    return None


def common_level(levels: Sequence[CityLevel], asked: str) -> LevelOfNeed:
    """Return the level of the common scale that a level that is known belongs to."""
    own = {one.code: one.common for one in levels}
    return own[asked] if asked in own else LevelOfNeed(asked)


def overlap(one: Interval, other: Interval) -> bool:
    """Say whether two periods share an instant."""
    ends = [each.ends for each in (one, other) if each.ends is not None]
    return all(max(one.starts, other.starts) < end for end in ends)


def clashing_parts(area: Area, new: AreaPart, others: Iterable[Area]) -> Iterator[tuple[str, UUID]]:
    """Yield area and part of whatever holds the same place already: itself, or one of its kind."""
    for other in others:
        if other.code != area.code and (other.kind is not area.kind or other.city != area.city):
            continue
        for part in other.parts:
            same = (part.kind, part.code) == (new.kind, new.code) and part.id != new.id
            if same and overlap(part.during, new.during) and overlap(other.during, new.during):
                yield other.code, part.id


def clashing_coverage(
    new: Coverage, role: str, others: Iterable[tuple[Coverage, str]]
) -> Iterator[UUID]:
    """Yield the rows, each with its contact point's role, that cannot stand beside a new one.

    The same contact point need not answer twice; two of one role need an order.
    """
    for other, its_role in others:
        same_place = (other.kind, other.place) == (new.kind, new.place)
        if not (same_place and other.levels & new.levels and overlap(other.during, new.during)):
            continue
        rivals = its_role == role and other.position == new.position
        if other.id != new.id and (other.contact == new.contact or rivals):
            yield other.id


def clashing_cover(new: Cover, others: Iterable[Cover]) -> Iterator[UUID]:
    """Yield the rows that a new one clashes with: a second cover, or one the other way round."""
    for other in others:
        twice = other.contact == new.contact
        round_about = (other.contact, other.covered_by) == (new.covered_by, new.contact)
        if other.id != new.id and (twice or round_about) and overlap(other.during, new.during):
            yield other.id
