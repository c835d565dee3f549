"""Invented services for the search to be measured on: the same number, the same services.

Postcodes and categories are those that the directory brings along (`directory/data/README.md` names
their sources); organizations, names and what is offered are made up here.
"""

import csv
import gzip
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

_DATA = Path(__file__).parents[2] / "directory" / "data"
_SPACE = UUID("3b8e2c54-6f0d-4e0b-9a58-0c1f5d7a9e21")
_GSS = "http://statistics.data.gov.uk/id/statistical-geography/"
_TODAY: Final = date(2026, 10, 1)
_CITIES = {"E08000035": "Leeds", "E06000016": "Leicester", "E06000014": "York"}
_FORMS = ("group", "drop-in", "course", "clinic", "helpline", "club", "workshop", "advice line")
_PEOPLE = ("parents", "young carers", "fathers", "teenagers", "new arrivals", "families", "babies")
_AIMS = (
    *("sleep through the night", "talk about worries", "manage big feelings", "learn to play"),
    *("find a quiet hour", "understand an autism assessment", "leave an abusive partner"),
    *("speak English with confidence", "deal with debt", "get back into school", "make friends"),
    *("eat together", "stop smoking", "prepare for a birth", "keep a tenancy", "cook on a budget"),
)
_FIRST = (
    "Lantern",
    "Harbour",
    "Willow",
    "Kite",
    "Beacon",
    "Orchard",
    "Meadow",
    "Copper",
    "Juniper",
)
_SECOND = ("House", "Project", "Trust", "Network", "Centre", "Collective", "Partnership")
_LANGUAGES = (
    ("en", "English"),
    ("ur", "Urdu"),
    ("pl", "Polish"),
    ("so", "Somali"),
    ("ar", "Arabic"),
)
_ACCESS = ("Step-free entrance", "Accessible toilet", "Hearing loop", "Quiet room", "Parking")
_LEVELS = ("Universal", "Early help / targeted", "Specialist")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def services(number: int, seed: int = 3) -> Iterator[dict[str, Any]]:
    """Yield so many nested services."""
    chance = random.Random(seed)  # noqa: S311  (invented data from a fixed seed)
    with gzip.open(_DATA / "postcodes.csv.gz", "rt", encoding="utf-8") as file:
        places = list(csv.DictReader(file))
    with (_DATA / "dfe-family-hubs.csv").open(encoding="utf-8") as file:
        topics = [row["name"] for row in csv.DictReader(file) if row["parent_id"]]
    chance.shuffle(topics)
    organizations = [_organization(chance, one) for one in range(max(3, number // 6))]
    for one in range(number):
        yield _service(chance, one, places, topics, organizations)


def _id(*named: object) -> str:
    return str(uuid5(_SPACE, "/".join(map(str, named))))


def _organization(chance: random.Random, number: int) -> dict[str, Any]:
    name = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {number}"
    return {"id": _id("organization", number), "name": name, "description": f"{name} helps."}


def _term(name: str, taxonomy: str) -> dict[str, Any]:
    named = {"id": _id(taxonomy, name), "name": name, "description": name}
    return named | {"taxonomy": taxonomy, "taxonomy_id": _id(taxonomy)}


def _service(
    chance: random.Random,
    number: int,
    places: list[dict[str, str]],
    topics: list[str],
    organizations: list[dict[str, Any]],
) -> dict[str, Any]:
    topic = topics[min(int(chance.paretovariate(1.1)) - 1, len(topics) - 1)]
    form, people = chance.choice(_FORMS), chance.choice(_PEOPLE)
    aims = chance.sample(_AIMS, chance.randint(1, 3))
    at = _id("service", number)
    place = chance.choice(places)
    youngest = chance.choice((0, 0, 2, 4, 5, 8, 11, 13, 16))
    changed = _TODAY - timedelta(days=int(chance.expovariate(1 / 160)))
    attributes = [_term(topic, "dfe-family-hubs"), _term(chance.choice(_LEVELS), "level-of-need")]
    spoken = [_LANGUAGES[0], *chance.sample(_LANGUAGES[1:], chance.choice((0, 0, 1, 2)))]
    area = place["district_code"] if chance.random() < 0.6 else place["ward_code"]
    made: dict[str, Any] = {
        "id": at,
        "organization": chance.choice(organizations),
        "name": f"{topic.split(' (')[0]}: {form} for {people}",
        "description": f"A {form} for {people}. We help them to {', and to '.join(aims)}. {topic}.",
        "status": chance.choices(("active", "inactive", "defunct"), (95, 4, 1))[0],
        "minimum_age": youngest,
        "maximum_age": youngest + chance.choice((2, 5, 8, 12)),
        "last_modified": f"{changed}T09:00:00Z",
        "fees": chance.choice(("Free", "Free", "Donation welcome")),
        "attributes": [{"id": _id(at, one["id"]), "taxonomy_term": one} for one in attributes],
        "languages": [{"id": _id(at, code), "code": code, "name": name} for code, name in spoken],
        "schedules": [
            {"id": _id(at, day), "freq": "WEEKLY", "byday": day, "dtstart": "2026-09-01",
             "opens_at": "09:00", "closes_at": "12:00"}
            for day in chance.sample(_DAYS, chance.randint(1, 4))
        ],
        "service_areas": [
            {"id": _id(at, area), "name": _CITIES.get(area, area), "uri": f"{_GSS}{area}"}
        ],
    }  # fmt: skip
    if chance.random() < 0.7:
        made["assured_date"] = str(changed)
    if chance.random() < 0.9:
        made["service_at_locations"] = [_at(chance, at, place)]
    return made


def _at(chance: random.Random, service: str, place: dict[str, str]) -> dict[str, Any]:
    postcode, city = place["postcode"], _CITIES[place["district_code"]]
    address = {"id": _id("address", postcode), "address_1": "1 Mill Lane", "city": city}
    address |= {"state_province": city, "postal_code": postcode, "country": "GB"}
    described = chance.sample(_ACCESS, chance.randint(0, 3))
    location = {
        "id": _id("location", postcode),
        "location_type": "physical",
        "name": f"{chance.choice(_FIRST)} {chance.choice(_SECOND)}",
        "latitude": float(place["latitude"]),
        "longitude": float(place["longitude"]),
        "addresses": [address | {"address_type": "physical"}],
        "accessibility": [{"id": _id(postcode, one), "description": one} for one in described],
    }
    return {"id": _id("at", service), "location": location}
