"""The token endpoint: what a client must send, what it gets, and how a refusal teaches."""

import json
import math
from typing import Any

import pytest
from joserfc.util import urlsafe_b64encode

from tests.oauth.authority import BASE_URL, Authority
from tests.oauth.machine import (
    TOKEN,
    Machine,
    claims_of,
    header_of,
    new_key,
    refusal,
    register,
    sign,
)


def test_a_client_gets_a_token_and_is_heard(machine: Machine) -> None:
    answer = machine.call(machine.token())
    assert answer.status_code == 200, answer.text
    assert answer.get_json() == {
        "client_id": machine.client_id,
        "agency": "oak",
        "scopes": ["client.write", "echo.read"],
        "purposes": ["early_help_support"],
        "kinds": ["content"],
        "may_override": False,
        "practitioner": None,
    }


def test_the_token_lives_300_seconds_and_is_bound_to_the_key(machine: Machine) -> None:
    answer = machine.ask(scope="echo.read")
    body = answer.get_json()
    claims = claims_of(body["access_token"])
    at = int(machine.authority.clock.at.timestamp())
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("DPoP", 300, "echo.read")
    assert "refresh_token" not in body
    assert claims["cnf"] == {"jkt": machine.key.thumbprint()}
    assert (claims["iat"], claims["exp"]) == (at, at + 300)
    assert (claims["iss"], claims["aud"]) == (BASE_URL, f"{BASE_URL}/v1")
    assert claims["sub"] == claims["client_id"] == machine.client_id
    assert claims["agency"] == "oak"
    assert claims["jti"] != claims["gid"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_token_names_its_type_and_its_published_key(machine: Machine) -> None:
    header = header_of(machine.token())
    keys = machine.authority.http.get("/oauth/jwks").get_json()["keys"]
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    assert header["kid"] in {key["kid"] for key in keys}
    assert len(keys) == 2
    for key in keys:
        assert (key["use"], key["alg"], key["kty"]) == ("sig", "ES256", "EC")
        assert "d" not in key


@pytest.mark.parametrize("alg", ["ES256", "PS256", "EdDSA", "Ed25519"])
def test_each_algorithm_of_the_profile_gets_in(authority: Authority, alg: str) -> None:
    machine = register(authority, alg)
    assert machine.call(machine.token()).status_code == 200


@pytest.mark.parametrize("alg", ["RS256", "RS512", "ES384", "HS256", "none", None, 7, {}])
def test_no_other_algorithm_does(authority: Authority, alg: object) -> None:
    machine = register(authority, "PS256")
    real = machine.assertion()
    head = header_of(real) | {"alg": alg}
    forged = f"{_segment(head)}.{real.split('.', 1)[1]}"
    status, error, said = refusal(machine.ask(client_assertion=forged))
    assert (status, error) == (401, "invalid_client")
    assert "alg must be ES256, PS256 or EdDSA" in said


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"aud": f"{BASE_URL}/oauth/token"}, "got the token endpoint"),
        ({"aud": [BASE_URL]}, "as one string, got a list"),
        ({"aud": [BASE_URL, "https://elsewhere.test"]}, "as one string, got a list"),
        ({"aud": "https://elsewhere.test"}, f"aud must be the issuer {BASE_URL}"),
        ({"aud": None}, "got nothing"),
        ({"iss": "someone-else"}, "iss and sub must both be the client id"),
        ({"iss": None}, "iss and sub must both be the client id"),
        ({"sub": ["x"], "iss": ["x"]}, "sub must be the client id"),
        ({"sub": "a\0b", "iss": "a\0b"}, "sub must be the client id"),
        ({"sub": "\ud800", "iss": "\ud800"}, "sub must be the client id"),
        ({"jti": ""}, "jti must be text of 1 to 256 characters"),
        ({"jti": None}, "jti must be text"),
        ({"jti": "x" * 257}, "jti must be text"),
        ({"jti": 5}, "jti must be text"),
        ({"iat": None}, "iat must be a number"),
        ({"iat": "now"}, "iat must be a number"),
        ({"iat": True}, "iat must be a number"),
        ({"exp": None}, "exp must be a number"),
        ({"exp": 1e300}, "exp must lie between"),
        ({"exp": -math.inf}, "exp must lie between"),
        ({"exp": math.nan}, "exp must lie between"),
        ({"exp": 10**400}, "exp must lie between"),
    ],
)
def test_an_assertion_is_refused_for_a_claim(
    machine: Machine, claims: dict[str, Any], said: str
) -> None:
    answer = machine.ask(client_assertion=machine.assertion(**claims))
    assert refusal(answer)[:2] == (401, "invalid_client")
    assert said in refusal(answer)[2]
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize(
    ("name", "seconds", "taken"),
    [
        ("exp", 1, True),
        ("exp", 0, False),
        ("exp", -1, False),
        ("exp", 3600, True),
        ("exp", 3610, True),
        ("exp", 3611, False),
        ("exp", 10 * 365 * 86400, False),
        ("iat", 10, True),
        ("iat", 11, False),
        ("iat", -86400, True),
        ("nbf", 10, True),
        ("nbf", 11, False),
    ],
)
def test_the_times_of_an_assertion(
    machine: Machine, name: str, seconds: int, taken: object
) -> None:
    at = int(machine.authority.clock.at.timestamp())
    answer = machine.ask(client_assertion=machine.assertion(**{name: at + seconds}))
    assert answer.status_code == (200 if taken else 401)


