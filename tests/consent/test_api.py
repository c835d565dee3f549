from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.errors import register_errors
from app.kernel import auth, clock, db, named
from app.kernel.db import Database
from app.kernel.problem import Api, register_problems
from app.kernel.vault import Vault
from app.kernel.wire import guard_wire
from consent.actions.errors import ERRORS, PROBLEMS
from consent.actions.partners import EXTENSION
from consent.api import consents, protection, subjects, vocabulary
from tests.consent.builders import MONDAY, PARTNERS

SCOPES = frozenset(
    f"{noun}.{verb}" for noun in ("subject", "consent", "settings") for verb in ("read", "write")
)
NOBODY = "01890000-0000-7000-8000-000000000000"
CHILD = {"identifiers": [{"scheme": "nhs_number", "value": "999 000 0018"}]}
TOKEN = str(MONDAY.year)
SAID: dict[str, Any] = {
    "kind": "family_agreement",
    "capacity": "parental_responsibility",
    "answer": "given",
    "method": "verbal",
    "recipients": ["agreement:EH-ISA"],
    "purposes": ["early_help_support"],
    "categories": ["*"],
    "notice": {"version": "2026-1", "language": "pl"},
    "recorder": {"id": "staff-0412", "role": "family_support_worker"},
}


@pytest.fixture
def client(session: Session, vault: Vault) -> FlaskClient:
    app = Flask("consent", static_folder=None)
    app.config |= {
        "API_TITLE": "t",
        "API_VERSION": "1",
        "OPENAPI_VERSION": "3.1.0",
        "SECRET_KEY": "only of this test",
    }
    app.extensions[auth.EXTENSION] = lambda: auth.Caller(
        "hub-case",
        "eh-hub",
        SCOPES,
        frozenset(),
        frozenset(),
        may_override=False,
        token_id=TOKEN,
    )
    app.extensions |= {clock.EXTENSION: lambda: MONDAY, EXTENSION: PARTNERS}
    app.extensions[db.EXTENSION] = Database(session.connection(), vault)
    app.before_request(auth.guard)
    guard_wire(app)
    api = Api(app)
    register_problems(app, PROBLEMS, named.PROBLEMS)
    register_errors(app, ERRORS, named.ERRORS)
    for room in (subjects, consents, protection, vocabulary):
        api.register_blueprint(room.blueprint)
    return app.test_client()


def made(answer: TestResponse) -> Any:
    assert answer.status_code == 201, answer.json
    assert answer.json is not None
    return answer.json


def family(client: FlaskClient) -> tuple[str, str]:
    child = made(client.post("/v1/subjects", json=CHILD | {"born": "2012-07-07"}))["id"]
    adult = {"identifiers": [], "adult": True, "name": {"given": "A", "family": "B"}}
    mother = made(client.post("/v1/subjects", json=adult))["id"]
    related = {"person": mother, "kind": "mother", "parental_responsibility": True}
    made(client.post(f"/v1/subjects/{child}/relationships", json=related))
    return child, mother


def said(client: FlaskClient, **differently: Any) -> TestResponse:
    child, mother = family(client)
    body = SAID | {"subjects": [child], "given_by": mother} | differently
    return client.post(
        "/v1/consents", json={name: value for name, value in body.items() if value is not None}
    )


def refused(answer: TestResponse) -> tuple[int, str, str | None]:
    assert answer.json is not None
    errors = answer.json.get("errors") or [{"pointer": None}]
    return answer.status_code, answer.json["code"], errors[0]["pointer"]


def test_a_consent_is_given_confirmed_and_withdrawn(client: FlaskClient) -> None:
    """Rules 7 and 9: each is one call, without a reason."""
    answer = said(client)
    consent = made(answer)

    assert answer.headers["Location"] == f"/v1/consents/{consent['id']}"
    assert consent["recipients"] == ["eh-hub", "oak-school"]
    assert consent["recorded_at"] == "2026-03-02T09:30:00+00:00"
    assert consent == client.get(answer.headers["Location"]).json
    confirmed = made(client.post(f"/v1/consents/{consent['id']}/confirmation", json={}))
    withdrawn = made(client.post(f"/v1/consents/{consent['id']}/withdrawal", json={}))
    assert confirmed == consent | {"confirmed_at": consent["recorded_at"]}
    assert withdrawn == confirmed | {"withdrawn_at": consent["recorded_at"]}
    again = client.post(f"/v1/consents/{consent['id']}/withdrawal", json={})
    assert refused(again) == (409, "already_withdrawn", None)


