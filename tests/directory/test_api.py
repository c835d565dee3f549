from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.errors import register_errors
from app.kernel import auth, clock, db
from app.kernel.problem import Api, register_problems
from app.kernel.vault import Vault, new_wrapped_key
from app.kernel.wire import guard_wire
from directory import actions
from directory.api import ERRORS, PROBLEMS, blueprint
from directory.terms import ContactFacts, Phone, SourceDocument
from tests.service import RING

AT = datetime(2026, 4, 10, 10, tzinfo=UTC)
SCOPES = frozenset({"directory.read", "agency.write"})
TOKEN = str(AT.year)
OAK = {"code": "oak-school", "name": "Oak Lane Primary School", "kind": "school"}

VAULT = Vault(RING, {"blind_index": new_wrapped_key(RING)})


@pytest.fixture
def client(session: Session) -> FlaskClient:
    app = Flask("directory", static_folder=None)
    app.config |= {
        "API_TITLE": "t",
        "API_VERSION": "1",
        "OPENAPI_VERSION": "3.1.0",
        "SECRET_KEY": "only of this test",
    }
    app.extensions[auth.EXTENSION] = lambda: auth.Caller(
        "operator",
        "ig-office",
        SCOPES,
        frozenset(),
        frozenset(),
        may_override=False,
        token_id=TOKEN,
    )
    app.extensions[clock.EXTENSION] = lambda: AT
    app.extensions[db.EXTENSION] = db.Database(session.connection(), VAULT)
    app.before_request(auth.guard)
    guard_wire(app)
    api = Api(app)
    register_problems(app, PROBLEMS)
    register_errors(app, ERRORS)
    api.register_blueprint(blueprint)
    return app.test_client()


def test_an_agency_is_entered_and_takes_part_from_now(client: FlaskClient) -> None:
    answer = client.post("/v1/agencies", json=OAK)

    assert answer.status_code == 201
    assert answer.headers["Location"] == "/v1/agencies/oak-school"
    assert answer.json == client.get(answer.headers["Location"]).json
    assert answer.json == OAK | {
        "sensitive_service": False,
        "active": [{"starts": "2026-04-10T10:00:00+00:00", "ends": None}],
        "recorded_at": "2026-04-10T10:00:00+00:00",
    }


def test_a_suspension_and_a_reinstatement_carry_their_own_dates(client: FlaskClient) -> None:
    client.post("/v1/agencies", json=OAK | {"starts": "2025-01-01T00:00:00+01:00"})

    suspended = client.post(
        "/v1/agencies/oak-school/suspension", json={"starts": "2026-03-01T00:00:00Z"}
    )
    reinstated = client.post("/v1/agencies/oak-school/reinstatement", json={})

    assert suspended.status_code == reinstated.status_code == 201
    assert reinstated.json is not None
    assert reinstated.json["active"] == [
        {"starts": "2024-12-31T23:00:00+00:00", "ends": "2026-03-01T00:00:00+00:00"},
        {"starts": "2026-04-10T10:00:00+00:00", "ends": None},
    ]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/agencies", OAK, 409, "agency_exists"),
        ("/v1/agencies", OAK | {"code": "elm", "colour": "red"}, 422, "request_invalid"),
        ("/v1/agencies", OAK | {"code": "elm", "ends": str(AT.date())}, 422, "request_invalid"),
        (
            "/v1/agencies",
            OAK | {"code": "elm", "ends": AT.isoformat()},
            422,
            "request_invalid",
        ),
        ("/v1/agencies/oak-school/reinstatement", {}, 409, "agency_already_so"),
        (
            "/v1/agencies/oak-school/suspension",
            {"starts": "2020-01-01T00:00:00Z", "ends": "2020-02-01T00:00:00Z"},
            409,
            "agency_already_so",
        ),
        ("/v1/agencies/nowhere/suspension", {}, 404, "not_found"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    client: FlaskClient, path: str, body: dict[str, object], status: int, code: str
) -> None:
    client.post("/v1/agencies", json=OAK)

    answer = client.post(path, json=body)

    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_agencies_come_in_pages(client: FlaskClient) -> None:
    for code in ("b", "c", "a"):
        client.post("/v1/agencies", json=OAK | {"code": code})

    first = client.get("/v1/agencies?size=2").json
    assert first is not None
    rest = client.get("/v1/agencies", query_string={"size": 2, "cursor": first["page"]["next"]})

    assert rest.json is not None
    codes = [one["code"] for one in first["items"] + rest.json["items"]]
    assert codes == ["a", "b", "c"]
    assert rest.json["page"] == {"size": 1, "next": None}


def test_a_flagged_number_is_shown_with_its_flag(client: FlaskClient, session: Session) -> None:
    facts = ContactFacts(
        "east",
        "Leeds",
        "early_help_hub",
        "Hub - East",
        SourceDocument("A guide", "2021-02"),
        phone=Phone("0163296012", fault="one digit short"),
    )
    contact = actions.publish_contact_point(session, facts, AT)
    actions.publish_contact_point(
        session, ContactFacts("west", "Leeds", "early_help_hub", "Hub - West", facts.document), AT
    )

    found = client.get("/v1/directory/contact-points?city=leeds&words=EAST").json

    assert found is not None
    assert [one["code"] for one in found["items"]] == ["east"]
    assert found["items"][0] == client.get(f"/v1/directory/contact-points/{contact}").json
    assert found["items"][0]["phone"] == {
        "as_published": "0163296012",
        "e164": None,
        "fault": "one digit short",
    }
    assert found["items"][0]["document"] == {"title": "A guide", "as_of": "2021-02", "note": None}


def test_contact_points_come_in_pages_bound_to_their_filters(
    client: FlaskClient, session: Session
) -> None:
    document = SourceDocument("A guide", "2021-02")
    for code in ("one", "two"):
        facts = ContactFacts(code, "York", "area_team", f"Team {code}", document)
        actions.publish_contact_point(session, facts, AT)

    first = client.get("/v1/directory/contact-points?city=York&size=1").json
    assert first is not None
    cursor = {"size": 1, "cursor": first["page"]["next"]}
    rest = client.get("/v1/directory/contact-points", query_string={"city": "York"} | cursor).json
    other = client.get("/v1/directory/contact-points", query_string={"city": "Leeds"} | cursor)

    assert rest is not None
    assert [one["code"] for one in first["items"] + rest["items"]] == ["one", "two"]
    assert other.status_code == 422


def test_a_contact_point_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    unknown = "/v1/directory/contact-points/01890000-0000-7000-8000-000000000000"

    assert client.get(unknown).status_code == 404
