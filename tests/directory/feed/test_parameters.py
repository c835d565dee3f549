"""Every parameter of the feed, against what the invented services say of themselves."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.directory.feed.conftest import Making, put
from tests.directory.feed.making import (
    DISTRICT,
    LANGUAGES,
    WARDS,
    a_service,
    a_term,
    an_attribute,
    uid,
)
from tests.directory.feed.reading import OPEN, PROTECTED, ids
from tests.service import Service

MANY = 84
NORTH = "YO1 7HH"
AUTISM = uid("term", "dfe-family-hubs", "Autism")
SPECIALIST = uid("term", "level-of-need", "Specialist")
METRES_OF_A_STEP = 260.0
"""Two places of neighbouring numbers lie 1/500 of a degree apart each way, at 53.8° north."""

Document = dict[str, Any]
SERVICES = {number: a_service(number) for number in range(MANY)}
SERVICES[1] |= {"minimum_age": None, "maximum_age": None}
SERVICES[2]["service_areas"][0]["uri"] = f"http://statistics.data.gov.uk/id/{WARDS[1]}"
SERVICES[3].pop("service_areas")
SERVICES[4]["fees"] = "FREE of charge"
SERVICES[5] |= {"fees": None, "cost_options": [{"id": uid("zero"), "amount": 0}]}
SERVICES[6] |= {"fees": None, "cost_options": None}


for taxonomy, named, step in (
    ("suitable-for", "Young carers", 5),
    ("referral-route", "Self-referral", 6),
    ("who-can-refer", "Schools", 7),
):
    for service in list(SERVICES.values())[::step]:
        service["attributes"].append(an_attribute(service["id"], a_term(taxonomy, named)))


def _whole(service: Document) -> Document:
    return {name: value for name, value in service.items() if value is not None}


SERVICES = {number: _whole(service) for number, service in SERVICES.items()}


@pytest.fixture(scope="module")
def feed(making_service: Making) -> Iterator[Service]:
    with making_service() as service:
        put(service, SERVICES.values())
        with service.parts.database.reading() as session:
            assert session.scalar(text("select count(*) from listing")) == MANY
        _postcodes(service)
        yield service.as_client("oak-school")


def _postcodes(service: Service) -> None:
    """Put two postcodes and a first half on file, as an owner imports them."""
    owner = create_engine(service.admin_url)
    row = "insert into postcode (postcode, latitude, longitude, quality, district, ward)"
    with owner.begin() as connection:
        connection.execute(
            text(f"{row} values ('LS85NG', 53.8, -1.55, 10, :district, :ward)"),
            {"district": DISTRICT, "ward": WARDS[0]},
        )
        connection.execute(
            text(f"{row} values ('YO17HH', 53.96, -1.08, 10, 'E06000014', 'E05010309')")
        )
        connection.execute(
            text("insert into outcode values ('LS8', 53.8, -1.55, :district, 9)"),
            {"district": DISTRICT},
        )
    owner.dispose()


def first(service: Document, name: str) -> Document:
    return dict(service[name][0])


def low(service: Document) -> float:
    return float(service.get("minimum_age", 0))


def high(service: Document) -> float:
    return float(service.get("maximum_age", 999))


def is_free(service: Document) -> bool:
    amounts = [one["amount"] for one in service.get("cost_options", ())]
    says = service.get("fees", "").lower().startswith("free")
    return bool(says or (amounts and not any(amounts)))


def covers(service: Document, *codes: str) -> bool:
    areas = service.get("service_areas", ())
    return not areas or any(code in areas[0]["uri"] for code in codes)


def metres(service: Document) -> float:
    place = service["service_at_locations"][0]["location"]
    return round((place["latitude"] - 53.8) * 500) * METRES_OF_A_STEP


def topic(service: Document, *names: str) -> bool:
    return set(names) <= {one["taxonomy_term"]["name"] for one in service["attributes"]}


def nobody(_: Document) -> bool:
    return False


def everybody(_: Document) -> bool:
    return True


def cheap_for_seven_on_fridays(service: Document) -> bool:
    fits = low(service) <= 7 <= high(service) and first(service, "schedules")["byday"] == "FR"
    return fits and not is_free(service)


def says(service: Document, word: str) -> bool:
    return word in f"{service['name']} {service['description']}".lower()


Holds = Callable[[Document], bool]
CASES: list[tuple[str, Holds]] = [
    ("search=sleep", lambda s: topic(s, "Sleep")),
    ("search=Families SLEEP", lambda s: topic(s, "Sleep")),
    ("search=nonsensical", nobody),
    (f"taxonomy_term_id={AUTISM}", lambda s: topic(s, "Autism")),
    (
        f"taxonomy_term_id={AUTISM}&taxonomy_term_id={SPECIALIST}",
        lambda s: topic(s, "Autism", "Specialist"),
    ),
    (f"taxonomy_term_id={AUTISM},{SPECIALIST}", lambda s: topic(s, "Autism", "Specialist")),
    (f"taxonomy_term_id={uid('nobody')}", nobody),
    (f"taxonomy_id={uid('taxonomy', 'level-of-need')}", everybody),
    (f"taxonomy_id={uid('nobody')}", nobody),
    (f"organization_id={uid('organization', 2)}", lambda s: s["organization"]["name"][-1] == "2"),
    ("minimum_age=3", lambda s: "minimum_age" in s and s["minimum_age"] >= 3),
    ("maximum_age=7", lambda s: "maximum_age" in s and s["maximum_age"] <= 7),
    ("age=7", lambda s: low(s) <= 7 <= high(s)),
    ("age=2.5", lambda s: low(s) <= 2.5 <= high(s)),
    ("start_time=10:00", lambda s: first(s, "schedules")["opens_at"] >= "10:00"),
    ("end_time=15:00:00", lambda s: first(s, "schedules")["closes_at"] <= "15:00"),
    ("day=TU", lambda s: first(s, "schedules")["byday"] == "TU"),
    ("day=sunday", lambda s: first(s, "schedules")["byday"] == "SU"),
    ("open_on=2026-03-04", lambda s: first(s, "schedules")["byday"] == "WE"),
    ("open_on=2025-12-31", nobody),
    ("modified_after=2026-01-20", lambda s: s["last_modified"] >= "2026-01-20"),
    ("level_of_need=early_help", lambda s: topic(s, "Early help / targeted")),
    ("level_of_need=specialist", lambda s: topic(s, "Specialist")),
    ("free=true", is_free),
    ("free=false", lambda s: not is_free(s)),
    *((f"language={word}", lambda s, n=n: first(s, "languages")["code"] == LANGUAGES[n][0])
      for n in range(3) for word in LANGUAGES[n]),
    ("accessibility=hearing loop", lambda s: "Hearing" in str(s["service_at_locations"])),
    ("suitable_for=young carers", lambda s: topic(s, "Young carers")),
    ("suitable_for=anyone", nobody),
    ("referral=Self referral", lambda s: topic(s, "Self-referral")),
    ("who_can_refer=schools", lambda s: topic(s, "Schools")),
    ("postcode=ls85ng", lambda s: covers(s, DISTRICT, WARDS[0])),
    (f"postcode={NORTH}", lambda s: covers(s, "E06000014")),
    ("postcode=LS8 5NG&proximity=1000", lambda s: covers(s, DISTRICT) and metres(s) <= 1000),
    ("postcode=LS8 5NG&proximity=0", lambda s: covers(s, DISTRICT) and metres(s) == 0),
    ("search=group&age=7&day=FR&free=false", cheap_for_seven_on_fridays),
]  # fmt: skip


@pytest.mark.parametrize(("query", "holds"), CASES, ids=[query for query, _ in CASES])
def test_each_parameter_finds_what_meets_it_and_nothing_else(
    feed: Service, query: str, holds: Holds
) -> None:
    wanted = {service["id"] for service in SERVICES.values() if holds(service)}
    assert set(ids(feed, f"{OPEN}/services?{query}")) == wanted
    places = {uid("sal", n, n % 10) for n, one in SERVICES.items() if one["id"] in wanted}
    assert set(ids(feed, f"{OPEN}/service_at_locations?{query}")) == places
    assert set(ids(feed, f"{PROTECTED}/services?{query}")) == wanted


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("day=MO&open_on=2026-03-04", True),  # a Wednesday
        ("day=WE&open_on=2026-03-04&start_time=14:00", True),
        ("day=MO&open_on=2026-03-04&start_time=09:00", True),
        ("day=MO&open_on=2026-03-04&start_time=14:00", False),  # on Mondays it opens at ten
        ("day=TU&open_on=2026-03-04", False),
    ],
)
def test_a_weekday_and_a_date_are_each_met_by_an_opening_of_their_own(
    feed: Service, query: str, *, found: bool
) -> None:
    weekly = [
        {"id": uid(day), "freq": "WEEKLY", "byday": day, "opens_at": opens, "closes_at": "16:00"}
        for day, opens in (("MO", "10:00"), ("WE", "14:00"))
    ]
    both = a_service(501, schedules=weekly)
    put(feed, [both])
    assert (both["id"] in ids(feed, f"{OPEN}/services?{query}")) is found


def test_the_cases_tell_services_apart() -> None:
    for query, holds in CASES:
        found = sum(map(holds, SERVICES.values()))
        assert (found > 0) is (holds is not nobody), query


def test_a_postcode_of_which_only_the_first_half_is_on_file_says_so(feed: Service) -> None:
    assert "notes" not in feed.get(f"{OPEN}/services?postcode=LS8 5NG")
    (note,) = feed.get(f"{OPEN}/services?postcode=LS8 1AA")["notes"]
    assert "first half" in note


def test_places_are_found_each_by_its_own_distance(feed: Service) -> None:
    far = a_service(0)["service_at_locations"] + a_service(9)["service_at_locations"]
    two = a_service(
        500, service_at_locations=[{**one, "id": uid("two", n)} for n, one in enumerate(far)]
    )
    put(feed, [two])
    near = ids(feed, f"{OPEN}/service_at_locations?postcode=LS8 5NG&proximity=1000")
    assert uid("two", 0) in near
    assert uid("two", 1) not in near
