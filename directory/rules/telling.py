"""What a list says of a service: a document of the standard, turned into the lines of a card."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from directory.rules.distance import said_distance
from directory.rules.freshness import freshness
from directory.rules.listed import number
from directory.rules.reaching import Part, next_step, parts, text
from directory.rules.timetables import day_of, said_on
from directory.terms.searching import Freshness, Hit
from directory.terms.telling import Card, Checked

LEVELS: Final = "level-of-need"
ROUTES: Final = "referral-route"
REFERRERS: Final = "who-can-refer"
SUITABLE: Final = "suitable-for"
_OF_THE_CARD: Final = (LEVELS, ROUTES, REFERRERS, SUITABLE)
_SUMMARY: Final = 220
_MONTHS: Final = 12
_CURRENCIES: Final = {"": "£", "GBP": "£", "EUR": "€", "USD": "$"}


def card(service: Part, on: date, hit: Hit | None = None) -> Card:
    """Return what a list says of a service, which holds no more than its viewer may see.

    With a hit, the place is the one that was found, and the reasons are the search's.
    """
    places = _nearest_first(service, hit)
    routes = term_names(service, ROUTES) + term_names(service, REFERRERS)
    return Card(
        id=UUID(str(service["id"])),
        name=text(service, "name"),
        organization=next((text(one, "name") for one in parts(service, "organization")), None),
        summary=_shortened(text(service, "summary") or text(service, "description")),
        ages=ages(service.get("minimum_age"), service.get("maximum_age")),
        where=_where(service, places),
        distance=distance(hit.metres) if hit is not None and hit.metres is not None else None,
        to_visit=bool(places),
        point=next((found for one in places if (found := point(one)) is not None), None),
        cost=cost(service, on),
        levels=term_names(service, LEVELS),
        who_can_refer=term_names(service, REFERRERS),
        next_step=next_step(service, routes),
        checked=checked(day_of(service.get("assured_date")), on),
        closed=service.get("status") == "temporarily closed",
        alert=text(service, "alert") or None,
        reasons=hit.reasons if hit is not None else (),
    )


def ages(lowest: object, highest: object) -> str:
    """Return the ages that a service is for; a bound that is missing is open."""
    low, high = number(lowest), number(highest)
    if high is None:
        return "Ages not given" if low is None else f"{_age(low)} and over"
    return (
        f"{_age(low).removesuffix(' years')} to {_age(high)}"
        if low is not None
        else (f"Up to {_age(high)}")
    )


def distance(metres: int) -> str:
    """Return how far away something is, in the words that its reasons have."""
    return f"{said_distance(metres)} away"


def cost(service: Part, on: date) -> str:
    """Return what a service costs, in a line: nothing on file is not free."""
    fees, lines = text(service, "fees"), costs(service, on)
    if fees.casefold().startswith("free") or (lines and all(one == "Free" for one in lines)):
        return fees if fees.casefold().startswith("free") else "Free"
    return "; ".join(dict.fromkeys(one for one in (fees, *lines) if one)) or "Cost not given"


def costs(service: Part, on: date) -> tuple[str, ...]:
    """Return a line for each cost that is not over by this day."""
    current = (one for one in parts(service, "cost_options") if not _over(one, on))
    return tuple(line for line in map(_cost_line, current) if line)


def checked(assured_on: date | None, on: date) -> Checked:
    """Return when somebody vouched for a record, and how much that is still worth."""
    fresh = freshness(assured_on, on)
    if assured_on is None:
        return Checked("Never checked: confirm before you rely on it", fresh)
    said = {
        Freshness.FRESH: f"Checked on {said_on(assured_on)}",
        Freshness.AGEING: f"Checked on {said_on(assured_on)}, more than 3 months ago",
        Freshness.STALE: f"Last checked on {said_on(assured_on)}: confirm before you rely on it",
    }
    return Checked(said[fresh], fresh)


def term_names(service: Part, taxonomy: str) -> tuple[str, ...]:
    """Return the names of a service's terms of a taxonomy, or of a city's own form of it."""
    named = (
        text(term, "name")
        for term in terms(service)
        if text(term, "taxonomy") == taxonomy or text(term, "taxonomy").startswith(f"{taxonomy}-")
    )
    return tuple(dict.fromkeys(name for name in named if name))


def terms(service: Part) -> list[Part]:
    """Return the terms that a service itself is filed under."""
    return [term for one in parts(service, "attributes") for term in parts(one, "taxonomy_term")]


def is_a_topic(term: Part) -> bool:
    """Say whether a term tells what a service is about: the card speaks of the others."""
    return not text(term, "taxonomy").startswith(_OF_THE_CARD)


def point(place: Part) -> tuple[float, float] | None:
    """Return the latitude and longitude of a place, if both are on file and on this earth."""
    for location in parts(place, "location"):
        north, east = (number(location.get(name)) for name in ("latitude", "longitude"))
        if north is not None and east is not None and abs(north) <= 90 and abs(east) <= 180:  # noqa: PLR2004  (degrees)
            return float(north), float(east)
    return None


def places_to_visit(service: Part) -> list[Part]:
    """Return where a service is that one can go to."""
    return [
        place
        for place in parts(service, "service_at_locations")
        for location in parts(place, "location")
        if location.get("location_type") != "virtual"
    ]


def postal_lines(location: Part) -> tuple[str, ...]:
    """Return the lines of a location's first address that stands for a place."""
    found = [one for one in parts(location, "addresses") if one.get("address_type") != "virtual"]
    names = ("attention", "address_1", "address_2", "city", "region", "postal_code")
    lines = (text(one, name) for one in found[:1] for name in names)
    return tuple(dict.fromkeys(line for line in lines if line))


