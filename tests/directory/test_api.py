from datetime import UTC, datetime

import pytest

from directory.actions.contacts import publish_contact_point
from directory.terms.contacts import ContactFacts, Phone, SourceDocument
from tests.service import Service

AT = datetime(2026, 4, 10, 10, tzinfo=UTC)
SCOPES = {"directory.read", "agency.write"}
OAK = {"code": "oak-school", "name": "Oak Lane Primary School", "kind": "school"}
GUIDE = SourceDocument("A guide", "2021-02")


@pytest.fixture
def client(service: Service) -> Service:
    service.clock.at = AT
    return service.as_client("ig-office", scopes=SCOPES)


def publish(service: Service, *contacts: ContactFacts) -> None:
    with service.parts.database.transaction() as session:
        for facts in contacts:
            publish_contact_point(session, facts, AT)


def test_an_agency_is_entered_and_takes_part_from_now(client: Service) -> None:
    answer = client.call("POST", "/v1/agencies", json=OAK)

    assert answer.status_code == 201
    assert answer.headers["Location"] == "/v1/agencies/oak-school"
    assert answer.json == client.get(answer.headers["Location"])
    assert answer.json == OAK | {
        "sensitive_service": False,
        "active": [{"starts": "2026-04-10T10:00:00+00:00", "ends": None}],
        "keeping": [],
        "recorded_at": "2026-04-10T10:00:00+00:00",
    }


def test_a_suspension_and_a_reinstatement_carry_their_own_dates(client: Service) -> None:
    client.post("/v1/agencies", OAK | {"starts": "2025-01-01T00:00:00+01:00"})

    client.post("/v1/agencies/oak-school/suspension", {"starts": "2026-03-01T00:00:00Z"})
    reinstated = client.post("/v1/agencies/oak-school/reinstatement", {})

    assert reinstated["active"] == [
        {"starts": "2024-12-31T23:00:00+00:00", "ends": "2026-03-01T00:00:00+00:00"},
        {"starts": "2026-04-10T10:00:00+00:00", "ends": None},
    ]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("agencies", OAK, 409, "agency_exists"),
        ("agencies", OAK | {"code": "elm", "colour": "red"}, 422, "request_invalid"),
        ("agencies", OAK | {"code": "elm", "ends": str(AT.date())}, 422, "request_invalid"),
        ("agencies", OAK | {"code": "elm", "ends": AT.isoformat()}, 422, "request_invalid"),
        ("agencies/oak-school/reinstatement", {}, 409, "agency_already_so"),
        (
            "agencies/oak-school/suspension",
            {"starts": "2020-01-01T00:00:00Z", "ends": "2020-02-01T00:00:00Z"},
            409,
            "agency_already_so",
        ),
        ("agencies/nowhere/suspension", {}, 404, "not_found"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    client: Service, path: str, body: dict[str, object], status: int, code: str
) -> None:
    client.post("/v1/agencies", OAK)

    assert client.post(f"/v1/{path}", body, status)["code"] == code


def test_agencies_come_in_pages(client: Service) -> None:
    for code in ("b", "c", "a"):
        client.post("/v1/agencies", OAK | {"code": code})

    first = client.get("/v1/agencies?size=2")
    rest = client.get(f"/v1/agencies?size=2&cursor={first['page']['next']}")

    assert [one["code"] for one in first["items"] + rest["items"]] == ["a", "b", "c"]
    assert rest["page"] == {"size": 1, "next": None}


def test_a_flagged_number_is_shown_with_its_flag(client: Service) -> None:
    faulty = Phone("0163296012", fault="one digit short")
    publish(
        client,
        ContactFacts("east", "Leeds", "early_help_hub", "Hub - East", GUIDE, phone=faulty),
        ContactFacts("west", "Leeds", "early_help_hub", "Hub - West", GUIDE),
    )

    (found,) = client.get("/v1/directory/contact-points?city=leeds&words=EAST")["items"]

    assert found["code"] == "east"
    assert found == client.get(f"/v1/directory/contact-points/{found['id']}")
    assert found["phone"] == {
        "as_published": "0163296012",
        "e164": None,
        "fault": "one digit short",
    }
    assert found["document"] == {"title": "A guide", "as_of": "2021-02", "note": None}


def test_contact_points_come_in_pages_bound_to_their_filters(client: Service) -> None:
    teams = [ContactFacts(code, "York", "area_team", code, GUIDE) for code in ("one", "two")]
    publish(client, *teams)

    first = client.get("/v1/directory/contact-points?city=York&size=1")
    there = f"size=1&cursor={first['page']['next']}"
    rest = client.get(f"/v1/directory/contact-points?city=York&{there}")
    other = client.call("GET", f"/v1/directory/contact-points?city=Leeds&{there}")

    assert [one["code"] for one in first["items"] + rest["items"]] == ["one", "two"]
    assert other.status_code == 422


def test_a_contact_point_that_is_not_there_is_not_found(client: Service) -> None:
    unknown = "/v1/directory/contact-points/01890000-0000-7000-8000-000000000000"

    assert client.call("GET", unknown).status_code == 404
