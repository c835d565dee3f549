"""The pages on people's rights in a browser: by axe, narrow, and without a script."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from werkzeug.serving import make_server

from tests.make import HUB, a_family, ask, overriding
from tests.pages.asking import axe_source, is_accessible_and_fits
from tests.people.making import Someone, someone
from tests.service import Service
from tests.sharing.test_access_packs import taken, waits
from tests.sharing.test_erasure import erased
from tests.sharing.test_holds import held

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    """A service with work for an information governance lead, who is signed in at an address."""

    service: Service
    lead: Someone
    url: str
    pack: str
    hold: str
    printed: str

    def sits_down(self, browser: Browser, *, script: bool = True) -> BrowserContext:
        """Return a browser in which the lead is signed in."""
        cookie = self.lead.browser.get_cookie("rightshare_session")
        assert cookie is not None
        context = browser.new_context(java_script_enabled=script)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])
        return context


@pytest.fixture(scope="module")
def desk(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Desk]:
    with fresh_database(template) as name:
        service = Service(postgres_url(name))
        if not (Path(service.app.static_folder or "") / "dist" / "app.css").exists():
            pytest.skip("the pages have no styles: run: make assets")
        family = a_family(service)
        ask(service, overriding())
        _, made = waits(service, family)
        own = taken(service, family.mother)
        page = f"/v1/subjects/{family.mother}/access-packs/{own['id']}/content.html"
        printed = service.call("GET", page).text
        erased(service, family.mother)
        hold = held(service, subject=family.child)
        lead = someone(service, "ig.lead", "ig_lead", HUB)
        assert lead.signs_in().status_code == 303
        server = make_server("127.0.0.1", 0, service.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        yield Desk(
            service, lead, url, f"/ig/access-packs/{made['id']}", f"/ig/holds/{hold}", printed
        )
        server.shutdown()
        thread.join()
        server.server_close()
        service.close()


def test_every_page_on_rights_is_accessible_and_fits(browser: Browser, desk: Desk) -> None:
    axe = axe_source()
    with desk.sits_down(browser) as context:
        page = context.new_page()
        for path in (
            "/ig/access-packs",
            desk.pack,
            "/ig/holds",
            "/ig/holds/new",
            desk.hold,
            "/ig/erasures",
        ):
            page.goto(desk.url + path)
            expect(page.get_by_role("navigation", name="People's rights")).to_be_visible()
            is_accessible_and_fits(page, axe)
        page.goto(desk.url + desk.pack)
        page.get_by_role("button", name="Decide").click()
        expect(page.get_by_role("alert")).to_contain_text("Say what you decide")
        is_accessible_and_fits(page, axe)


def test_a_pack_as_it_is_printed_is_accessible(browser: Browser, desk: Desk) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route(
            "**/pack", lambda route: route.fulfill(body=desk.printed, content_type="text/html")
        )
        page.goto(f"{desk.url}/pack")
        expect(page.get_by_role("heading", level=1)).to_have_text("What is held about you")
        is_accessible_and_fits(page, axe_source())


def test_a_lead_decides_without_a_script(browser: Browser, desk: Desk) -> None:
    with desk.sits_down(browser, script=False) as context:
        page = context.new_page()
        page.goto(f"{desk.url}/ig/access-packs")
        page.get_by_role("link", name="Asked on").click()
        page.get_by_label("Refuse it").check()
        page.get_by_label("Why", exact=True).fill("It would do harm")
        page.get_by_label("What the child wants").fill("That nobody reads it")
        page.get_by_role("button", name="Decide").click()
        expect(page.get_by_text("The pack is refused")).to_be_visible()
