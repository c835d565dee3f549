"""The pages on the log in a browser: by axe, wide and narrow, without script."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from tests.make import HUB, a_family, ask, overriding, said
from tests.pages.asking import axe_source, is_accessible_and_fits, serving
from tests.pages.test_managing import bring, browsing
from tests.people.making import Someone, someone
from tests.postgres import libpq
from tests.service import Service
from tests.sharing.indexed import indexed

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lead(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Someone]:
    """The partnership's IG lead, where a child's plan was asked for, once by an override."""
    with fresh_database(template) as name:
        service = Service(postgres_url(name))
        family = a_family(service)
        ask(service, overriding())
        said(service, family)
        ask(service)
        with psycopg.connect(libpq(service.admin_url), autocommit=True) as superuser:
            indexed(service, superuser)
        made = someone(service, "ig-lead", "ig_lead", HUB)
        made.signs_in()
        yield made
        service.close()


@pytest.fixture(scope="module")
def here(lead: Someone) -> Iterator[str]:
    with serving(lead.service.app) as where:
        yield where


def test_without_script_a_search_leads_to_an_entry_and_is_accessible_all_the_way(
    browser: Browser, here: str, lead: Someone
) -> None:
    script = axe_source()
    with browsing(browser) as (context, page):
        bring(lead, context, here)
        for path in ("/ig/log", "/ig/reports", "/ig/reports/requests", "/ig/reports/gaps"):
            page.goto(here + path)
            is_accessible_and_fits(page, script)
        page.goto(f"{here}/ig/log")
        page.get_by_label("Override", exact=True).select_option("yes")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("heading", name="1 entry")).to_be_visible()
        is_accessible_and_fits(page, script)
        page.locator("h3 a").click()
        expect(page.get_by_role("heading", name="Entry of the log")).to_be_visible()
        is_accessible_and_fits(page, script)
    with browsing(browser, java_script_enabled=False) as (context, page):
        bring(lead, context, here)
        page.goto(f"{here}/ig/reports/answers")
        expect(page.get_by_role("img", name="Answers by code")).to_be_visible()
