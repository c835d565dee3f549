"""What a search asks, as named values that conditions in SQL are made of.

Which names there are is the form of a search: two of the same form differ in their values alone, so
that a statement is made once for each form.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from directory.rules.cells import cells_within
from directory.rules.distance import box, cube
from directory.rules.levels import level_code
from directory.rules.listed import EVERYWHERE, FREE
from directory.rules.openings import WEEKDAYS, days_in_month, monday, ordinals
from directory.rules.words import key_of
from directory.terms.places import Place
from directory.terms.searching import ServiceSearch

NOWHERE: Final = "nowhere"
"""The name that is there where nothing can be found."""
_AS_THEY_ARE: Final = (
    *("minimum_age", "maximum_age", "age", "modified_after", "start_time", "end_time", "open_on"),
)
_OF_TERMS: Final = ("language", "suitable_for", "referral", "who_can_refer")


def asked_of(search: ServiceSearch, place: Place | None) -> dict[str, Any]:
    """Return what a search asks of a listing, its words apart.

    A postcode that was not read is nowhere: it finds nothing, never everything.
    """
    asked = {name: getattr(search, name) for name in _AS_THEY_ARE}
    asked["traits"] = list(_traits(search)) or None
    asked["not_traits"] = [FREE] if search.free is False else None
    if search.accessibility is not None:
        asked["accessibility"] = key_of(search.accessibility) or None
        asked[NOWHERE] = None if asked["accessibility"] else True
    if search.day is not None:
        asked["weekday"] = WEEKDAYS.index(search.day)
    if search.open_on is not None:
        asked |= _about_day(search.open_on)
    if place is not None:
        asked |= _about_place(place, search.proximity)
    elif search.postcode is not None or search.proximity is not None:
        asked[NOWHERE] = True
    return {name: value for name, value in asked.items() if value is not None}


def around(place: Place, metres: float) -> dict[str, Any]:
    """Return the box that holds all within a distance of a place, its cells, and the distance."""
    box_ = box(place.latitude, place.longitude, metres)
    edges = {"south": box_.south, "north": box_.north, "west": box_.west, "east": box_.east}
    cells = cells_within(box_)
    named = {} if cells is None else {"cells": list(cells)}
    return edges | {"within": metres} | named


def _traits(search: ServiceSearch) -> Iterator[str]:
    """Yield the traits that a listing must have, all of them."""
    yield from (f"term:{one}" for one in search.taxonomy_term_ids)
    if search.taxonomy_id is not None:
        yield f"taxonomy:{search.taxonomy_id}"
    if search.organization_id is not None:
        yield f"organization:{search.organization_id}"
    if search.level_of_need is not None:
        yield f"level_of_need:{level_code(search.level_of_need)}"
    if search.free:
        yield FREE
    for kind in _OF_TERMS:
        if (said := getattr(search, kind)) is not None:
            yield f"{kind}:{key_of(said)}"


def _about_day(on: date) -> dict[str, Any]:
    """Return what an opening must name to fall on a day (see `rules.openings.is_open`)."""
    return {
        "on_weekday": on.weekday(),
        "ordinals": list(ordinals(on)),
        "month_days": [on.day, on.day - days_in_month(on) - 1],
        "on_month": on.year * 12 + on.month,
        "on_monday": monday(on),
    }


def _about_place(place: Place, proximity: int | None) -> dict[str, Any]:
    """Return the areas of which a service must cover one, where the place is, and how near."""
    ward = () if place.ward is None or place.approximate else (f"area:{place.ward}",)
    asked: dict[str, Any] = {"areas": [EVERYWHERE, f"area:{place.district}", *ward]}
    asked["here"] = cube(place.latitude, place.longitude)
    return asked if proximity is None else asked | around(place, proximity)
