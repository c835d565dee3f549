"""POST /v1/directory/responsible, on the three cities as their documents print them."""

from typing import Any

import pytest

from tests.service import Service

LEEDS_EAST = "LS8 5NG"  # Gipton & Harehills
LEEDS_SOUTH = "LS10 1LH"  # Hunslet & Riverside, in the cluster JESS
LEICESTER = "LE1 1AA"
YORK = "YO1 7EP"


def asked(service: Service, status: int = 200, **body: Any) -> Any:
    return service.post("/v1/directory/responsible", body, status)


def codes(answer: Any) -> list[str]:
    return [one["code"] for one in answer["contacts"]]


@pytest.mark.parametrize(
    ("postcode", "level", "called"),
    [
        (LEEDS_EAST, "universal", ["leeds-family-information-service"]),
        (LEEDS_EAST, "targeted", ["leeds-hub-east"]),
        (LEEDS_EAST, "early_help", ["leeds-hub-east"]),
        (LEEDS_EAST, "specialist", ["leeds-duty-and-advice", "leeds-hub-east"]),
        (LEICESTER, "universal", ["leicester-advice-points"]),
        (LEICESTER, "early_help", ["leicester-early-help-response-team"]),
        (LEICESTER, "specialist", ["leicester-duty-and-advice"]),
        (YORK, "1", ["york-early-help-coordinators", "york-local-area-teams"]),
        (YORK, "2", ["york-early-help-coordinators", "york-local-area-teams"]),
        (YORK, 3, ["york-mash", "york-local-area-teams"]),
        (YORK, "4", ["york-mash"]),
        (
            YORK,
            "early_help",
            ["york-early-help-coordinators", "york-mash", "york-local-area-teams"],
        ),
    ],
)
def test_each_city_answers_at_each_level_in_one_instance(
    cities: Service, postcode: str, level: object, called: list[str]
) -> None:
    answer = asked(cities, postcode=postcode, level_of_need=level)

    assert codes(answer) == called
    assert answer["covered"]
    assert answer["mapped"]


@pytest.mark.parametrize(
    ("postcode", "door"),
    [
        (LEEDS_EAST, "leeds-duty-and-advice"),
        (LEICESTER, "leicester-duty-and-advice"),
        (YORK, "york-mash"),
    ],
)
def test_a_child_at_risk_is_for_the_front_door_with_its_number_first(
    cities: Service, postcode: str, door: str
) -> None:
    for level in (None, "universal", "early_help", "specialist"):
        answer = asked(cities, postcode=postcode, level_of_need=level, at_risk=True)

        assert codes(answer)[0] == door
        assert answer["contacts"][0]["front_door"]
        assert answer["first"][0] == "Speak to your safeguarding lead first if you are unsure."
    if door == "leeds-duty-and-advice":
        assert answer["contacts"][0]["phone"] == {
            "as_published": "0113 3760336",
            "e164": "+441133760336",
            "fault": None,
            "link": "tel:+441133760336",
        }


def test_a_number_that_is_visibly_wrong_is_shown_with_its_fault_and_no_link(
    cities: Service,
) -> None:
    (hub,) = asked(cities, postcode=LEEDS_EAST, level_of_need="targeted")["contacts"]

    assert hub["phone"]["as_published"] == "0113535899"
    assert hub["phone"]["link"] is None
    assert hub["phone"]["e164"] is None
    assert "one is missing" in hub["phone"]["fault"]
    assert hub["email"]["link"] == "mailto:eastearlyhelp@leeds.gov.uk"
    assert hub["freshness"] == "stale"
    south = asked(cities, postcode=LEEDS_SOUTH, level_of_need="targeted")["contacts"][-1]
    assert (south["code"], south["email"]["link"]) == ("leeds-hub-south", None)
    assert "misprint" in south["email"]["fault"]


def test_the_invented_mapping_says_so_wherever_it_shows(cities: Service) -> None:
    answer = asked(cities, postcode=LEEDS_EAST, level_of_need="targeted")

    assert answer["contacts"][0]["invented"]
    assert any("invented" in note for note in answer["notes"])
    assert {one["code"]: one["invented"] for one in answer["areas"]} == {
        "leeds-east": True,
        "leeds": False,
    }


def test_whoever_stands_in_comes_first_and_names_are_for_partners(cities: Service) -> None:
    answer = asked(cities, postcode=LEEDS_SOUTH, level_of_need="targeted")

    assert codes(answer) == [
        "leeds-jess-targeted-services-leader",
        "leeds-jess-cluster-manager",
        "leeds-hub-south",
    ]
    stand_in, away, _ = answer["contacts"]
    assert stand_in["stands_in_for"] == "Cluster Manager, JESS cluster (invented)"
    assert stand_in["holder"] == "Sam Quillfeather (invented)"
    assert away["away"]
    assert away["away_until"].startswith("2026-04-01")


def test_a_school_says_where_by_its_name_or_number(own_cities: Service) -> None:
    own_cities.post(
        "/v1/directory/schools",
        {"name": "Élan Academy", "urn": "100001", "postcode": "yo17ep", "agency": "oak-school"},
    )

    by_name = asked(own_cities, school="elan ACADEMY", level_of_need="2")
    by_number = asked(own_cities, school="100001", level_of_need="2")

    assert by_name == by_number
    assert by_name["place"]["postcode"] == YORK
    listed = own_cities.get("/v1/directory/schools")["items"]
    assert "Élan Academy" in [one["name"] for one in listed]


