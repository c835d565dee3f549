"""Areas, coverage, contact points and cover, as an agency enters and ends them."""

from typing import Any

import pytest

from tests.service import Service

EAST_WARD, OTHER_WARD = "E05011394", "E05011399"
NOW, LATER = "2026-03-02T09:30:00+00:00", "2026-09-01T00:00:00+00:00"
AREA = {
    "code": "leeds-test",
    "kind": "cluster",
    "city": "Leeds",
    "name": "Test",
    "parts": [{"kind": "ward", "code": EAST_WARD}, {"kind": "postcode", "code": "ls10 1lh"}],
}
CONTACT = {
    "code": "test-hub",
    "city": "Leeds",
    "kind": "early_help_hub",
    "name": "A test hub",
    "phone": {"as_published": "01632 960120"},
}


def contact(service: Service, **details: Any) -> Any:
    return service.post("/v1/directory/contact-points", CONTACT | details)


def covers(service: Service, whose: Any, status: int = 201, **details: Any) -> Any:
    said = {"contact_point": whose["id"], "kind": "ward", "place": EAST_WARD}
    body = said | {"levels": ["targeted"]} | details
    return service.post("/v1/directory/coverage", body, status)


def called(service: Service, postcode: str = "LS8 5NG", level: str = "targeted") -> list[str]:
    question = {"postcode": postcode, "level_of_need": level}
    answer = service.post("/v1/directory/responsible", question, 200)
    return [one["code"] for one in answer["contacts"]]


def test_an_area_is_entered_read_listed_changed_and_ended(own_cities: Service) -> None:
    entered = own_cities.post("/v1/directory/areas", AREA)

    assert entered == own_cities.get("/v1/directory/areas/leeds-test")
    assert [one["code"] for one in entered["parts"]] == ["LS101LH", EAST_WARD]
    assert entered["invented"] is False
    listed = own_cities.get("/v1/directory/areas?city=Leeds&kind=cluster")["items"]
    assert [one["code"] for one in listed] == ["leeds-jess", "leeds-test"]
    first = own_cities.get("/v1/directory/areas?size=1")["items"]
    assert len(first) == 1
    path = "/v1/directory/areas/leeds-test"
    part = own_cities.post(f"{path}/parts", {"kind": "ward", "code": "E05011387"})
    own_cities.post(f"{path}/parts/{part['id']}/end", {"ends": LATER}, 200)
    ended = own_cities.post(f"{path}/end", {"ends": LATER}, 200)
    assert ended["ends"] == LATER
    assert {one["ends"] for one in ended["parts"]} == {None, LATER}


def test_whoever_covers_a_ward_answers_until_that_ends(own_cities: Service) -> None:
    row = covers(own_cities, contact(own_cities), note="Ask for the duty worker")
    assert called(own_cities) == ["test-hub", "leeds-hub-east"]
    (listed,) = own_cities.get(f"/v1/directory/coverage?contact_point={row['contact_point']}")[
        "items"
    ]
    assert listed == row

    own_cities.post(f"/v1/directory/coverage/{row['id']}/end", {"ends": LATER}, 200)
    assert called(own_cities) == ["test-hub", "leeds-hub-east"]
    own_cities.clock.passes(days=200)

    assert called(own_cities) == ["leeds-hub-east"]
    own_cities.post(f"/v1/directory/coverage/{row['id']}/end", {}, 409)


def test_an_area_that_has_ended_leads_nowhere(own_cities: Service) -> None:
    own_cities.post("/v1/directory/areas/leeds-east/end", {}, 200)

    assert called(own_cities) == ["leeds-hub-east", "leeds-hub-south", "leeds-hub-west"]


