"""The guard of the API, introspection and revocation: what ends, ends with the next call."""

import logging

import pytest

from app.oauth.clients import end_client, narrow_client
from app.oauth.once import agency_mark, cut_off, restore
from tests.oauth.authority import BASE_URL, Another, Authority
from tests.oauth.machine import Machine, challenge, claims_of, refusal, register, sign


def test_a_stranger_is_told_what_is_missing(machine: Machine) -> None:
    answer = machine.authority.http.get("/v1/echo")
    assert answer.status_code == 401
    assert challenge(answer) == "invalid_token"
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "not_authenticated"


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "dpopp", ""])
def test_no_scheme_but_dpop_is_taken(machine: Machine, scheme: str) -> None:
    token = machine.token()
    answer = machine.call(token, authorization=f"{scheme} {token}")
    assert challenge(answer) == "invalid_token"
    assert "DPoP" in answer.get_json()["detail"]


def test_the_scheme_may_be_written_in_small_letters(machine: Machine) -> None:
    token = machine.token()
    assert machine.call(token, authorization=f"dpop {token}").status_code == 200


def test_a_token_in_form_or_query_is_no_token(machine: Machine) -> None:
    token = machine.token()
    answer = machine.authority.http.get(f"/v1/echo?access_token={token}")
    assert challenge(answer) == "invalid_token"


def test_a_stranger_learns_nothing_about_a_form(machine: Machine) -> None:
    for body in ({"nothing": "right"}, "[" * 60_000):
        answer = machine.authority.http.post("/v1/clients", json=body)
        assert challenge(answer) == "invalid_token"
        assert "errors" not in answer.get_json()


def test_a_token_dies_after_300_seconds(machine: Machine) -> None:
    token = machine.token()
    machine.authority.clock.passes(299)
    assert machine.call(token).status_code == 200
    machine.authority.clock.passes(1)
    answer = machine.call(token)
    assert challenge(answer) == "invalid_token"
    assert "expired" in answer.get_json()["detail"]


def test_a_token_from_the_future_is_not_taken(machine: Machine) -> None:
    token = machine.token()
    machine.authority.clock.passes(-3600)
    assert challenge(machine.call(token)) == "invalid_token"


def test_a_token_signed_by_anyone_else_is_refused(machine: Machine) -> None:
    token = machine.token()
    kid = machine.authority.http.get("/oauth/jwks").get_json()["keys"][0]["kid"]
    claims = claims_of(token)
    for header in (
        {"alg": "ES256", "typ": "at+jwt", "kid": kid},
        {"alg": "ES256", "typ": "at+jwt", "kid": "other"},
        {"alg": "ES256", "typ": "at+jwt"},
        {"alg": "ES256", "kid": kid},
        {"alg": "ES256", "typ": "JWT", "kid": kid},
        {"alg": "ES256", "typ": "at+jwt", "kid": kid, "jwk": machine.key.as_dict(private=False)},
    ):
        forged = sign(header, claims, machine.key)
        assert challenge(machine.call(forged)) == "invalid_token"


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_is_refused_and_never_a_fault(machine: Machine, token: str) -> None:
    assert machine.call(token).status_code == 401


def test_an_assertion_of_ours_is_no_access_token(machine: Machine) -> None:
    assert challenge(machine.call(machine.assertion())) == "invalid_token"


def test_a_token_for_another_service_is_refused(machine: Machine, another: Another) -> None:
    elsewhere = another(base_url="https://other.test")
    token = machine.token()
    twin = machine.elsewhere(elsewhere)
    proof = twin.proof("GET", "/v1/echo", token, htu="https://other.test/v1/echo")
    answer = twin.call(token, proof=proof)
    assert challenge(answer) == "invalid_token"
    assert "aud must be https://other.test/v1" in answer.get_json()["detail"]


def test_a_scope_that_the_token_does_not_hold_is_named(machine: Machine) -> None:
    answer = machine.call(machine.token(scope="client.write"))
    assert answer.status_code == 403
    assert challenge(answer) == "insufficient_scope"
    assert 'scope="echo.read"' in answer.headers["WWW-Authenticate"]


def test_an_ended_client_is_refused_at_its_next_call(machine: Machine) -> None:
    token = machine.token()
    assert machine.call(token).status_code == 200
    with machine.authority.database.transaction() as session:
        end_client(session, machine.client_id, machine.authority.clock.at)
    assert challenge(machine.call(token)) == "invalid_token"
    assert refusal(machine.ask())[:2] == (401, "invalid_client")


