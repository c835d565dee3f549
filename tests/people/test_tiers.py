"""What partners see of the directory's pages when they are signed in, and nobody else does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.factory import create_app
from directory.actions.records import put_service
from directory.terms.records import Authorship, Origin
from tests.directory.managing.world import a_service, uid
from tests.people.making import HTML, Someone, an_agency, someone
from tests.service import MONDAY, Service, settings_for

PARTNERS, SCHOOL = uid("service", "partners"), uid("service", "school")


@pytest.fixture(scope="module")
def town(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        for agency in ("hub", "school"):
            an_agency(made, agency)
        by = Authorship("importer", Origin.IMPORTED, owner="hub")
        services = (
            a_service("partners", audience="practitioners"),
            a_service("school", audience=["school"]),
            a_service("open"),
        )
        with made.parts.database.transaction() as session:
            for one in services:
                put_service(session, one, by, MONDAY)
        yield made
        made.close()


@pytest.fixture(scope="module")
def readers(town: Service) -> dict[str, FlaskClient]:
    """A browser of each kind of reader."""
    people = {
        "hub": someone(town, "hub-worker", "practitioner", "hub"),
        "school": someone(town, "teacher", "practitioner", "school"),
        "lead": someone(town, "lead", "ig_lead", "hub"),
    }
    for one in people.values():
        assert Someone.signs_in(one).status_code == 303
    return {"nobody": town.app.test_client()} | {name: one.browser for name, one in people.items()}


def searched(browser: FlaskClient) -> TestResponse:
    return browser.post("/search", data={"words": "clinic"}, headers=HTML)


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("nobody", {"Open"}),
        ("lead", {"Open"}),
        ("hub", {"Open", "Partners"}),
        ("school", {"Open", "Partners", "School"}),
    ],
)
def test_each_reader_finds_and_opens_what_is_theirs_to_see(
    readers: dict[str, FlaskClient], reader: str, seen: set[str]
) -> None:
    browser = readers[reader]
    page = searched(browser)
    names = {"Open", "Partners", "School"}
    assert {name for name in names if f"{name} clinic" in page.text} == seen
    for name in names:
        answer = browser.get(f"/services/{uid('service', name.lower())}", headers=HTML)
        assert answer.status_code == (200 if name in seen else 404)
        assert (f"{name} clinic" in answer.text) == (name in seen)


@pytest.mark.parametrize("path", ["/", f"/services/{uid('service', 'open')}", "/about"])
def test_what_was_made_for_one_reader_is_kept_for_no_other(
    readers: dict[str, FlaskClient], path: str
) -> None:
    for reader in ("hub", "lead"):
        answer = readers[reader].get(path, headers=HTML)
        assert answer.headers["Cache-Control"] == "no-store"
    for reader in readers:
        assert "Cookie" in readers[reader].get(path, headers=HTML).headers["Vary"]
    assert "Set-Cookie" not in readers["nobody"].get(path, headers=HTML).headers


def test_a_session_opens_nothing_of_the_api(town: Service, readers: dict[str, FlaskClient]) -> None:
    held = readers["hub"].get_cookie("rightshare_session")
    assert held is not None
    browser = create_app(settings_for(town.admin_url), town.parts).test_client()
    browser.set_cookie("rightshare_session", held.value)
    assert "Signed in" in browser.get("/about", headers=HTML).text
    assert browser.get("/v1/echo").status_code == 401
