"""Proofs of possession: at the token endpoint and at the API."""

from typing import Any

import pytest

from app.oauth.dpop import normal_address
from tests.oauth.authority import BASE_URL, Another, Authority
from tests.oauth.machine import Machine, challenge, new_key, refusal, register

ECHO = f"{BASE_URL}/v1/echo"


def test_no_proof_or_two_are_refused(machine: Machine) -> None:
    assert refusal(machine.ask(proof=None))[:2] == (400, "invalid_dpop_proof")
    two = [("DPoP", machine.proof()), ("DPoP", machine.proof())]
    answer = machine.authority.http.post("/oauth/token", data=machine.form(), headers=two)
    assert refusal(answer)[:2] == (400, "invalid_dpop_proof")
    assert "exactly one DPoP header" in refusal(answer)[2]


@pytest.mark.parametrize(
    ("header", "claims", "said"),
    [
        ({"typ": "JWT"}, {}, "typ of the DPoP proof must be dpop+jwt"),
        ({"typ": None}, {}, "got nothing"),
        ({"jwk": None}, {}, "a key must be a JSON object"),
        ({"jwk": {"kty": "oct", "k": "AAAA"}}, {}, "private members"),
        ({"jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}}, {}, "cannot be read"),
        ({"jwk": {"kty": "EC", "crv": "P-256", "x": "é", "y": 5}}, {}, "cannot be read"),
        ({"jwk": {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}}, {}, "a key must be EC"),
        ({"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}, {}, "2048 bits or more"),
        ({"jwk": {"kty": "RSA", "n": "A" * 900, "e": "AQAB"}}, {}, "4096 bits at most"),
        ({"crit": ["exp"]}, {}, "no critical header fields"),
        ({}, {"htm": "GET"}, "htm must be POST, got GET"),
        ({}, {"htm": None}, "htm must be POST"),
        ({}, {"htu": f"{BASE_URL}/oauth/par"}, f"htu must be {BASE_URL}/oauth/token"),
        ({}, {"htu": "http://rightshare.test/oauth/token"}, "htu must be"),
        ({}, {"htu": "https://rightshare.test:x/oauth/token"}, "htu must be"),
        ({}, {"htu": "https://[::1/oauth/token"}, "htu must be"),
        ({}, {"htu": None}, "htu must be"),
        ({}, {"iat": None}, "iat must be a number"),
        ({}, {"iat": 1e300}, "iat must lie"),
        ({}, {"jti": ""}, "jti must be"),
        ({}, {"jti": None}, "jti must be"),
    ],
)
def test_a_proof_is_refused(
    machine: Machine, header: dict[str, Any], claims: dict[str, Any], said: str
) -> None:
    answer = machine.ask(proof=machine.proof(header=header, **claims))
    assert refusal(answer)[:2] == (400, "invalid_dpop_proof")
    assert said in refusal(answer)[2]


@pytest.mark.parametrize(("seconds", "taken"), [(60, True), (61, False), (-60, True), (-61, False)])
def test_a_proof_is_of_this_minute(machine: Machine, seconds: int, taken: object) -> None:
    iat = int(machine.authority.clock.at.timestamp()) + seconds
    assert (machine.ask(proof=machine.proof(iat=iat)).status_code == 200) is taken


@pytest.mark.parametrize(
    "htu",
    [
        "HTTPS://RightShare.Test/oauth/token",
        "https://rightshare.test:443/oauth/token",
        f"{BASE_URL}/oauth/token?grant=x#part",
        f"{BASE_URL}/oauth/%74oken",
    ],
)
def test_addresses_are_compared_in_normal_form(machine: Machine, htu: str) -> None:
    assert machine.ask(proof=machine.proof(htu=htu)).status_code == 200


def test_an_address_without_a_path_is_its_root() -> None:
    assert normal_address("http://a.test") == normal_address("HTTP://A.test:80/")


def test_unknown_header_fields_of_a_proof_are_ignored(machine: Machine) -> None:
    assert machine.ask(proof=machine.proof(header={"x-trace": "1"})).status_code == 200


def test_a_private_key_in_a_proof_is_refused(machine: Machine) -> None:
    header = {"jwk": machine.key.as_dict(private=True)}
    assert "private" in refusal(machine.ask(proof=machine.proof(header=header)))[2]


def test_a_proof_must_be_signed_by_its_own_key(machine: Machine) -> None:
    header = {"jwk": new_key().as_dict(private=False)}
    assert refusal(machine.ask(proof=machine.proof(header=header)))[1] == "invalid_dpop_proof"


def test_the_key_of_the_proof_may_be_another_than_the_clients(authority: Authority) -> None:
    machine = register(authority)
    machine.dpop_key = new_key()
    token = machine.token()
    assert machine.call(token).status_code == 200
    machine.dpop_key = None
    assert challenge(machine.call(token)) == "invalid_token"


def test_a_proof_counts_once_per_key(authority: Authority) -> None:
    machine, other = register(authority), register(authority)
    proof = machine.proof(jti="1")
    assert machine.ask(proof=proof).status_code == 200
    answer = machine.ask(proof=proof)
    assert refusal(answer)[:2] == (400, "invalid_dpop_proof")
    assert other.ask(proof=other.proof(jti="1")).status_code == 200


def test_a_large_rsa_key_fits_the_header(authority: Authority) -> None:
    machine = register(authority, "PS256")
    assert len(machine.proof().split(".", 1)[0]) > 512
    assert machine.call(machine.token()).status_code == 200


def test_at_the_api_the_proof_names_the_token(machine: Machine) -> None:
    token, other = machine.token(), machine.token()
    for wrong in (machine.proof("GET", "/v1/echo"), machine.proof("GET", "/v1/echo", other)):
        answer = machine.call(token, proof=wrong)
        assert challenge(answer) == "invalid_dpop_proof"
        assert "ath must be" in answer.get_json()["detail"]


def test_at_the_api_the_proof_names_method_and_address(machine: Machine) -> None:
    token = machine.token()
    for method, path in (("POST", "/v1/echo"), ("GET", "/v1/clients")):
        wrong = machine.proof(method, path, token)
        assert challenge(machine.call(token, proof=wrong)) == "invalid_dpop_proof"


def test_at_the_api_a_proof_counts_once(machine: Machine) -> None:
    token = machine.token()
    proof = machine.proof("GET", "/v1/echo", token)
    assert machine.call(token, proof=proof).status_code == 200
    assert challenge(machine.call(token, proof=proof)) == "invalid_dpop_proof"


def test_a_proof_is_forgotten_no_sooner_than_it_is_refused_for_its_age(machine: Machine) -> None:
    token, clock = machine.token(), machine.authority.clock
    ahead = int(clock.at.timestamp()) + 60
    proof = machine.proof("GET", "/v1/echo", token, iat=ahead)
    assert machine.call(token, proof=proof).status_code == 200
    clock.passes(119)
    answer = machine.call(token, proof=proof)
    assert "jti was used before" in answer.get_json()["detail"]


def test_with_nonces_on_a_proof_without_one_learns_it(machine: Machine, another: Another) -> None:
    careful = another(nonces=True)
    twin = machine.elsewhere(careful)
    answer = twin.ask()
    assert refusal(answer)[:2] == (400, "use_dpop_nonce")
    nonce = answer.headers["DPoP-Nonce"]
    answer = twin.ask(proof=twin.proof(nonce=nonce))
    assert answer.status_code == 200
    token = answer.get_json()["access_token"]
    answer = twin.call(token)
    assert challenge(answer) == "use_dpop_nonce"
    assert answer.headers["DPoP-Nonce"] == nonce
    proof = twin.proof("GET", "/v1/echo", token, nonce=nonce)
    assert twin.call(token, proof=proof).status_code == 200
    careful.clock.passes(301)
    assert refusal(twin.ask(proof=twin.proof(nonce=nonce)))[1] == "use_dpop_nonce"
    assert refusal(twin.ask(proof=twin.proof(nonce=7)))[1] == "use_dpop_nonce"


def test_with_nonces_off_none_is_sent(machine: Machine) -> None:
    assert "DPoP-Nonce" not in machine.ask().headers
