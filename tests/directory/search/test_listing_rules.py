"""What searches are told of a service, kind of viewer by kind of viewer, and why it was found."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from directory.rules.listed import areas_named, includes, instant, is_free, listed, number
from directory.rules.listing import listings, viewers_of
from directory.rules.reasons import Facts, reasons, said_ages
from directory.terms.listings import Label, ListedPlace
from directory.terms.places import Place
from directory.terms.reading import Phrase, ReadWord
from directory.terms.records import ANYONE, Viewer
from directory.terms.searching import ServiceSearch, Weekday

ID = "11111111-1111-4111-8111-111111111111"
PLACE = "55555555-5555-4555-8555-555555555555"
GSS = "http://statistics.data.gov.uk/id/statistical-geography/"
TODAY = date(2026, 3, 2)
LS8 = Place("LS8 5NG", 53.8155, -1.5092, "E08000035", "E05011388")


def a_document(**more: Any) -> dict[str, Any]:
    return {"id": ID, "name": "Sleep clinic", "status": "active"} | more


def at(location: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": PLACE, "location": {"id": PLACE, "location_type": "physical"} | location} | more


def term(name: str, taxonomy: str = "topics", **more: Any) -> dict[str, Any]:
    kept = {"id": f"{name}-id", "name": name, "taxonomy": taxonomy} | more
    return {"id": "a", "taxonomy_term": kept}


def test_a_thin_document_is_listed_for_what_it_says() -> None:
    thin = listed({"id": ID})
    assert (thin.name, thin.status, thin.places, thin.openings) == ("", "", (), ())
    # A service that names no ages is for every age, and one that names no area for everywhere.
    assert "area:*" in thin.traits
    assert "age:7" in thin.traits
    assert thin.labels == frozenset()


def test_what_cannot_be_read_is_left_out() -> None:
    odd = listed(
        a_document(
            minimum_age="four",
            maximum_age=True,
            assured_date="lately",
            last_modified="once",
            languages="English",
            attributes=[None, {"id": "x"}, {"taxonomy_term_id": "t1"}],
            service_at_locations=[
                at({"latitude": "north", "longitude": 1}),
                at({"latitude": 123, "longitude": 1}),
                {"id": "no uuid", "location_id": PLACE},
                {"id": "no uuid", "location": {"latitude": 53, "longitude": -1}},
            ],
        )
    )
    assert (odd.minimum_age, odd.maximum_age, odd.assured_on, odd.last_modified) == (None,) * 4
    assert odd.places == (ListedPlace(None, 53.0, -1.0),)
    assert "term:t1" in odd.traits
    assert odd.at_locations == (UUID(PLACE), UUID(PLACE))


def test_terms_become_traits_by_their_taxonomy() -> None:
    attributes = [
        term("Sleep", taxonomy_id="x"),
        term("Early help / targeted", "level-of-need"),
        term("Anything", "level-of-need"),
        term("Self-referral", "referral-route", code="self"),
        term("Schools", "who-can-refer"),
        term("Fathers", "suitable-for"),
        term(""),
    ]
    found = listed(a_document(attributes=attributes))
    wanted = {"term:Sleep-id", "taxonomy:x", "level_of_need:early_help", "level_of_need:targeted"}
    wanted |= {"referral:self-referral", "referral:self", "who_can_refer:schools"}
    assert wanted | {"suitable_for:fathers"} <= found.traits
    assert Label("term", "Sleep-id", "Sleep") in found.labels
    assert Label("level_of_need", "early_help", "Early help") in found.labels
    assert not any(one.text == "Anything" for one in found.labels)


def test_its_organization_and_its_places_are_words_too() -> None:
    address = {"address_1": "4 Mill Lane", "city": "Leeds"}
    there = at({"name": "Roundhay Hub", "addresses": [address]})
    organization = {"id": "o", "name": "Lantern"}
    found = listed(a_document(organization=organization, service_at_locations=[there]))
    assert "Lantern" in found.topics
    assert "Roundhay Hub" in found.texts
    assert "4 Mill Lane" in found.texts
    assert Label("organization", "o", "Lantern") in found.labels
    assert "organization:o" in listed(a_document(organization_id="o")).traits


def test_only_what_can_be_visited_is_a_place() -> None:
    where = {"latitude": 53.8, "longitude": -1.5}
    kinds = [at(where | {"location_type": kind}) for kind in ("physical", "postal", "virtual")]
    assert len(listed(a_document(service_at_locations=kinds)).places) == 1


@pytest.mark.parametrize(
    ("areas", "codes"),
    [
        ([], ()),
        ([{"name": "Leeds and around"}], ()),
        ([{"name": "Leeds", "uri": f"{GSS}E08000035"}], ("E08000035",)),
        ([{"name": "E05011388"}], ("E05011388",)),
        ([{"name": "England", "uri": f"{GSS}E92000001"}], ()),
        ([{"name": "West Yorkshire", "uri": f"{GSS}E11000006"}], ()),
    ],
)
def test_only_wards_and_districts_limit_what_is_covered(
    areas: list[dict[str, Any]], codes: tuple[str, ...]
) -> None:
    found = listed(a_document(service_areas=areas))
    assert areas_named(sorted(found.traits)) == codes
    assert ("area:*" in found.traits) == (not codes)


@pytest.mark.parametrize(
    ("said", "free"),
    [
        ({}, False),
        ({"fees": "Free"}, True),
        ({"fees": "free for families"}, True),
        ({"fees_description": "Free"}, True),
        ({"fees": "Small charge"}, False),
        ({"cost_options": [{"amount": 0}, {"amount": 0.0}]}, True),
        ({"cost_options": [{"amount": 0}, {"amount": 2}]}, False),
        ({"cost_options": [{"option": "per session"}]}, False),
    ],
)
def test_free_is_what_says_so(said: dict[str, Any], *, free: bool) -> None:
    assert is_free(a_document(**said)) is free
    assert ("free:yes" in listed(a_document(**said)).traits) is free


def test_languages_are_asked_for_by_code_or_name() -> None:
    spoken = [{"code": "ur", "name": "Urdu"}, {"name": "Polish"}, {"code": "bn"}, {"note": "?"}]
    found = listed(a_document(languages=spoken))
    assert {f"language:{one}" for one in ("ur", "urdu", "polish", "bn")} <= found.traits
    assert sorted(one.text for one in found.labels if one.what == "language") == [
        "Polish",
        "Urdu",
        "bn",
    ]


def test_what_makes_a_place_accessible_is_kept_by_its_words() -> None:
    said = [{"description": "Step-free entrance"}, {"details": "Hearing loop"}, {"url": "x"}]
    found = listed(a_document(service_at_locations=[at({"accessibility": said}), {"id": "x"}]))
    assert found.accessibility == ("step-free-entrance", "hearing-loop")
    assert Label("accessibility", "hearing-loop", "Hearing loop") in found.labels


def test_a_level_of_another_scale_has_no_common_name() -> None:
    found = listed(a_document(attributes=[term("4", "level-of-need-leeds")]))
    assert "level_of_need:4" in found.traits
    assert not any(one.what == "level_of_need" for one in found.labels)


def test_numbers_and_instants_are_read_as_documents_write_them() -> None:
    assert number(4) == number("4.0") == Decimal(4)
    assert number("NaN") is None
    assert instant("2026-03-02T09:00:00") == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert instant("2026-03-02T10:00:00+01:00") == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_missing_bound_of_age_is_open() -> None:
    four, thirteen = Decimal(4), Decimal(13)
    assert includes(four, thirteen, four)
    assert includes(None, thirteen, Decimal(0))
    assert includes(four, None, Decimal(99))
    assert not includes(four, thirteen, Decimal("13.5"))
    assert not includes(four, thirteen, Decimal("3.9"))


def kinds(document: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {one.viewer: one.shadowed_by for one in listings(document)}


def test_what_is_open_to_all_is_listed_once() -> None:
    assert kinds(a_document()) == {"everyone": ()}
    assert kinds(a_document(contacts=[{"id": "c", "audience": "practitioners"}])) == {
        "everyone": ()
    }


def test_a_service_for_practitioners_is_listed_for_them_alone() -> None:
    assert kinds(a_document(audience="practitioners")) == {"practitioners": ()}
    assert kinds(a_document(audience=["oak"])) == {"agency:oak": ()}
    assert kinds(a_document(audience=[])) == {}


def test_an_agency_that_sees_more_has_a_listing_of_its_own() -> None:
    where = {"latitude": 53.8, "longitude": -1.5}
    hidden = at(where | {"name": "Refuge", "audience": ["oak", "elm"]})
    found = {one.viewer: one for one in listings(a_document(service_at_locations=[hidden]))}
    assert found.keys() == {"everyone", "agency:oak", "agency:elm"}
    assert found["everyone"].shadowed_by == ("elm", "oak")
    assert found["everyone"].listed.places == ()
    assert "Refuge" in found["agency:oak"].listed.texts


def test_a_place_for_practitioners_parts_them_from_everyone_else() -> None:
    hidden = at({"name": "Refuge"}, audience="practitioners")
    found = {
        one.viewer: one.listed.texts for one in listings(a_document(service_at_locations=[hidden]))
    }
    assert found.keys() == {"public", "practitioners"}
    assert "Refuge" not in found["public"]


def test_a_viewer_is_of_these_kinds() -> None:
    assert viewers_of(ANYONE) == ("everyone", "public")
    assert viewers_of(Viewer("oak")) == ("everyone", "practitioners", "agency:oak")


def facts(**more: Any) -> Facts:
    usual: dict[str, Any] = {"held": [], "youngest": None, "oldest": None, "metres": None}
    return Facts(**(usual | {"areas": None, "assured_on": TODAY} | more))


def why(search: ServiceSearch, place: Place | None = None, **more: Any) -> tuple[str, ...]:
    return reasons(search, (), place, facts(**more), TODAY)


def test_a_word_says_where_it_is_held() -> None:
    words = (
        ReadWord("sleep", (Phrase("sleep", "'sleep'"),)),
        ReadWord(
            "asd", (Phrase("asd", "'asd'"), Phrase("autism", "'autism'"), Phrase("asc", "''"))
        ),
        ReadWord("speach", (Phrase("speech", "'speech'"),), corrected=True),
    )
    held = facts(held=[["A"], [None, "B", "C"], ["C"]])
    assert reasons(ServiceSearch(), words, None, held, TODAY) == (
        "'sleep' is in the name",
        "'autism', for 'asd', is in its topics or its organisation's name",
        "'speech' is in the description",
    )


def test_a_place_says_how_far_it_is_and_what_is_covered() -> None:
    named = {"E08000035": "Leeds"}
    assert why(ServiceSearch(), LS8, metres=1234.0, areas=named) == (
        "0.8 miles from LS8 5NG",
        "covers Leeds",
    )
    assert why(ServiceSearch(), LS8, areas={"E05011388": "", "E08000035": ""}) == (
        "covers the ward of LS8 5NG",
    )
    assert why(ServiceSearch(), LS8) == ()
    elsewhere = Place("YO1 7HH", 53.9, -1.1, "E06000014", approximate=True)
    assert why(ServiceSearch(), elsewhere, metres=900.0, areas=named) == (
        "about 0.6 miles from YO1 7HH",
    )


def test_each_condition_says_how_it_is_met() -> None:
    search = ServiceSearch(
        age=Decimal(7),
        free=True,
        level_of_need="targeted",
        language="Urdu",
        accessibility="Hearing loop",
        day=Weekday.MONDAY,
        open_on=date(2026, 3, 3),
    )
    assert why(search, youngest=Decimal(4), oldest=Decimal("13.0")) == (
        "for ages 4 to 13",
        "free",
        "level of need: Early help",
        "language: Urdu",
        "accessibility: Hearing loop",
        "open on Monday",
        "open on Tuesday 2026-03-03",
    )
    assert why(ServiceSearch(level_of_need="9")) == ("level of need: 9",)


@pytest.mark.parametrize(
    ("youngest", "oldest", "said"),
    [
        (None, None, "for all ages"),
        (0, None, "for all ages"),
        (5, None, "for ages 5 and over"),
        (None, 11, "for ages up to 11"),
        (0, 11, "for ages up to 11"),
        (5, 11, "for ages 5 to 11"),
    ],
)
def test_ages_are_said_as_people_do(youngest: int | None, oldest: int | None, said: str) -> None:
    bounds = (None if one is None else Decimal(one) for one in (youngest, oldest))
    assert said_ages(*bounds) == said


@pytest.mark.parametrize(
    ("assured_on", "said"),
    [
        (date(2026, 2, 20), ()),
        (date(2025, 11, 1), ("last checked 4 months ago: it may be out of date",)),
        (date(2025, 1, 1), ("last checked 14 months ago: it may be out of date",)),
        (None, ("never checked: it may be out of date",)),
        (date(2030, 1, 1), ("never checked: it may be out of date",)),
    ],
)
def test_what_is_not_fresh_says_so(assured_on: date | None, said: tuple[str, ...]) -> None:
    assert why(ServiceSearch(), assured_on=assured_on) == said
