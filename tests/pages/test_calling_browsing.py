"""Who to call, in a browser: each state by axe's rules, at 320 pixels and without script."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.directory.calling import seeding
from tests.pages.asking import axe_source, is_accessible_and_fits, opened
from tests.service import Service

pytestmark = pytest.mark.browser
WORRIED = "Yes, or I am not sure"


@pytest.fixture(scope="module")
def cities_address(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[str]:
    """Where the pages are served on the three cities."""
    with fresh_database(template) as name:
        service = Service(postgres_url(name))
        if not (Path(service.app.static_folder or "") / "dist" / "app.css").exists():
            pytest.skip("the pages have no styles: run: make assets")
        seeding.fill(service.parts.database)
        server = make_server("127.0.0.1", 0, service.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/who-to-call"
        server.shutdown()
        thread.join()
        server.server_close()
        service.close()


def ask(page: Page, postcode: str, *, at_risk: str, level: str | None = None) -> None:
    page.get_by_role("radio", name=at_risk, exact=True).check()
    page.get_by_label("Postcode of the child").fill(postcode)
    if level is not None:
        page.get_by_role("radio", name=level).check()
    page.get_by_role("button", name="Show who to call").click()


def test_the_answer_is_accessible_and_fits_wide_and_narrow(
    browser: Browser, cities_address: str
) -> None:
    with opened(browser, cities_address, 1100) as page:
        ask(page, "ls8 5ng", at_risk=WORRIED, level="Leeds: Targeted")
        expect(page.get_by_role("heading", level=1)).to_have_text("Who to call: LS8 5NG")
        expect(page.get_by_role("heading", level=2).first).to_contain_text("Duty and Advice")
        expect(page.get_by_role("link", name="0113 3760336")).to_be_visible()
        is_accessible_and_fits(page, axe_source())
        assert "LS8" not in page.url.upper()


def test_what_is_amiss_is_accessible_and_leads_to_its_field(
    browser: Browser, cities_address: str
) -> None:
    with opened(browser, cities_address, 1100, status="422") as page:
        ask(page, "LS8 5N", at_risk=WORRIED)
        assert page.title().startswith("Error: ")
        is_accessible_and_fits(page, axe_source())
        page.get_by_role("link", name="This is not a postcode").click()
        expect(page.get_by_label("Postcode of the child")).to_be_focused()


def test_it_works_without_script_on_a_phone(browser: Browser, cities_address: str) -> None:
    with opened(browser, cities_address, 320, script=False) as page:
        ask(page, "YO1 7EP", at_risk="No", level="York: level 2")
        expect(page.get_by_role("heading", level=2).first).to_contain_text(
            "Early Help Coordinators"
        )