def test_the_assertion_must_be_signed_by_a_registered_key(machine: Machine) -> None:
    stranger = Machine(machine.authority, machine.client_id)
    status, error, said = refusal(machine.ask(client_assertion=stranger.assertion()))
    assert (status, error) == (401, "invalid_client")
    assert f"registered: {machine.key.kid}" in said
    borrowed = {"kid": machine.key.kid}
    assert machine.ask(client_assertion=stranger.assertion(borrowed)).status_code == 401


def test_an_assertion_without_kid_will_do_while_there_is_one_key(machine: Machine) -> None:
    assert machine.ask(client_assertion=machine.assertion({"kid": None})).status_code == 200


def test_critical_header_fields_are_refused_and_unknown_ones_ignored(machine: Machine) -> None:
    assert machine.ask(client_assertion=machine.assertion({"x-note": "hello"})).status_code == 200
    for crit in (["exp"], [], 5, "b64"):
        answer = machine.ask(client_assertion=machine.assertion({"crit": crit}))
        assert refusal(answer)[0] == 401


@pytest.mark.parametrize(
    "document",
    [
        "",
        "x",
        "a.b",
        "a.b.c",
        "....",
        "é.é.é",
        "eyJhbGciOiJFUzI1NiJ9..",
        "W10.e30.",
        "WyJhbGciXQ.e30.",
        "ImFsZyI.e30.",
        "NQ.e30.",
        "x" * 70_000,
    ],
)
def test_what_is_no_jwt_is_refused_and_never_a_fault(machine: Machine, document: str) -> None:
    assert 400 <= machine.ask(client_assertion=document).status_code < 500


