"""What the page of a service says beside its card."""

from datetime import date

from directory.rules.describing import described
from directory.terms.telling import Topics
from tests.directory.telling.made import a_place, a_service, an_address, filed_under

ON = date(2026, 3, 2)
TUESDAYS = [{"freq": "WEEKLY", "byday": "TU", "opens_at": "10:00"}]
RING = {"phones": [{"number": "01632 960808"}]}


def test_a_page_tells_times_costs_languages_and_who_may_come() -> None:
    told = described(
        a_service(
            description="One.\nTwo.",
            schedules=TUESDAYS,
            cost_options=[{"amount": 2, "option": "a session"}],
            languages=[{"code": "ur", "name": "Urdu"}, {"code": "so"}, {}],
            service_areas=[{"name": "Leeds"}],
            eligibility_description="Families in Leeds",
            application_process="Ring first",
            organization={"id": "o", "name": "Mill", "description": "A charity", "email": "a@b.uk"},
        ),
        ON,
    )
    assert told.times == ("Tuesdays, from 10am",)
    assert told.costs == ("£2 a session",)
    assert told.languages == ("Urdu", "so")
    assert told.covers == ("Leeds",)
    assert told.eligibility == ("Families in Leeds",)
    assert told.how_to_apply == ("Ring first",)
    assert told.organization == "A charity"
    assert [way.text for way in told.organization_ways] == ["a@b.uk"]


def test_a_website_is_told_once() -> None:
    told = described(a_service(url="https://b.example", email="a@b.example"), ON)
    assert told.website is not None
    assert told.website.href == "https://b.example"
    assert [way.text for way in told.ways] == ["a@b.example"]
    assert described(a_service(), ON).website is None


def test_a_place_tells_its_address_its_times_and_how_one_gets_in() -> None:
    full = a_place(
        name="Mill",
        description="By the river",
        addresses=[an_address()],
        accessibility=[{"description": "Step-free entrance"}, {"details": "Lift"}, {}],
        schedules=TUESDAYS,
        **RING,
    )
    bare = a_place()
    told = described(a_service(service_at_locations=[full, bare, {"id": "x"}]), ON)
    mill, nowhere = told.places
    assert mill.name == "Mill"
    assert mill.address == ("1 Mill Lane", "Leeds", "LS8 5NG")
    assert mill.accessibility == ("Step-free entrance", "Lift")
    assert mill.times == ("Tuesdays, from 10am",)
    assert mill.ways[0].text == "01632 960808"
    assert (nowhere.name, nowhere.description, nowhere.ways) == ("Address not given", None, ())
    by_address = described(a_service(service_at_locations=[a_place(addresses=[an_address()])]), ON)
    assert by_address.places[0].name == "1 Mill Lane"


def test_contacts_are_told_wherever_they_stand_unless_they_say_nothing() -> None:
    place = a_place(contacts=[{"department": "Duty desk", **RING}]) | {"contacts": [{"name": "Bo"}]}
    contacts = [{"name": "Ann", "title": "Manager"}, {}, RING]
    told = described(a_service(contacts=contacts, service_at_locations=[place]), ON)
    assert [one.name for one in told.contacts] == ["Ann, Manager", "Contact", "Bo", "Duty desk"]
    assert [bool(one.ways) for one in told.contacts] == [False, True, False, True]


def test_topics_stand_by_taxonomy_and_apart_from_referral() -> None:
    terms = filed_under(
        ("dfe-family-hubs", "Debt"),
        ("dfe-family-hubs", "Housing"),
        ("city_topics", "Play"),
        ("", "Other"),
        ("referral-route", "Self-referral"),
        ("suitable-for", "Fathers"),
    )
    told = described(a_service(attributes=terms), ON)
    assert told.topics == (
        Topics("Family hub topics", ("Debt", "Housing")),
        Topics("City topics", ("Play",)),
        Topics("Topics", ("Other",)),
    )
    assert told.routes == ("Self-referral",)
    assert told.suitable_for == ("Fathers",)


def test_whatever_else_is_worth_knowing_has_its_label() -> None:
    told = described(
        a_service(
            wait_time="Six weeks",
            funding=[{"source": "The council"}],
            service_capacity=[
                {
                    "available": 3,
                    "maximum": 10,
                    "updated": "2026-03-01",
                    "unit": {"name": "places"},
                },
                {"available": 1},
                {"maximum": 4},
            ],
        ),
        ON,
    )
    assert told.more == (
        ("Waiting time", "Six weeks"),
        ("Funded by", "The council"),
        ("Places", "3 of 10 places available on 1 March 2026"),
        ("Places", "1 available"),
    )