def _nearest_first(service: Part, hit: Hit | None) -> list[Part]:
    found = places_to_visit(service)
    wanted = None if hit is None or hit.at_location is None else str(hit.at_location)
    return sorted(found, key=lambda one: wanted not in {one.get("id"), one.get("location_id")})


def _where(service: Part, places: list[Part]) -> str:
    said = [_place_line(location) for one in places for location in parts(one, "location")]
    if said:
        more = f" and {len(said) - 1} more" if len(said) > 1 else ""
        return f"{said[0]}{more}"
    covered = [text(one, "name") for one in parts(service, "service_areas")]
    named = ", ".join(dict.fromkeys(one for one in covered if one))
    return f"No place to visit. Serves {named}" if named else "No place to visit"


def _place_line(location: Part) -> str:
    lines = postal_lines(location)
    name = text(location, "name")
    return ", ".join(dict.fromkeys([name, *lines[-2:]] if name else lines)) or "Address not given"


def _cost_line(option: Part) -> str:
    amount = number(option.get("amount"))
    said = [text(option, name) for name in ("option", "amount_description")]
    if amount is None:
        return ", ".join(one for one in said if one)
    if amount == 0:
        return "Free" if not any(said) else f"Free {said[0] or said[1]}"
    sign = _CURRENCIES.get(text(option, "currency").upper(), text(option, "currency") + " ")
    pounds = f"{amount:.2f}" if amount % 1 else f"{amount:.0f}"
    return " ".join([f"{sign}{pounds}", *(one for one in said if one)])


def _over(option: Part, on: date) -> bool:
    ends = day_of(option.get("valid_to"))
    return ends is not None and ends < on


def _age(years: Decimal) -> str:
    if years % 1 and years < 3:  # noqa: PLR2004  (of whom one speaks in months)
        return f"{round(years * _MONTHS)} months"
    return f"{years.normalize():f} years"


def _shortened(said: str) -> str:
    said = " ".join(said.split())
    return said if len(said) <= _SUMMARY else f"{_whole_words(said[:_SUMMARY])}…"


def _whole_words(cut: str) -> str:
    return cut.rpartition(" ")[0] or cut