def test_a_narrowed_client_is_narrow_at_its_next_call(machine: Machine) -> None:
    token = machine.token()
    with machine.authority.database.transaction() as session:
        narrow_client(session, machine.client_id, {"client.write", "log.read"}, set())
    assert challenge(machine.call(token)) == "insufficient_scope"
    assert refusal(machine.ask(scope="echo.read"))[1] == "invalid_scope"


def test_an_agency_that_is_cut_off_is_heard_again_when_it_is_restored(machine: Machine) -> None:
    token, mark = machine.token(), agency_mark("oak")
    with machine.authority.database.autocommit() as connection:
        cut_off(connection, mark, None)
        cut_off(connection, mark, machine.authority.clock.at)
    assert challenge(machine.call(token)) == "invalid_token"
    assert refusal(machine.ask())[:2] == (401, "invalid_client")
    with machine.authority.database.autocommit() as connection:
        restore(connection, mark)
    assert machine.call(token).status_code == 200


def test_a_revoked_token_is_refused_at_once_and_by_every_worker(
    machine: Machine, another: Another
) -> None:
    token, other = machine.token(), machine.token()
    worker = another()
    twin = machine.elsewhere(worker)
    assert twin.call(token).status_code == 200
    answer = machine.about("revoke", token)
    assert (answer.status_code, answer.get_json()) == (200, {})
    assert challenge(twin.call(token)) == "invalid_token"
    assert challenge(machine.call(token)) == "invalid_token"
    assert machine.call(other).status_code == 200
    assert machine.about("introspect", token).get_json() == {"active": False}
    assert machine.about("revoke", token).status_code == 200


def test_introspection_shows_a_client_its_own_token(machine: Machine) -> None:
    token = machine.token(scope="echo.read")
    form = {"token_type_hint": "any"}
    answer = machine.about("introspect", token, **form)
    body = answer.get_json()
    assert body.pop("active") is True
    assert body.pop("token_type") == "DPoP"
    assert body == claims_of(token)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_tokens_of_others_are_neither_shown_nor_touched(authority: Authority) -> None:
    machine, other = register(authority), register(authority)
    token = machine.token()
    assert other.about("introspect", token).get_json() == {"active": False}
    assert other.about("revoke", token).status_code == 200
    assert machine.call(token).status_code == 200


@pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.e30", "é", "\0"])
def test_asking_about_what_is_no_token_is_no_fault(machine: Machine, token: str) -> None:
    assert machine.about("introspect", token).get_json() == {"active": False}
    assert machine.about("revoke", token).status_code == 200


def test_asking_about_an_expired_token_or_none(machine: Machine) -> None:
    token = machine.token()
    machine.authority.clock.passes(400)
    assert machine.about("introspect", token).get_json() == {"active": False}
    for endpoint in ("introspect", "revoke"):
        assert refusal(machine.about(endpoint, ""))[:2] == (400, "invalid_request")
        answer = machine.authority.http.post(f"/oauth/{endpoint}", data={"token": token})
        assert refusal(answer)[:2] == (401, "invalid_client")


def test_no_token_reaches_the_log(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = machine.token()
    machine.call(token)
    machine.about("revoke", token)
    assert token not in caplog.text
    assert logging.getLogger("authlib").level == logging.INFO


def test_metadata_lists_what_works_and_nothing_else(machine: Machine) -> None:
    http = machine.authority.http
    for path in ("", "/v1"):
        found = http.get(f"/.well-known/oauth-authorization-server{path}").get_json()
        assert found["issuer"] == BASE_URL
        assert found["grant_types_supported"] == [
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
        ]
        assert found["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
        assert found["dpop_signing_alg_values_supported"] == ["ES256", "PS256", "EdDSA", "Ed25519"]
        assert found["scopes_supported"] == ["client.write", "echo.read"]
        assert found["response_types_supported"] == []
        assert "authorization_endpoint" not in found
        for name in ("token", "introspection", "revocation"):
            address = found[f"{name}_endpoint"].removeprefix(BASE_URL)
            assert http.post(address).status_code == 400
        assert http.get(found["jwks_uri"].removeprefix(BASE_URL)).status_code == 200
        resource = http.get(f"/.well-known/oauth-protected-resource{path}").get_json()
        assert resource["resource"] == f"{BASE_URL}/v1"
        assert resource["authorization_servers"] == [BASE_URL]
        assert resource["dpop_bound_access_tokens_required"] is True
