"""Long lists go on page by page, and none of them costs more than a page."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from directory.actions.proposing import propose
from directory.actions.records import put_service
from directory.actions.reports import report_wrong
from directory.terms.editing import NewReport, Proposal, ReportAbout
from directory.terms.records import Authorship, Origin, RecordKind
from tests.directory.managing import world
from tests.directory.managing.conftest import Office
from tests.directory.managing.world import FOOD, a_service
from tests.service import MONDAY, Service

MANY = 30


@pytest.fixture(scope="module")
def office(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Office]:
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        world.fill(made)
        by = Authorship("importer", Origin.IMPORTED, owner="hub")
        with made.parts.database.transaction() as session:
            for number in range(MANY):
                put_service(session, a_service(f"service {number}", days=number), by, MONDAY)
        for number in range(MANY):
            at = MONDAY - timedelta(hours=MANY - number)
            with made.parts.database.transaction() as session:
                document = {**a_service("sleep"), "name": f"Name {number}"}
                proposal = Proposal(RecordKind.SERVICE, document, "zoe", "hub")
                propose(session, proposal, at)
                said = NewReport(RecordKind.SERVICE, FOOD, ReportAbout.OTHER, f"Word {number}.")
                report_wrong(session, said, at)
        yield Office(made, *world.people(made))
        made.close()


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "link", "pattern", "expected"),
    [
        ("/manage", "Next services", r">(Service \d+) clinic<", MANY),
        ("/manage/drafts", "Earlier drafts", r">(Name \d+)<", MANY),
        ("/manage/reports", "Later reports", r">(Word \d+)\.<", MANY),
    ],
)
def test_every_entry_is_on_one_of_the_pages(
    office: Office, path: str, link: str, pattern: str, expected: int
) -> None:
    found: list[str] = []
    pages = 0
    here: str | None = path
    while here is not None:
        page = office.ada.get(here)
        found += re.findall(pattern, page)
        onward = re.search(rf'href="([^"]+)">{link}<', page)
        here = None if onward is None else onward[1].replace("&amp;", "&")
        pages += 1
    assert len(found) == len(set(found)) == expected
    assert pages == 2


@pytest.mark.long
def test_counts_stop_where_they_no_longer_tell_anything(office: Office) -> None:
    page = office.ada.get("/manage")
    assert "Drafts (20 or more)" in page
    assert "Something wrong? (20 or more)" in page
    for path in ("/manage/drafts", "/manage/reports"):  # nonsense begins at the beginning
        entries = [
            re.findall(r"app-card__name", office.ada.get(p)) for p in (path, f"{path}?after=x")
        ]
        assert entries[0] == entries[1] != []