def test_two_schools_of_one_name_are_told_apart_by_number(own_cities: Service) -> None:
    for urn, postcode in (("100001", YORK), ("100002", LEICESTER)):
        own_cities.post(
            "/v1/directory/schools", {"name": "St Ann's", "urn": urn, "postcode": postcode}
        )

    refused = asked(own_cities, 422, school="St Ann's", level_of_need="universal")

    assert "St Ann's (100001), St Ann's (100002)" in refused["detail"]
    assert refused["errors"][0]["pointer"] == "#/school"


@pytest.mark.parametrize("typed", ["ls85ng", " LS8  5NG ", "Ls8-5ng", "LS8 5NG"])
def test_any_spelling_of_a_postcode_will_do(cities: Service, typed: str) -> None:
    answer = asked(cities, postcode=typed, level_of_need="targeted")

    assert answer["place"] == {
        "postcode": "LS8 5NG",
        "district": {"code": "E08000035", "name": "Leeds"},
        "ward": {"code": "E05011394", "name": "Gipton & Harehills"},
        "approximate": False,
    }


def test_outside_the_three_councils_the_district_is_named(cities: Service) -> None:
    answer = asked(cities, postcode="M1 1AE", level_of_need="early_help", at_risk=True)

    assert (answer["covered"], answer["contacts"], answer["place"]["district"]["name"]) == (
        False,
        [],
        "Manchester",
    )
    assert "Manchester, which is not covered here" in answer["notes"][0]
    assert "If a child is in immediate danger, call 999." in answer["first"]


def test_a_place_of_which_only_half_is_known_gets_every_hub_of_the_city(cities: Service) -> None:
    answer = asked(cities, postcode="LS8 9ZZ", level_of_need="targeted")

    assert codes(answer) == ["leeds-hub-east", "leeds-hub-south", "leeds-hub-west"]
    assert answer["place"]["approximate"]
    assert not answer["mapped"]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "request_invalid", "#/level_of_need"),
        ({"postcode": LEEDS_EAST}, "request_invalid", "#/level_of_need"),
        ({"level_of_need": "targeted"}, "request_invalid", "#/postcode"),
        (
            {"postcode": YORK, "school": "x", "level_of_need": "1"},
            "request_invalid",
            "#/postcode",
        ),
        ({"postcode": YORK, "at_risk": "yes"}, "request_invalid", "#/at_risk"),
        ({"postcode": YORK, "level_of_need": "two words"}, "request_invalid", "#/level_of_need"),
        ({"postcode": YORK, "level_of_need": True}, "request_invalid", "#/level_of_need"),
        ({"postcode": YORK, "level_of_need": "targeted"}, "level_unknown", "#/level_of_need"),
        ({"postcode": "here", "level_of_need": "1"}, "postcode_malformed", "#/postcode"),
        ({"postcode": "ZE99 1AA", "level_of_need": "1"}, "postcode_unknown", "#/postcode"),
        ({"postcode": "BT1 1AA", "level_of_need": "1"}, "postcode_unknown", "#/postcode"),
        ({"school": "No Such School", "level_of_need": "1"}, "school_unknown", "#/school"),
        ({"postcode": YORK, "level_of_need": "1", "x": 1}, "request_invalid", "#/x"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name_and_place(
    cities: Service, body: dict[str, Any], code: str, pointer: str | None
) -> None:
    refused = asked(cities, 400 if pointer is None else 422, **body)

    assert refused["code"] == code
    assert pointer is None or pointer in [one["pointer"] for one in refused["errors"]]


def test_a_mistyped_postcode_does_not_keep_the_front_doors_from_whoever_worries(
    cities: Service,
) -> None:
    refused = asked(cities, 422, postcode="LS8", at_risk=True, school="both")
    unknown = asked(cities, 422, postcode="ZE99 1AA", at_risk=True)

    assert "front_doors" not in refused
    assert [one["city"] for one in unknown["front_doors"]] == ["Leeds", "Leicester", "York"]
    assert unknown["front_doors"][0]["phone"]["link"] == "tel:+441133760336"


def test_the_question_needs_the_scope_and_its_answer_is_never_kept(cities: Service) -> None:
    answer = cities.call(
        "POST",
        "/v1/directory/responsible",
        json={"postcode": YORK, "level_of_need": "2"},
    )
    assert answer.headers["Cache-Control"] == "no-store"
    cities.as_client("elm-school", scopes=["subject.read"])

    refused = cities.call("POST", "/v1/directory/responsible", json={"postcode": YORK})

    assert refused.status_code == 403


def test_an_agency_is_told_of_its_own_safeguarding_lead_and_of_no_other(cities: Service) -> None:
    own = asked(cities.as_client("oak-school"), postcode=YORK, at_risk=True)
    other = asked(cities.as_client("eh-hub"), postcode=YORK, at_risk=True)
    calm = asked(cities.as_client("oak-school"), postcode=YORK, level_of_need="2")

    (lead,) = own["safeguarding_leads"]
    assert (lead["holder"], lead["phone"]["link"]) == (
        "Kit Larkmeadow (invented)",
        "tel:+441632960113",
    )
    assert lead["invented"]
    assert other["safeguarding_leads"] == calm["safeguarding_leads"] == []
    assert own["contacts"][0]["code"] == "york-mash"
