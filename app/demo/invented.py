"""The demonstration's invented services: what they do is told in a file, the rest is drawn.

A few are not for everyone to see: a refuge's address, a line for practitioners, a panel of two
agencies. A few are thin, and a few are there twice, as in any directory.
"""

import json
import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.demo.wording import Part, Words, address_of, contact, said_as, schedule, uid
from directory.rules import family_hubs
from directory.terms.records import PRACTITIONERS

OWNERS: Final = ("eh-hub", "family-vcs", "hv-trust")
_FILE: Final = Path(__file__).with_name("data") / "services.json"
_WARD: Final = "http://statistics.data.gov.uk/id/statistical-geography/"
_DAYS_AGO: Final = (4, 12, 25, 40, 55, 70, 84, 100, 130, 170, 220, 290, 350, 400, 620, None)
"""Days since somebody vouched for a service: half are fresh, a third age, the rest are stale."""
_LEVELS: Final = {"universal": "Universal", "early_help": "Early help", "specialist": "Specialist"}
_OWN_LEVELS: Final = {
    "Leeds": {"universal": "Universal", "early_help": "Targeted", "specialist": "Specialist"},
    "York": {"early_help": "Additional needs", "specialist": "Complex needs"},
}
_PANEL: Final = {
    "name": "Panel for intensive support: how to bring a family",
    "description": "Which papers the panel needs, when it meets, and who may bring a family to it.",
    "audience": ["eh-hub", "csc"],
    "contacts": [],
    "attributes": [],
}
_TERMS: Final = {"referral-route": "routes", "who-can-refer": "refer", "suitable-for": "suits"}