def test_whoever_stands_in_is_called_until_they_are_back(own_cities: Service) -> None:
    hub, other = contact(own_cities), contact(own_cities, code="other", kind="advice_point")
    covers(own_cities, hub)
    path = f"/v1/directory/contact-points/{hub['id']}/cover"
    entered = own_cities.post(path, {"covered_by": other["id"], "ends": LATER, "note": "Leave"})

    assert own_cities.get(path) == {"items": [entered]}
    assert called(own_cities)[:2] == ["other", "test-hub"]
    own_cities.clock.passes(days=1)
    own_cities.post(f"/v1/directory/cover/{entered['id']}/end", {}, 200)
    assert called(own_cities)[0] == "test-hub"


def test_a_contact_point_is_entered_changed_and_ended(own_cities: Service) -> None:
    entered = contact(own_cities, holder="R. Ashgrove", audience="practitioners")
    assert entered["phone"] == {
        "as_published": "01632 960120",
        "e164": "+441632960120",
        "fault": None,
    }
    assert entered["document"]["title"] == "Entered by elm-school"
    path = f"/v1/directory/contact-points/{entered['id']}"
    short = CONTACT | {"phone": {"as_published": "0163296012"}, "role": "advice_point"}

    changed = own_cities.call("PUT", path, json=short | {"assured_on": "2026-03-01"}).get_json()

    assert changed == own_cities.get(path)
    assert (changed["role"], changed["holder"], changed["assured_on"]) == (
        "advice_point",
        None,
        "2026-03-01",
    )
    assert "10 digits" in changed["phone"]["fault"]
    covers(own_cities, changed)
    own_cities.post(f"{path}/end", {}, 200)
    assert called(own_cities) == ["leeds-hub-east"]
    own_cities.post(f"{path}/end", {}, 409)


def test_opening_hours_and_what_else_is_said_come_back_as_sent(own_cities: Service) -> None:
    hours = [{"days": ["MO", "FR"], "opens": "09:00", "closes": "16:30"}]
    entered = contact(
        own_cities,
        opening_hours=hours,
        hours_note="Not in August",
        more={"ask for": "duty"},
        email={"as_published": "hub@example.org"},
        document={"title": "Guide", "as_of": "2026"},
        audience="public",
    )

    assert entered["opening_hours"] == hours
    assert entered["hours_note"] == "Not in August"
    question = {"postcode": "LS8 5NG", "level_of_need": "targeted", "at_risk": "no"}
    covers(own_cities, entered)
    shown = own_cities.call("POST", "/who-to-call", data=question).get_data(as_text=True)
    assert "Not in August" in shown
    assert "9am to 4:30pm" in shown


