"""Our own keys: made once, rotated without a token lost, and forgotten in time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from app.kernel.roles import APP
from app.kernel.vault import VaultError
from app.oauth.jobs import forget_past
from app.oauth.keys import read_ring, rotate
from tests.oauth.authority import Another, Authority, Clock
from tests.oauth.machine import Machine, header_of, register


@pytest.fixture
def authority(
    migrated: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Authority]:
    """An authorization server on a database of its own."""
    with fresh_database(migrated) as name:
        found = Authority(postgres_url(name, APP), Clock())
        yield found
        found.close()


def kids(authority: Authority) -> list[str]:
    return [key["kid"] for key in authority.http.get("/oauth/jwks").get_json()["keys"]]


def turn(authority: Authority) -> str:
    with authority.database.transaction() as session:
        return rotate(session, authority.clock.at)


def count(authority: Authority, table: str) -> int:
    with authority.database.autocommit() as connection:
        return connection.scalar(text(f"select count(*) from {table}"))  # noqa: S608  (a test's own)


def test_two_workers_that_start_together_make_two_keys(
    authority: Authority, another: Another
) -> None:
    workers = [authority, *(another() for _ in range(3))]
    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(kids, workers))
    assert len(seen[0]) == 2
    assert all(one == seen[0] for one in seen)


def test_the_next_key_signs_and_the_old_one_outlives_its_tokens(
    machine: Machine, another: Another
) -> None:
    authority = machine.authority
    worker = another()
    present, following = kids(authority)
    twin = machine.elsewhere(worker)
    old = twin.token()
    assert header_of(old)["kid"] == present
    assert turn(authority) == following
    authority.clock.passes(31)
    new = machine.token()
    assert header_of(new)["kid"] == following
    assert len(kids(authority)) == 3
    for token in (old, new):
        assert machine.call(token).status_code == 200
        assert twin.call(token).status_code == 200
    authority.clock.passes(600)
    assert present not in kids(authority)
    assert len(kids(authority)) == 2


def test_a_worker_reads_the_keys_again_for_a_key_it_has_not_seen(
    machine: Machine, another: Another
) -> None:
    authority = machine.authority
    twin = machine.elsewhere(another())
    twin.token()
    turn(authority)
    turn(authority)
    authority.clock.passes(1)
    authority.app.extensions["rightshare.oauth"].keys.read_again(
        authority.database, authority.clock.at
    )
    assert twin.call(machine.token()).status_code == 200


def test_private_keys_are_sealed_to_their_row(
    authority: Authority, postgres_url: Callable[..., str]
) -> None:
    first, second = kids(authority)
    with authority.database.autocommit() as connection:
        rows = connection.execute(text("select kid, sealed_private from oauth_key")).all()
    assert all(b'"d"' not in bytes(row.sealed_private) for row in rows)
    moved = text(
        "update oauth_key a set sealed_private = b.sealed_private from oauth_key b"
        " where a.kid = :first and b.kid = :second"
    )
    owner = create_engine(postgres_url(make_url(authority.url).database), poolclass=NullPool)
    with owner.begin() as connection:
        connection.execute(moved, {"first": first, "second": second})
    owner.dispose()
    with authority.database.transaction() as session, pytest.raises(VaultError):
        read_ring(session, authority.clock.at)


def test_what_is_past_is_forgotten_and_nothing_sooner(authority: Authority) -> None:
    machine = register(authority)
    token = machine.token()
    machine.call(token)
    machine.about("revoke", token)
    turn(authority)
    held = {name: count(authority, name) for name in ("oauth_used", "oauth_revoked", "oauth_key")}
    assert held == {"oauth_used": 4, "oauth_revoked": 1, "oauth_key": 3}
    for seconds, left in (
        (0, held),
        (86_400, {"oauth_used": 0, "oauth_revoked": 0, "oauth_key": 2}),
    ):
        authority.clock.passes(seconds)
        with authority.database.transaction() as session:
            forget_past(session, authority.clock.at)
        assert {name: count(authority, name) for name in held} == left
    assert count(authority, "oauth_rate") == 1
