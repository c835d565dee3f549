"""How fast clients and strangers may go."""

import time

import pytest

from app.oauth.clients import Rates
from app.oauth.limits import Meter
from tests.oauth.authority import Another, Authority
from tests.oauth.machine import Machine, refusal, register

# A second between two is long enough for a busy machine to go through a test meanwhile.
SLOW = Rates(token_rate=1, token_burst=2, api_rate=1, api_burst=2)


@pytest.mark.long
def test_a_client_that_asks_for_tokens_too_fast_must_wait(
    authority: Authority, another: Another
) -> None:
    machine = register(authority, rates=SLOW)
    token = machine.token()
    elsewhere = machine.elsewhere(another())
    assert elsewhere.about("introspect", token).status_code == 200
    answer = machine.ask()
    assert refusal(answer)[:2] == (429, "temporarily_unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"
    assert elsewhere.about("revoke", token).status_code == 429
    assert register(authority).ask().status_code == 200
    time.sleep(1.1)
    assert machine.ask().status_code == 200


def test_a_client_that_calls_too_fast_must_wait(authority: Authority) -> None:
    machine, other = register(authority, rates=SLOW), register(authority)
    token = machine.token()
    assert [machine.call(token).status_code for _ in range(3)] == [200, 200, 429]
    answer = machine.call(token)
    assert answer.get_json()["code"] == "too_many_requests"
    assert answer.headers["Retry-After"] == "1"
    assert other.call(other.token()).status_code == 200


def test_a_clock_that_stands_still_starves_no_one(authority: Authority) -> None:
    machine = register(authority, rates=Rates(api_rate=50, api_burst=1))
    token = machine.token()
    assert machine.call(token).status_code == 200
    time.sleep(0.05)
    assert machine.call(token).status_code == 200


def test_failed_authentication_is_counted_by_address(machine: Machine, another: Another) -> None:
    wary = machine.elsewhere(another(failures_a_minute=3))
    statuses = [wary.ask(client_assertion="x").status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]
    answer = wary.ask(client_assertion="x")
    assert answer.headers["Retry-After"] == "20"
    assert wary.ask().status_code == 200


def test_each_worker_lets_through_its_share() -> None:
    meter = Meter(1 / 2)
    assert [meter.take("a", 1, 4) for _ in range(3)] == [True, True, False]
    assert meter.take("b", 1, 4)