@pytest.mark.parametrize(
    ("agency", "status"), [("elm-school", 200), ("oak-school", 200), ("eh-hub", 404)]
)
def test_a_contact_point_for_named_agencies_is_known_to_them_alone(
    own_cities: Service, agency: str, status: int
) -> None:
    seen = status == 200
    entered = contact(own_cities, audience=["elm-school", "oak-school"])
    covers(own_cities, entered)

    own_cities.as_client(agency)

    path = f"/v1/directory/contact-points/{entered['id']}"
    assert own_cities.call("GET", path).status_code == status
    listed = own_cities.get("/v1/directory/contact-points?words=test")["items"]
    rows = own_cities.get(f"/v1/directory/coverage?contact_point={entered['id']}")["items"]
    assert bool(listed) == bool(rows) == ("test-hub" in called(own_cities)) == seen
    question = {"postcode": "LS8 5NG", "level_of_need": "targeted"}
    public = own_cities.call("POST", "/who-to-call", json=question).get_data(as_text=True)
    assert "01632 960120" not in public
    put = own_cities.call("PUT", path, json=CONTACT)
    assert put.status_code == (403 if agency == "oak-school" else status)  # Elm keeps it, not Oak


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("areas", AREA | {"code": "leeds-east"}, 409, ("entry_exists", "#/code")),
        ("areas", AREA | {"kind": "hub_area"}, 409, ("areas_overlap", "#/parts/0")),
        ("areas", AREA | {"kind": "park"}, 422, ("request_invalid", "#/kind")),
        ("areas", AREA | {"ends": NOW}, 422, ("dates_out_of_order", "#/ends")),
        (
            "areas",
            AREA | {"parts": [{"kind": "ward", "code": "E05999999"}]},
            422,
            ("place_unknown", "#/parts/0/code"),
        ),
        (
            "areas",
            AREA | {"parts": [{"kind": "postcode", "code": "nowhere"}]},
            422,
            ("place_unknown", "#/parts/0/code"),
        ),
        (
            "areas",
            AREA | {"parts": [{"kind": "postcode", "code": "LS8 9ZZ"}]},
            422,
            ("place_unknown", "#/parts/0/code"),
        ),
        (
            "areas",
            AREA | {"parts": [{"kind": "area", "code": "leeds"}]},
            422,
            ("request_invalid", "#/parts/0/kind"),
        ),
        (
            "areas",
            AREA | {"parts": [{"kind": "ward", "code": EAST_WARD, "ends": NOW}]},
            422,
            ("dates_out_of_order", "#/parts/0/ends"),
        ),
        ("areas/nowhere/parts", {"kind": "ward", "code": EAST_WARD}, 404, ("not_found", None)),
        ("areas/nowhere/end", {}, 404, ("not_found", None)),
        (
            "contact-points",
            CONTACT | {"audience": "friends"},
            422,
            ("request_invalid", "#/audience"),
        ),
        ("contact-points", CONTACT | {"audience": []}, 422, ("request_invalid", "#/audience")),
        (
            "contact-points",
            CONTACT | {"audience": ["nobody"]},
            422,
            ("place_unknown", "#/audience"),
        ),
        ("contact-points", CONTACT | {"agency": "nobody"}, 422, ("place_unknown", "#/agency")),
        ("contact-points", CONTACT | {"code": "york-mash"}, 409, ("entry_exists", "#/code")),
        (
            "contact-points",
            CONTACT | {"opening_hours": [{"days": ["MO"], "opens": "9", "closes": "17:00"}]},
            422,
            ("request_invalid", "#/opening_hours/0/opens"),
        ),
        ("schools", {"name": "A", "postcode": "here"}, 422, ("place_unknown", "#/postcode")),
        ("schools", {"name": "A", "postcode": "LS8 9ZZ"}, 422, ("place_unknown", "#/postcode")),
        (
            "schools",
            {"name": "A", "postcode": "LS8 5NG", "agency": "nobody"},
            422,
            ("place_unknown", "#/agency"),
        ),
        (
            "schools",
            {"name": "A", "postcode": "LS8 5NG", "urn": "12345x"},
            422,
            ("request_invalid", "#/urn"),
        ),
        (
            "coverage/01890000-0000-7000-8000-000000000000/end",
            {},
            404,
            ("not_found", None),
        ),
        ("cover/01890000-0000-7000-8000-000000000000/end", {}, 404, ("not_found", None)),
    ],
)
def test_what_cannot_be_entered_is_refused_by_name_and_place(
    cities: Service,
    path: str,
    body: dict[str, Any],
    status: int,
    said: tuple[str, str | None],
) -> None:
    refused = cities.post(f"/v1/directory/{path}", body, status)

    code, pointer = said
    assert refused["code"] == code
    assert pointer is None or pointer in [one["pointer"] for one in refused["errors"]]


