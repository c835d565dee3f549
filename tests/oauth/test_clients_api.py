"""Clients by the JSON API."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.oauth.authority import Authority
from tests.oauth.machine import Machine, challenge, new_key, refusal, without_nones


def post(machine: Machine, **changes: object) -> TestResponse:
    usual = {
        "client_id": "elm-mis",
        "agency": "elm",
        "jwks": {"keys": [new_key().as_dict(private=False)]},
        "scopes": ["echo.read"],
    }
    body = without_nones(usual | changes)
    return machine.call(machine.token(), "/v1/clients", "POST", json=body)


def test_a_client_is_registered_read_used_and_ended(machine: Machine) -> None:
    key = new_key()
    answer = post(
        machine,
        client_id="elm-new",
        jwks={"keys": [key.as_dict(private=False)]},
        purposes=["early_help_support"],
        kinds=["content", "pointer"],
        may_override=True,
        grants=["client_credentials"],
        rates={"api_rate": 5},
    )
    assert answer.status_code == 201, answer.text
    body = answer.get_json()
    assert body["jwks"]["keys"][0]["kid"] == key.kid
    assert body["kinds"] == ["content", "pointer"]
    assert body["rates"] == {"token_rate": 20, "token_burst": 200, "api_rate": 5, "api_burst": 400}
    assert body["ended_at"] is None
    made = Machine(machine.authority, "elm-new", "elm", key=key)
    token = made.token()
    assert made.call(token).get_json()["may_override"] is True
    path = "/v1/clients/elm-new"
    assert machine.call(machine.token(), path).get_json() == body
    assert machine.call(machine.token(), path, "DELETE").status_code == 204
    assert challenge(made.call(token)) == "invalid_token"
    assert refusal(made.ask())[:2] == (401, "invalid_client")
    assert machine.call(machine.token(), path).get_json()["ended_at"] is not None
    assert machine.call(machine.token(), path, "DELETE").status_code == 404
    assert post(machine, client_id="elm-new").status_code == 409


def small_rsa() -> dict[str, str]:
    return {"kty": "RSA", "n": "w" + "A" * 170 + "8", "e": "AQAB"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agency": "nowhere"}, "no agency of this code"),
        ({"grants": ["authorization_code"]}, "cannot be registered for authorization_code"),
        ({"scopes": ["all"]}, "must be a scope"),
        ({"scopes": []}, "1 items or more"),
        ({"client_id": "a b"}, "must be a code"),
        ({"jwks": {"keys": []}}, "1 items or more"),
        ({"jwks": {"keys": [new_key().as_dict(private=True)]}}, "private members"),
        ({"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}, "private members"),
        ({"jwks": {"keys": [{"kty": "EC", "crv": "P-384"}]}}, "a key must be EC P-256"),
        ({"jwks": {"keys": [small_rsa()]}}, "2048 bits or more"),
        ({"jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}}, "cannot be read"),
        ({"unknown": 1}, "#/unknown"),
        ({"rates": {"api_rate": 0}}, "whole number from 1"),
    ],
)
def test_a_registration_is_refused(machine: Machine, changes: dict[str, Any], said: str) -> None:
    answer = post(machine, **changes)
    assert answer.status_code == 422
    assert said in answer.text


def test_two_keys_need_two_kids(machine: Machine) -> None:
    keys = [new_key().as_dict(private=False) | {"kid": "same"} for _ in range(2)]
    assert "two kids" in post(machine, jwks={"keys": keys}).text
    bad = [new_key().as_dict(private=False) | {"kid": "x" * 257}]
    assert "kid must be" in post(machine, jwks={"keys": bad}).text
    bad = [new_key().as_dict(private=False) | {"use": "enc"}]
    assert "use must be sig" in post(machine, jwks={"keys": bad}).text


def test_there_is_no_client_of_this_id(machine: Machine) -> None:
    for method in ("GET", "DELETE"):
        assert machine.call(machine.token(), "/v1/clients/none", method).status_code == 404


def test_an_agencys_keys_are_replaced(machine: Machine) -> None:
    body = {"keys": [new_key().as_dict(private=False)]}
    path = "/v1/agencies/elm/practitioner-keys"
    answer = machine.call(machine.token(), path, "PUT", json=body)
    assert (answer.status_code, answer.get_json()) == (200, body)
    secret = {"keys": [new_key().as_dict(private=True)]}
    assert machine.call(machine.token(), path, "PUT", json=secret).status_code == 422
    nowhere = "/v1/agencies/nowhere/practitioner-keys"
    assert machine.call(machine.token(), nowhere, "PUT", json=body).status_code == 404


def test_registering_needs_its_scope(authority: Authority, machine: Machine) -> None:
    token = machine.token(scope="echo.read")
    answer = machine.call(token, "/v1/clients", "POST", json={"nothing": 1})
    assert challenge(answer) == "insufficient_scope"
