"""Signing an agreement in a browser: by axe, wide and narrow, without script."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, expect

from tests.make import OAK, a_family
from tests.pages.asking import axe_source, is_accessible_and_fits, serving
from tests.pages.test_managing import bring, browsing
from tests.people.making import Someone, someone
from tests.service import Service
from tests.sharing.replaying import a_draft, without

pytestmark = pytest.mark.browser


@pytest.fixture
def head(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Someone]:
    """Who signs for Oak School, where a second version is drafted."""
    with fresh_database(template) as name:
        service = Service(postgres_url(name))
        a_family(service)
        a_draft(service, flows=without("plan"))
        made = someone(service, "a.osei", "signatory", OAK)
        made.signs_in()
        yield made
        service.close()


@pytest.fixture
def here(head: Someone) -> Iterator[str]:
    with serving(head.service.app) as where:
        yield where


def test_an_official_reads_and_signs_without_script_and_every_page_is_accessible(
    browser: Browser, here: str, head: Someone
) -> None:
    script = axe_source()
    with browsing(browser) as (context, page):
        bring(head, context, here)
        for path in ("/agreements/to-sign", "/agreements", "/agreements/EH-ISA/versions/2"):
            page.goto(here + path)
            is_accessible_and_fits(page, script)
        page.get_by_role("button", name="Sign version 2").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        is_accessible_and_fits(page, script)
    with browsing(browser, java_script_enabled=False) as (context, page):
        bring(head, context, here)
        page.goto(f"{here}/agreements/to-sign")
        page.get_by_role("link", name="Early help, version 2").click()
        page.get_by_label("Your full name").fill("Ada Osei")
        page.get_by_label("In which capacity you sign").fill("Head teacher")
        page.get_by_label("I have read all of version 2").check()
        page.get_by_role("button", name="Sign version 2").click()
        expect(page.get_by_text("Your signature is on file.")).to_be_visible()
        expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
    with browsing(browser) as (context, page):
        bring(head, context, here)
        page.goto(f"{here}/agreements/EH-ISA/versions/2")
        expect(page.get_by_text("Ada Osei, Head teacher")).to_be_visible()
        is_accessible_and_fits(page, script)
