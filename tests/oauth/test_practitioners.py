"""Tokens on behalf of a practitioner, on the word of the agency and of no one else."""

import secrets
from typing import Any

import pytest

from app.oauth.clients import replace_agency_keys
from tests.oauth.authority import BASE_URL, Authority
from tests.oauth.machine import (
    JWT_BEARER,
    Machine,
    claims_of,
    new_key,
    refusal,
    register,
    sign,
    without_nones,
)


class Agency:
    """An agency that vouches for its practitioners."""

    def __init__(self, authority: Authority, code: str = "oak") -> None:
        self.authority, self.code, self.key = authority, code, new_key()
        with authority.database.transaction() as session:
            jwks = {"keys": [self.key.as_dict(private=False)]}
            replace_agency_keys(session, code, jwks, authority.clock.at)

    def vouches(self, header: dict[str, Any] | None = None, **claims: object) -> str:
        at = int(self.authority.clock.at.timestamp())
        usual = {
            "iss": self.code,
            "sub": "staff-0412",
            "name": "Sam Reed",
            "role": "designated_safeguarding_lead",
            "purpose": "early_help_support",
            "agreement": "EH-ISA",
            "auth_time": at - 600,
            "acr": "urn:nhs:aal2",
            "aud": BASE_URL,
            "iat": at,
            "exp": at + 300,
            "jti": secrets.token_urlsafe(16),
        }
        usual_header = {"alg": "ES256", "typ": "practitioner+jwt", "kid": self.key.kid}
        return sign(
            without_nones(usual_header | (header or {})), without_nones(usual | claims), self.key
        )


@pytest.fixture
def agency(authority: Authority) -> Agency:
    return Agency(authority)


def test_the_token_speaks_for_the_practitioner(machine: Machine, agency: Agency) -> None:
    answer = machine.ask(grant_type=JWT_BEARER, assertion=agency.vouches())
    assert answer.status_code == 200, answer.text
    token = answer.get_json()["access_token"]
    claims = claims_of(token)
    assert claims["sub"] == "staff-0412"
    assert claims["act"] == {"sub": machine.client_id}
    assert (claims["purpose"], claims["agreement"]) == ("early_help_support", "EH-ISA")
    assert claims["acr"] == "urn:nhs:aal2"
    assert "Sam Reed" not in str(claims)
    assert machine.call(token).get_json()["practitioner"] == {
        "id": "staff-0412",
        "role": "designated_safeguarding_lead",
        "purpose": "early_help_support",
        "agreement": "EH-ISA",
    }


def test_the_token_ends_with_the_assertion(machine: Machine, agency: Agency) -> None:
    at = int(machine.authority.clock.at.timestamp())
    answer = machine.ask(grant_type=JWT_BEARER, assertion=agency.vouches(exp=at + 42))
    assert answer.get_json()["expires_in"] == 42


def test_an_agreement_may_be_left_open(machine: Machine, agency: Agency) -> None:
    token = machine.token(grant_type=JWT_BEARER, assertion=agency.vouches(agreement=None))
    assert machine.call(token).get_json()["practitioner"]["agreement"] is None


@pytest.mark.parametrize(
    ("header", "claims", "said"),
    [
        ({"typ": "JWT"}, {}, "typ must be practitioner+jwt"),
        ({"typ": None}, {}, "got nothing"),
        ({"kid": "other"}, {}, "assertion"),
        ({}, {"iss": "elm"}, "iss must be the client's agency oak"),
        ({}, {"iss": None}, "iss must be the client's agency oak"),
        ({}, {"aud": [BASE_URL]}, "got a list"),
        ({}, {"aud": f"{BASE_URL}/oauth/token"}, "got the token endpoint"),
        ({}, {"exp": None}, "exp must be"),
        ({}, {"jti": None}, "jti must be"),
        ({}, {"jti": ""}, "jti must be"),
        ({}, {"sub": None}, "sub must be"),
        ({}, {"sub": "a\0b"}, "sub must be printable"),
        ({}, {"sub": "\ud800"}, "sub must be printable"),
        ({}, {"name": None}, "name must be"),
        ({}, {"role": "Head of all"}, "role must be a code"),
        ({}, {"purpose": None}, "purpose must be"),
        ({}, {"purpose": ["x"]}, "purpose must be"),
        ({}, {"agreement": 5}, "agreement must be"),
        ({}, {"auth_time": None}, "auth_time must be"),
        ({}, {"acr": None}, "acr must be"),
    ],
)
def test_an_assertion_is_refused(
    machine: Machine, agency: Agency, header: dict[str, Any], claims: dict[str, Any], said: str
) -> None:
    answer = machine.ask(grant_type=JWT_BEARER, assertion=agency.vouches(header, **claims))
    assert refusal(answer)[:2] == (400, "invalid_grant")
    assert said in refusal(answer)[2]


@pytest.mark.parametrize(
    ("name", "seconds", "status"),
    [("exp", 310, 200), ("exp", 311, 400), ("exp", 0, 400), ("iat", 11, 400), ("nbf", 11, 400)],
)
def test_the_times_of_an_assertion(
    machine: Machine, agency: Agency, name: str, seconds: int, status: int
) -> None:
    at = int(machine.authority.clock.at.timestamp())
    assertion = agency.vouches(**{name: at + seconds})
    assert machine.ask(grant_type=JWT_BEARER, assertion=assertion).status_code == status


def test_an_assertion_counts_once(machine: Machine, agency: Agency) -> None:
    assertion = agency.vouches()
    assert machine.ask(grant_type=JWT_BEARER, assertion=assertion).status_code == 200
    answer = machine.ask(grant_type=JWT_BEARER, assertion=assertion)
    assert refusal(answer)[:2] == (400, "invalid_grant")
    assert "jti was used before" in refusal(answer)[2]


def test_the_client_itself_cannot_vouch(machine: Machine, agency: Agency) -> None:
    agency.key = machine.key
    answer = machine.ask(grant_type=JWT_BEARER, assertion=agency.vouches())
    assert refusal(answer)[:2] == (400, "invalid_grant")


def test_the_client_must_authenticate_and_prove_its_key(machine: Machine, agency: Agency) -> None:
    form = {"grant_type": JWT_BEARER, "assertion": agency.vouches()}
    assert refusal(machine.ask(**form, client_assertion=""))[1] == "invalid_client"
    assert refusal(machine.ask(**form, proof=None))[1] == "invalid_dpop_proof"
    assert refusal(machine.ask(grant_type=JWT_BEARER))[1] == "invalid_request"
    assert refusal(machine.ask(grant_type=JWT_BEARER, assertion="x"))[1] == "invalid_grant"


def test_an_agency_without_keys_vouches_for_no_one(authority: Authority) -> None:
    machine = register(authority, agency="elm")
    elm = Agency(authority, "oak")
    elm.code = "elm"
    answer = machine.ask(grant_type=JWT_BEARER, assertion=elm.vouches())
    assert "no keys of the agency elm" in refusal(answer)[2]


def test_one_agency_does_not_vouch_for_the_client_of_another(
    authority: Authority, agency: Agency
) -> None:
    elms = register(authority, agency="elm")
    answer = elms.ask(grant_type=JWT_BEARER, assertion=agency.vouches())
    assert "iss must be the client's agency elm, got oak" in refusal(answer)[2]


def test_an_agencys_old_keys_stop_when_they_are_replaced(machine: Machine, agency: Agency) -> None:
    assertion = agency.vouches()
    Agency(machine.authority, "oak")
    answer = machine.ask(grant_type=JWT_BEARER, assertion=assertion)
    assert refusal(answer)[1] == "invalid_grant"
