"""Services that may be there twice: shown side by side, decided on by an editor."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from uuid import UUID

import pytest

from directory.queries.records import record
from directory.terms.records import RecordKind
from tests.directory.managing import world
from tests.directory.managing.conftest import Office
from tests.directory.managing.sending import sent
from tests.directory.managing.world import uid
from tests.service import Service


@pytest.fixture
def office(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Office]:
    """An office of each test's own: a pair is decided on once."""
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        world.fill(made)
        world.fill_twice(made)
        yield Office(made, *world.people(made))
        made.close()


def statuses(office: Office) -> dict[str, object]:
    with office.service.parts.database.reading() as session:
        return {
            name: record(session, RecordKind.SERVICE, UUID(uid("service", name))).document["status"]
            for name in ("twice", "again")
        }


def pair_of(office: Office) -> str:
    """Where the pair of this world is shown, among others that are alike."""
    page = office.ada.get("/manage/duplicates")
    found = re.search(r'href="(/manage/duplicates/[^"]+)">Bump and baby and Bump and baby<', page)
    assert found is not None, page
    return found[1]


@pytest.mark.long
def test_two_that_are_one_become_one_by_decision(office: Office) -> None:
    pair = pair_of(office)
    page = office.ada.get(pair)
    assert "first" in page
    assert ">twice<" in page
    bare = sent(office.ada, pair, decision=None, note="They merged")
    assert bare.status_code == 422
    assert "Say whether they are one service" in bare.text
    assert "They merged" in bare.text
    assert statuses(office) == {"twice": "active", "again": "active"}
    assert sent(office.ada, pair, decision="keep_one", note="They merged").status_code == 303
    assert sorted(map(str, statuses(office).values())) == ["active", "defunct"]
    assert pair not in office.ada.get("/manage/duplicates")
    assert pair in office.ada.get("/manage/duplicates?state=decided")
    assert "They merged" in office.ada.get(pair)
    twice = office.ben.sends(pair, decision="different")
    assert twice.status_code == 409


@pytest.mark.long
def test_two_that_are_two_stay(office: Office) -> None:
    pair = pair_of(office)
    assert sent(office.ben, pair, decision="different").status_code == 303
    assert statuses(office) == {"twice": "active", "again": "active"}
    assert "two services" in office.ben.get(pair)
