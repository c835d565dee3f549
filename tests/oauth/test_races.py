"""Once means once, however many ask at the same moment and of however many workers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from tests.oauth.authority import Another, Authority
from tests.oauth.machine import JWT_BEARER, Machine, register
from tests.oauth.test_practitioners import Agency

THREADS = 8


@pytest.fixture
def twins(authority: Authority, another: Another) -> list[Machine]:
    """One client, speaking to two workers."""
    machine = register(authority)
    machine.token()
    return [machine, machine.elsewhere(another())]


def all_at_once(twins: list[Machine], act: Callable[[Machine], TestResponse]) -> list[int]:
    """Return the statuses of eight requests sent together, half to each worker."""
    barrier = Barrier(THREADS)

    def one(number: int) -> int:
        barrier.wait()
        return act(twins[number % len(twins)]).status_code

    with ThreadPoolExecutor(THREADS) as pool:
        return sorted(pool.map(one, range(THREADS)))


@pytest.mark.parametrize("_round", range(3))
def test_one_client_assertion_gets_one_token(twins: list[Machine], _round: int) -> None:
    assertion = twins[0].assertion()
    statuses = all_at_once(twins, lambda machine: machine.ask(client_assertion=assertion))
    assert statuses == [200] + [401] * 7


@pytest.mark.parametrize("_round", range(3))
def test_one_proof_gets_one_token(twins: list[Machine], _round: int) -> None:
    proof = twins[0].proof()
    assert all_at_once(twins, lambda machine: machine.ask(proof=proof)) == [200] + [400] * 7


@pytest.mark.parametrize("_round", range(3))
def test_one_proof_makes_one_call(twins: list[Machine], _round: int) -> None:
    token = twins[0].token()
    proof = twins[0].proof("GET", "/v1/echo", token)
    statuses = all_at_once(twins, lambda machine: machine.call(token, proof=proof))
    assert statuses == [200] + [401] * 7


def test_one_practitioner_assertion_gets_one_token(twins: list[Machine]) -> None:
    assertion = Agency(twins[0].authority).vouches()
    statuses = all_at_once(
        twins, lambda machine: machine.ask(grant_type=JWT_BEARER, assertion=assertion)
    )
    assert statuses == [200] + [400] * 7


def test_different_requests_do_not_get_in_each_others_way(twins: list[Machine]) -> None:
    assert all_at_once(twins, lambda machine: machine.ask()) == [200] * 8