@pytest.mark.parametrize(
    ("details", "status", "code", "pointer"),
    [
        ({"place": "E05999999"}, 422, "place_unknown", "#/place"),
        ({"kind": "area", "place": "nowhere"}, 422, "place_unknown", "#/place"),
        ({"levels": []}, 422, "request_invalid", "#/levels"),
        ({"levels": ["4"]}, 422, "level_unknown", "#/levels"),
        ({"levels": ["targeted"], "ends": NOW}, 422, "dates_out_of_order", "#/ends"),
        (
            {"contact_point": "01890000-0000-7000-8000-000000000000"},
            422,
            "place_unknown",
            "#/contact_point",
        ),
    ],
)
def test_coverage_that_cannot_be_is_refused(
    own_cities: Service, details: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    refused = covers(own_cities, contact(own_cities), status, **details)

    assert refused["code"] == code
    assert refused["errors"][0]["pointer"] == pointer


def test_what_was_entered_by_mistake_can_be_ended_as_it_begins_and_no_earlier(
    own_cities: Service,
) -> None:
    row = covers(own_cities, contact(own_cities), starts=LATER)
    path = f"/v1/directory/coverage/{row['id']}/end"

    assert own_cities.post(path, {}, 422)["code"] == "dates_out_of_order"
    assert own_cities.post(path, {"ends": LATER}, 200)["ends"] == LATER


def test_entries_that_clash_are_named(own_cities: Service) -> None:
    hub, other = contact(own_cities), contact(own_cities, code="other")
    row = covers(own_cities, hub)

    again = covers(own_cities, hub, 409, levels=["targeted", "specialist"])
    rival = covers(own_cities, other, 409)

    assert row["id"] in again["detail"]
    assert row["id"] in rival["detail"]
    covers(own_cities, other, position=1)
    path = f"/v1/directory/contact-points/{hub['id']}/cover"
    cover = own_cities.post(path, {"covered_by": other["id"]})
    assert cover["id"] in own_cities.post(path, {"covered_by": other["id"]}, 409)["detail"]
    assert own_cities.post(path, {"covered_by": hub["id"]}, 409)["code"] == "cover_overlaps"
    back = f"/v1/directory/contact-points/{other['id']}/cover"
    assert own_cities.post(back, {"covered_by": hub["id"]}, 409)["code"] == "cover_overlaps"
    nobody = {"covered_by": "01890000-0000-7000-8000-000000000000"}
    assert own_cities.post(back, nobody, 422)["code"] == "place_unknown"


def test_a_contact_point_keeps_its_code_and_city(own_cities: Service) -> None:
    path = f"/v1/directory/contact-points/{contact(own_cities)['id']}"

    for change in ({"code": "new"}, {"city": "York"}):
        refused = own_cities.call("PUT", path, json=CONTACT | change)
        assert (refused.status_code, refused.get_json()["code"]) == (409, "entry_exists")


def test_to_change_anything_needs_the_scope_to_write(cities: Service) -> None:
    cities.as_client("elm-school", scopes=["directory.read"])
    some_id = "01890000-0000-7000-8000-000000000000"

    for path in (
        *("areas", "areas/leeds/end", "areas/leeds/parts", "coverage", "schools"),
        *("contact-points", f"contact-points/{some_id}/cover", f"cover/{some_id}/end"),
        *(f"coverage/{some_id}/end", f"contact-points/{some_id}/end"),
    ):
        answer = cities.call("POST", f"/v1/directory/{path}", json={})
        assert answer.status_code == 403, path


def test_a_city_says_its_levels_of_need_anew(own_cities: Service) -> None:
    levels = [
        {"code": "1", "label": "Everyone", "common": "universal"},
        {"code": 2, "label": "Support", "common": "early_help", "note": "New in 2026"},
    ]

    put = own_cities.call("PUT", "/v1/directory/levels/York", json={"levels": levels}).get_json()

    listed = own_cities.get("/v1/directory/levels")["items"]
    assert put["items"] == [one for one in listed if one["city"] == "York"]
    assert [one["code"] for one in put["items"]] == ["1", "2"]
    assert len(listed) == 8
    question = {"postcode": "YO1 7EP", "level_of_need": "3"}
    assert own_cities.post("/v1/directory/responsible", question, 422)["code"] == "level_unknown"
    for wrong, status in ((levels + levels[:1], 409), ([], 422), ([levels[0] | {"x": 1}], 422)):
        answer = own_cities.call("PUT", "/v1/directory/levels/York", json={"levels": wrong})
        assert answer.status_code == status
