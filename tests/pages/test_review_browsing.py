"""The queue of reviewers in a browser: by axe, wide and narrow, without script."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, expect

from tests.make import HUB, a_family, ask, overriding
from tests.pages.asking import axe_source, is_accessible_and_fits, serving
from tests.pages.test_managing import bring, browsing
from tests.people.making import Someone, someone
from tests.service import Service
from tests.sharing.reviewed import follow, seeded

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lead(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Someone]:
    """The partnership's IG lead, for whom an override waits."""
    with fresh_database(template) as name:
        service = Service(postgres_url(name))
        a_family(service)
        ask(service, overriding())
        seeded(service)
        follow(service, tmp_path_factory.mktemp("review"))
        made = someone(service, "ig-lead", "ig_lead", HUB)
        made.signs_in()
        yield made
        service.close()


@pytest.fixture(scope="module")
def here(lead: Someone) -> Iterator[str]:
    with serving(lead.service.app) as where:
        yield where


def test_without_script_an_item_is_opened_and_every_page_is_accessible(
    browser: Browser, here: str, lead: Someone
) -> None:
    script = axe_source()
    with browsing(browser) as (context, page):
        bring(lead, context, here)
        for path in ("/ig", "/ig/reviews", "/ig/reviews/rules", "/ig/reviews/samples"):
            page.goto(here + path)
            is_accessible_and_fits(page, script)
        page.goto(f"{here}/ig/exports")
        is_accessible_and_fits(page, script)
    with browsing(browser, java_script_enabled=False) as (context, page):
        bring(lead, context, here)
        page.goto(f"{here}/ig/reviews")
        page.get_by_role("link", name="R-0").first.click()
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_text("teacher-7").first).to_be_visible()