def test_deep_nesting_is_refused_and_never_a_fault(machine: Machine) -> None:
    deep = "[" * 20_000
    for document in (
        sign({"alg": "ES256"}, deep, machine.key),
        f"{_segment(deep)}.e30.AA",
        sign({"alg": "ES256"}, "[]", machine.key),
        sign({"alg": "ES256"}, b"\xff", machine.key),
    ):
        assert refusal(machine.ask(client_assertion=document))[:2] == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "error", "said"),
    [
        ({"grant_type": None}, "invalid_request", "send grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type", "got password"),
        ({"grant_type": 'a"\n\\'}, "unsupported_grant_type", "got a'?/"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type", "client_credentials or"),
        ({"client_assertion_type": None}, "invalid_client", "client_assertion_type="),
        ({"client_assertion": ""}, "invalid_client", "client_assertion, got none"),
        ({"client_secret": "x"}, "invalid_client", "no client_secret"),
        ({"client_id": "other"}, "invalid_client", "client_id must be that of the assertion"),
        ({"scope": "echo.read no.such"}, "invalid_scope", "no.such"),
        ({"scope": "echo.read log.read"}, "invalid_scope", "it holds client.write echo.read"),
        ({"resource": "https://elsewhere.test"}, "invalid_target", f"{BASE_URL}/v1"),
    ],
)
def test_a_form_is_refused(machine: Machine, form: dict[str, Any], error: str, said: str) -> None:
    answer = machine.ask(**form)
    assert refusal(answer)[1] == error
    assert said in refusal(answer)[2]
    assert 400 <= answer.status_code < 500
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("form", [{"resource": f"{BASE_URL}/v1"}, {"scope": ""}])
def test_a_form_may_say_what_goes_without_saying(machine: Machine, form: dict[str, str]) -> None:
    assert machine.ask(**form, client_id=machine.client_id).status_code == 200


def test_parameters_in_the_query_or_given_twice_are_refused(machine: Machine) -> None:
    http, headers = machine.authority.http, {"DPoP": machine.proof()}
    for path, form, said in (
        (f"{TOKEN}?scope=echo.read", machine.form(), "none in the query"),
        (TOKEN, machine.form(scope=["echo.read", "echo.read"]), "scope came more than once"),
    ):
        answer = http.post(path, data=form, headers=headers)
        assert refusal(answer)[:2] == (400, "invalid_request")
        assert said in refusal(answer)[2]
    answer = http.post(TOKEN, json=machine.form(), headers=headers)
    assert refusal(answer)[:2] == (400, "invalid_request")
    assert http.get(TOKEN).status_code == 405


def test_basic_authentication_is_refused_without_a_basic_challenge(machine: Machine) -> None:
    answer = machine.authority.http.post(TOKEN, data=machine.form(), auth=("oak", "secret"))
    assert refusal(answer)[:2] == (401, "invalid_client")
    assert "Basic" not in str(answer.headers)


def test_an_unregistered_grant_and_an_unknown_client_are_refused(authority: Authority) -> None:
    machine = register(authority, grants=frozenset({"client_credentials"}))
    answer = machine.ask(grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer", assertion="x")
    assert refusal(answer)[:2] == (400, "unauthorized_client")
    nobody = Machine(authority, "nobody")
    assert refusal(nobody.ask())[1:] == ("invalid_client", "there is no client nobody here")


def test_the_host_header_decides_nothing(machine: Machine) -> None:
    answer = machine.authority.http.post(
        TOKEN,
        data=machine.form(),
        headers={"DPoP": machine.proof(), "Host": "plain-http.internal"},
        base_url="http://plain-http.internal:8000",
    )
    assert answer.status_code == 200
    assert claims_of(answer.get_json()["access_token"])["iss"] == BASE_URL


def test_an_assertion_counts_once_at_whatever_endpoint(machine: Machine) -> None:
    token, assertion = machine.token(), machine.assertion()
    assert machine.about("introspect", token, client_assertion=assertion).status_code == 200
    answer = machine.ask(client_assertion=assertion)
    assert refusal(answer)[:2] == (401, "invalid_client")
    assert "jti was used before" in refusal(answer)[2]


def test_two_clients_may_use_the_same_jti(authority: Authority) -> None:
    for machine in (register(authority), register(authority)):
        assert machine.ask(client_assertion=machine.assertion(jti="1")).status_code == 200


def test_a_key_of_another_kind_under_the_same_kid_is_refused(machine: Machine) -> None:
    other = new_key("PS256")
    forged = Machine(machine.authority, machine.client_id, alg="PS256", key=other)
    assertion = forged.assertion({"kid": machine.key.kid})
    assert refusal(machine.ask(client_assertion=assertion))[:2] == (401, "invalid_client")


def _segment(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return urlsafe_b64encode(text.encode()).decode()
