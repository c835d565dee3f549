"""What searches read is made again, where it was made by an earlier version."""

from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from directory.actions.listing_again import FIRST, list_some
from directory.queries.records import next_services
from tests.directory.exchange.running import run, services, write
from tests.postgres import libpq
from tests.service import Service

OUTDATED = """
update listing set named = '', told = '', words = '' where name like '%1' or name like '%2'
"""
WORDS = "select viewer, word from listing_word order by 1, 2"


def found(service: Service) -> Any:
    answer = service.app.test_client().get("/oruk/v3/services?search=clinic&per_page=100")
    assert answer.status_code == 200
    return answer.get_json()["total_items"]


def test_what_searches_read_is_made_again_from_the_records(
    service: Service, tmp_path: Path
) -> None:
    run(service, "import", str(write(tmp_path / "services.ndjson", services(7))))
    with service.parts.database.transaction() as session:
        words = session.execute(text(WORDS)).all()
    with psycopg.connect(libpq(service.admin_url)) as superuser:
        superuser.execute(OUTDATED)
        superuser.execute("update directory_state set changes = changes + 1")
    assert found(service) == 5

    code, said = run(service, "index")

    assert (code, said) == (0, "Searches find 7 services as their records stand.\n")
    assert found(service) == 7
    with service.parts.database.transaction() as session:
        held = session.scalar(text("select count(*) from listing"))
        assert session.execute(text(WORDS)).all() == words
    run(service, "index")
    with service.parts.database.transaction() as session:
        assert session.scalar(text("select count(*) from listing")) == held


def test_it_goes_on_after_the_last_of_each_batch(service: Service, tmp_path: Path) -> None:
    run(service, "import", str(write(tmp_path / "services.ndjson", services(7))))
    with service.parts.database.transaction() as session:
        ids = next_services(session, FIRST, 100)
        assert next_services(session, FIRST, 3) == ids[:3]
        assert next_services(session, ids[2], 3) == ids[3:6]
        assert list_some(session, FIRST) == (ids[-1], 7)
        assert list_some(session, ids[-1]) == (None, 0)