@cache
def told_of() -> Mapping[str, Any]:
    """Return the whole file."""
    found: Mapping[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


class Making:
    """Makes the invented services, and the organizations and places that they need."""

    def __init__(self, at: datetime, dice: random.Random, words: Words) -> None:
        self.at, self.dice, self.words = at, dice, words
        self.organizations: dict[str, Part] = {}
        self.locations: dict[str, Part] = {}
        self.count = 0

    def services(self) -> Iterator[tuple[str | None, Part]]:
        """Yield each service with the agency that answers for it, if one does."""
        for city in told_of()["cities"]:
            for told in told_of()["services"]:
                twice = told["level"] == "universal" and not told.get("online")
                for place in range(2 if twice else 1):
                    yield self._owner(), self._service(city, told, place)
        yield from self._special()

    def _owner(self) -> str | None:
        return self.dice.choice((*OWNERS, OWNERS[0], None))

    def _service(self, city: str, told: Part, nth: int) -> Part:
        self.count += 1
        one = uid("service", city, told["key"], nth)
        name = f"{told['name']}, {self._district(city, nth, told)[4]}" if nth else told["name"]
        organization = self._organization(city, told["by"])
        service: Part = {
            "id": one,
            "organization_id": organization["id"],
            "name": name,
            "description": told["about"],
            "status": "active",
            "url": f"https://example.org/services/{city.lower()}/{told['key']}",
            "email": f"{told['key']}-{city.lower()}@example.org",
            "minimum_age": told["ages"][0],
            "maximum_age": told["ages"][1],
            **self._assurance(),
        }
        service |= self._costs(one, told)
        places = self._places(one, city, told, nth)
        service |= {
            "schedules": [schedule(one, *when) for when in told["when"]],
            "languages": self._languages(one, told),
            "service_areas": [self._area(one, city, told, nth)],
            "contacts": self._contacts(one, told),
            "service_at_locations": places,
            "attributes": self.words.attributes(one, self._terms(city, told)),
        }
        return self._aged(_without_nothing(service))

    def _assurance(self) -> Part:
        ago = self.dice.choice(_DAYS_AGO)
        if ago is None:
            return {"last_modified": self._instant(self.dice.randint(300, 700))}
        return {
            "assured_date": (self.at - timedelta(days=ago)).date().isoformat(),
            "assurer_email": "assurance@example.org",
            "last_modified": self._instant(ago),
        }

    def _instant(self, days: int) -> str:
        return (self.at - timedelta(days=days, hours=1)).isoformat(timespec="seconds")

    def _aged(self, service: Part) -> Part:
        """Let a few be closed for now, inactive or ended, as in any directory."""
        closed = {17: "temporarily closed", 53: "temporarily closed", 91: "inactive"}
        ended = {37: "defunct", 120: "defunct"}
        status = (closed | ended).get(self.count)
        if status == "temporarily closed":
            service["alert"] = "Closed while the building is repaired. Ring before you come."
        return {**service, "status": status} if status else service

    def _organization(self, city: str, number: int) -> Part:
        name = told_of()["cities"][city]["organizations"][number]
        one = uid("organization", name)
        return self.organizations.setdefault(
            one,
            {
                "id": one,
                "name": name,
                "description": f"An invented organization that helps families in {city}.",
                "email": f"office{number}-{city.lower()}@example.org",
                "website": f"https://example.org/{city.lower()}/{number}",
                "organization_identifiers": [
                    {
                        "id": uid("identifier", name),
                        "organization_id": one,
                        "identifier_type": "internal",
                        "identifier": f"{city[:2].upper()}{number:03}",
                    }
                ],
            },
        )

    def _district(self, city: str, nth: int, told: Part) -> list[Any]:
        places: list[list[Any]] = told_of()["cities"][city]["places"]
        return places[(len(told["key"]) + told["by"] + nth * 3) % len(places)]

    def _places(self, service: str, city: str, told: Part, nth: int) -> list[Part]:
        here = [] if told.get("online") else [self._location(city, self._district(city, nth, told))]
        if told.get("online") or told.get("virtual"):
            here.append(self._online())
        return [
            {
                "id": uid("at", service, one["id"]),
                "service_id": service,
                "location_id": one["id"],
            }
            for one in here
        ]

    def _location(self, city: str, place: list[Any]) -> Part:
        postcode, latitude, longitude, _, ward = place
        one = uid("location", postcode)
        dice = random.Random(postcode)
        street = f"{dice.randint(1, 90)} {dice.choice(told_of()['streets'])}"
        return self.locations.setdefault(
            one,
            {
                "id": one,
                "location_type": "physical",
                "name": f"{ward} {dice.choice(told_of()['houses'])}",
                "latitude": latitude,
                "longitude": longitude,
                "addresses": [address_of(one, street, city, postcode)],
                "accessibility": [
                    {"id": uid("accessibility", postcode, said), "location_id": one} | said_as(said)
                    for said in dice.sample(told_of()["accessibility"], dice.randint(1, 4))
                ],
            },
        )

    def _online(self) -> Part:
        one = uid("location", "online")
        said = {"id": one, "location_type": "virtual", "name": "By telephone or on screen"}
        return self.locations.setdefault(one, said)

    def _area(self, service: str, city: str, told: Part, nth: int) -> Part:
        whole = told["level"] != "universal" or bool(told.get("online"))
        place = self._district(city, nth, told)
        district = told_of()["cities"][city]["district"]
        return {
            "id": uid("area", service),
            "service_id": service,
            "name": city if whole else place[4],
            "extent_type": "district" if whole else "ward",
            "uri": f"{_WARD}{district if whole else place[3]}",
        }

    def _terms(self, city: str, told: Part) -> Iterator[str]:
        for number in told["terms"]:
            yield str(family_hubs.category_id(number))
        yield self.words.term("level-of-need", _LEVELS[told["level"]])
        own = _OWN_LEVELS.get(city, {}).get(told["level"])
        if own is not None:
            yield self.words.term(f"level-of-need-{city.lower()}", own)
        for taxonomy, member in _TERMS.items():
            for name in told[member]:
                yield self.words.term(taxonomy, name)

    def _languages(self, service: str, told: Part) -> list[Part]:
        more = self.dice.sample(
            told_of()["languages"], 4 if told.get("languages") else self.dice.choice((0, 1))
        )
        return [
            {
                "id": uid("language", service, code),
                "service_id": service,
                "code": code,
                "name": name,
            }
            for code, name in (("en", "English"), *more)
        ]

    def _costs(self, service: str, told: Part) -> Part:
        if "cost" not in told:
            return {"fees": told["fees"]}
        option, amount = told["cost"]
        cost = {"id": uid("cost", service), "service_id": service, "option": option}
        fees = f"£{amount:.2f} {option}"
        return {"fees": fees, "cost_options": [{**cost, "amount": amount}]}

    def _contacts(self, service: str, told: Part) -> list[Part]:
        desk = contact(service, "Front desk", self.count)
        if told["level"] == "universal":
            return [desk]
        manager = contact(service, "Duty worker for practitioners", 500 + self.count)
        return [desk, {**manager, "audience": PRACTITIONERS}]

    def _special(self) -> Iterator[tuple[str | None, Part]]:
        """Yield what is not for everyone to see, what is thin, and what may be there twice."""
        yield "family-vcs", _without_nothing(self._refuge())
        panel = {**self._line(), **_PANEL, "id": uid("service", "panel")}
        yield "eh-hub", self._line()
        yield "eh-hub", _without_nothing(panel)
        for city in told_of()["cities"]:
            thin = {"id": uid("service", "thin", city), "name": f"{city} sling library"}
            by = self._organization(city, 5)["id"]
            yield None, {**thin, "status": "active", "organization_id": by}
            twin = self._service(city, told_of()["services"][0], 0)
            second = {**twin, "id": uid("service", "twin", city), "name": "Stay & play"}
            kept = ("id", "name", "description", "status", "organization_id", "email", "url")
            yield None, {name: second[name] for name in kept}

    def _refuge(self) -> Part:
        """Return a refuge: anyone may find its number, and only a few its address."""
        told = next(one for one in told_of()["services"] if one["key"] == "domestic-abuse")
        service = self._service("Leeds", told, 0)
        one, hidden = uid("service", "refuge"), uid("location", "refuge")
        address = address_of(hidden, "14 Quarrybank Terrace", "Leeds", "LS8 1AA")
        self.locations[hidden] = {
            "id": hidden,
            "location_type": "physical",
            "name": "Larkspur House",
            "latitude": 53.84443,
            "longitude": -1.519,
            "addresses": [{**address, "audience": ["csc", "family-vcs", "mash", "police"]}],
        }
        place = {"id": uid("at", one), "service_id": one, "location_id": hidden}
        return {
            **service,
            "id": one,
            "name": "Refuge for women and their children",
            "description": (
                "A safe place to live for women who leave a violent home, with their children, "
                "and people who help with school, money and what comes next. Ring at any hour."
            ),
            "email": "refuge@example.org",
            "url": "https://example.org/services/leeds/refuge",
            "schedules": [],
            "contacts": [contact(one, "Refuge line", 990)],
            "service_at_locations": [place],
            "languages": [],
            "service_areas": [
                {**service["service_areas"][0], "id": uid("area", one), "service_id": one}
            ],
            "attributes": self.words.attributes(one, self._terms("Leeds", told)),
        }

    def _line(self) -> Part:
        """Return a service that only practitioners are told of."""
        told = next(one for one in told_of()["services"] if one["key"] == "family-work")
        one = uid("service", "line")
        return {
            "id": one,
            "name": "Consultation line for practitioners",
            "description": (
                "An early help coordinator talks a worry through with whoever works with the "
                "family, before anything is written down. No names are needed."
            ),
            "status": "active",
            "organization_id": self._organization("Leeds", 0)["id"],
            "audience": PRACTITIONERS,
            "contacts": [contact(one, "Coordinator on duty", 991)],
            "fees": "Free",
            **self._assurance(),
            "attributes": self.words.attributes(one, self._terms("Leeds", told)),
        }


def _without_nothing(service: Part) -> Part:
    return {name: value for name, value in service.items() if value != []}
