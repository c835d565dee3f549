"""What the page of one service says: everything of it that its viewer may see, in plain words."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from directory.rules.reaching import Part, parts, text, ways_of, website
from directory.rules.telling import (
    ROUTES,
    SUITABLE,
    card,
    costs,
    is_a_topic,
    places_to_visit,
    point,
    postal_lines,
    term_names,
    terms,
)
from directory.rules.timetables import day_of, said_on, timetable
from directory.terms.searching import Hit
from directory.terms.telling import ContactTold, PlaceTold, ServiceTold, Topics

_LABELS: Final = {"dfe-family-hubs": "Family hub topics", "": "Topics"}
_MORE: Final = {
    "accreditations": "Accreditations",
    "interpretation_services": "Interpreters",
    "wait_time": "Waiting time",
    "alternate_name": "Also known as",
}


def described(service: Part, on: date, hit: Hit | None = None) -> ServiceTold:
    """Return all that the page of a service says, which holds no more than its viewer may see."""
    organization = next(iter(parts(service, "organization")), {})
    address = text(service, "url")
    return ServiceTold(
        card=card(service, on, hit),
        description=text(service, "description"),
        organization=text(organization, "description"),
        organization_ways=ways_of(organization),
        website=website(address) if address else None,
        times=timetable(parts(service, "schedules"), on),
        costs=costs(service, on),
        eligibility=_texts([service], "eligibility_description"),
        routes=term_names(service, ROUTES),
        suitable_for=term_names(service, SUITABLE),
        how_to_apply=_texts([service], "application_process"),
        places=tuple(_place(one, on) for one in places_to_visit(service)),
        contacts=tuple(_contacts(service)),
        ways=tuple(way for way in ways_of(service) if way.text != address),
        languages=_texts(parts(service, "languages"), "name", "code"),
        covers=_texts(parts(service, "service_areas"), "name"),
        topics=_topics(service),
        more=_more(service),
    )


def _place(place: Part, on: date) -> PlaceTold:
    location = next(iter(parts(place, "location")), {})
    lines = postal_lines(location)
    return PlaceTold(
        name=text(location, "name") or (lines[0] if lines else "Address not given"),
        address=lines,
        description=text(location, "description") or None,
        times=timetable(parts(place, "schedules") or parts(location, "schedules"), on),
        accessibility=_texts(
            parts(location, "accessibility"), "description", "accessibility", "details"
        ),
        ways=(*ways_of(place), *ways_of(location)),
        point=point(place),
    )


def _contacts(service: Part) -> Iterable[ContactTold]:
    found = list(parts(service, "contacts"))
    for place in parts(service, "service_at_locations"):
        found += parts(place, "contacts")
        for location in parts(place, "location"):
            found += parts(location, "contacts")
    for one in found:
        named = ", ".join(filter(None, (text(one, "name"), text(one, "title"))))
        told = ContactTold(named or text(one, "department") or "Contact", ways_of(one))
        if told.ways or named:
            yield told


def _topics(service: Part) -> tuple[Topics, ...]:
    filed: dict[str, list[str]] = {}
    for term in filter(is_a_topic, terms(service)):
        filed.setdefault(text(term, "taxonomy"), []).append(text(term, "name"))
    return tuple(
        Topics(_LABELS.get(taxonomy, _readable(taxonomy)), tuple(dict.fromkeys(names)))
        for taxonomy, names in filed.items()
    )


def _readable(code: str) -> str:
    words = code.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _more(service: Part) -> tuple[tuple[str, str], ...]:
    said = [(label, text(service, name)) for name, label in _MORE.items()]
    funders = ", ".join(_texts(parts(service, "funding"), "source"))
    said += [("Funded by", funders)]
    said += [("Places", _capacity(one)) for one in parts(service, "service_capacity")]
    return tuple((label, what) for label, what in said if what)


def _capacity(one: Part) -> str:
    free, most, noted = one.get("available"), one.get("maximum"), day_of(one.get("updated"))
    if free is None:
        return ""
    of_all = "" if most is None else f" of {most}"
    unit = next((f" {text(kind, 'name')}" for kind in parts(one, "unit")), "")
    return f"{free}{of_all}{unit} available" + (f" on {said_on(noted)}" if noted else "")


def _texts(found: Iterable[Part], *names: str) -> tuple[str, ...]:
    """Return the first of these texts that each part has; each once."""
    said = (next((text(one, name) for name in names if text(one, name)), "") for one in found)
    return tuple(dict.fromkeys(one for one in said if one))