@pytest.mark.parametrize(
    "part",
    [
        "kind",
        "subjects",
        "given_by",
        "capacity",
        "answer",
        "method",
        "recipients",
        "purposes",
        "categories",
        "notice",
        "recorder",
    ],
)
def test_a_consent_without_any_one_part_is_not_recorded(client: FlaskClient, part: str) -> None:
    """Rule 5: drop any one, and it is refused."""
    assert refused(said(client, **{part: None})) == (422, "request_invalid", f"#/{part}")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"recipients": ["*"]}, (422, "recipients_not_named", "#/recipients")),
        ({"purposes": ["gossip"]}, (422, "unknown_purpose", "#/purposes")),
        ({"categories": ["gossip"]}, (422, "unknown_category", "#/categories")),
        ({"recipients": ["agreement:*"]}, (422, "request_invalid", "#/recipients/0")),
        ({"sources": ["agreement:EH-ISA"]}, (422, "request_invalid", "#/sources/0")),
        ({"given_by": NOBODY}, (404, "not_available", None)),
        ({"replaces": NOBODY}, (404, "not_available", None)),
    ],
)
def test_what_cannot_be_recorded_is_refused_by_name(
    client: FlaskClient, wrong: dict[str, Any], refusal: tuple[int, str, str | None]
) -> None:
    assert refused(said(client, **wrong)) == refusal


def test_everything_about_a_family_can_be_recorded(client: FlaskClient) -> None:
    child, mother = family(client)
    at = f"/v1/subjects/{child}"

    related = {"person": mother, "kind": "aunt", "parental_responsibility": False}
    relationship = made(client.post(f"{at}/relationships", json=related))["id"]
    made(
        client.post(
            f"{at}/relationships/{relationship}/no-say", json={"evidence": "court order 17"}
        )
    )
    competent = {"purpose": "early_help_support", "competent": True, "assessor": {"role": "nurse"}}
    made(client.post(f"{at}/competence-assessments", json=competent))
    local = {"identifiers": [{"scheme": "agency:oak-school", "value": "17"}]}
    made(client.post(f"{at}/identifiers", json=local))
    conflict = {"subject": child, "practitioner": "p-aunt", "reason": "family"}
    made(client.post("/v1/conflicts-of-interest", json=conflict))
    household = {"members": [{"subject": child}, {"subject": mother}]}

    assert client.put(f"{at}/household", json=household).json == household
    assert client.post("/v1/subjects/lookup", json=local).json == {"id": child}


def test_a_shield_is_set_and_ended(client: FlaskClient) -> None:
    child, _ = family(client)
    shield = {
        "subjects": [child],
        "mode": "hidden",
        "unaffected": ["csc"],
        "reason": "why",
        "set_by": "staff-1",
    }

    stands = made(client.post("/v1/shields", json=shield))

    assert stands["categories"] == []
    assert "reason" not in stands
    assert client.post("/v1/subjects/lookup", json=CHILD).status_code == 404
    ended = client.post(f"/v1/shields/{stands['id']}/end", json={"ends": "2026-03-02T10:00:00Z"})
    assert ended.json == stands | {"ends": "2026-03-02T10:00:00+00:00"}


def test_a_lookup_that_finds_nobody_and_a_path_of_nobody_sound_alike(client: FlaskClient) -> None:
    answers = [
        client.post("/v1/subjects/lookup", json=CHILD),
        client.post(f"/v1/shields/{NOBODY}/end", json={}),
        client.get(f"/v1/consents/{NOBODY}"),
        client.post(f"/v1/consents/{NOBODY}/withdrawal", json={}),
    ]
    bodies = [answer.json or {} for answer in answers]

    assert {answer.status_code for answer in answers} == {404}
    assert len({str(body | {"instance": ""}) for body in bodies}) == 1


def test_an_identifier_of_the_wrong_form_is_pointed_at(client: FlaskClient) -> None:
    wrong = {"identifiers": [{"scheme": "nhs_number", "value": "9990000019"}]}

    answer = client.post("/v1/subjects", json=wrong)

    assert refused(answer) == (422, "identifier_malformed", "#/identifiers/0/value")
    assert "9990000019" not in answer.text


def test_words_and_settings_are_listed_and_signed(client: FlaskClient) -> None:
    made(client.post("/v1/purposes", json={"code": "a", "title": "A"}))
    made(client.post("/v1/categories", json={"code": "a", "title": "A", "sensitive": True}))
    first = client.get("/v1/purposes?size=1").json or {}
    cursor = {"size": 1, "cursor": first["page"]["next"]}
    second = client.get("/v1/purposes", query_string=cursor).json or {}
    values = {"own_decision_age": 14}
    body = {"values": values, "signed_by": "head of service", "authority": "minute 17"}

    signed = client.put("/v1/settings", json=body)

    assert [first["items"][0]["code"], second["items"][0]["code"]] == ["a", "early_help_support"]
    assert (client.get("/v1/categories").json or {})["items"][0]["sensitive"] is True
    assert signed.json == client.get("/v1/settings").json
    assert (signed.json or {})["in_force"]["own_decision_age"] == 14
    assert refused(client.put("/v1/settings", json=body | {"values": {}}))[2] == "#/values"


def test_every_operation_says_who_may_call_it_and_has_an_id(client: FlaskClient) -> None:
    described = client.application.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    operations = [
        one for path in described["paths"].values() for one in path.values() if "responses" in one
    ]

    assert len({one["operationId"] for one in operations}) == len(operations) == 22
    assert list(auth.routes(client.application))
