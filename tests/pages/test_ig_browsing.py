"""The pages of IG leads in a browser: by axe, wide and narrow, without script."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, expect

from tests.make import CHILD, HUB, OAK, a_family, ask, request, said
from tests.pages.asking import axe_source, is_accessible_and_fits, serving
from tests.pages.test_managing import bring, browsing
from tests.people.making import Someone, someone
from tests.service import Service
from tests.sharing.replaying import a_draft, without, worked

pytestmark = pytest.mark.browser
ISA = "/ig/agreements/EH-ISA"


@pytest.fixture(scope="module")
def lead(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Someone]:
    """The partnership's IG lead, where a child's plan was asked for and a draft waits."""
    with fresh_database(template) as name:
        service = Service(postgres_url(name))
        family = a_family(service)
        said(service, family)
        ask(service, request())
        service.clock.passes(minutes=1)
        a_draft(service, flows=without("plan"))
        made = someone(service, "ig-lead", "ig_lead", HUB)
        made.signs_in()
        yield made
        service.close()


@pytest.fixture(scope="module")
def here(lead: Someone) -> Iterator[str]:
    with serving(lead.service.app) as where:
        yield where


def test_without_script_a_look_shows_what_is_told_and_what_is_stopped(
    browser: Browser, here: str, lead: Someone
) -> None:
    with browsing(browser, java_script_enabled=False) as (context, page):
        bring(lead, context, here)
        page.goto(f"{here}/agreements")
        page.get_by_role("link", name="Previews", exact=True).click()
        page.get_by_label("Whose view").select_option(OAK)
        page.get_by_label("The child is known by").select_option(CHILD["scheme"])
        page.get_by_label("Number", exact=True).fill(CHILD["value"])
        page.get_by_label("Why you look").fill("The head asked why nothing came")
        page.get_by_role("button", name="Show what they would see").click()
        expect(page.get_by_text("Would be told: 1")).to_be_visible()
        expect(page.get_by_text("The family has agreed to be helped.")).to_be_visible()
        assert CHILD["value"] not in page.url


def test_without_script_a_draft_is_replayed_with_one_button(
    browser: Browser, here: str, lead: Someone
) -> None:
    with browsing(browser, java_script_enabled=False) as (context, page):
        bring(lead, context, here)
        page.goto(f"{here}/agreements")
        page.get_by_role("button", name="What would change").click()
        page.get_by_label("Why you look").fill("The board asks")
        page.get_by_role("button", name="What would change?").click()
        expect(page.get_by_text("Still at work")).to_be_visible()
        worked(lead.service)
        page.get_by_role("link", name="Look again").click()
        expect(page.get_by_text("1. Permitted before, refused after")).to_be_visible()


def test_every_page_is_accessible_and_fits_wide_and_narrow(
    browser: Browser, here: str, lead: Someone
) -> None:
    script = axe_source()
    place = lead.sends(f"{ISA}/versions/2/preview", reason="The board asks").headers["Location"]
    with browsing(browser) as (context, page):
        bring(lead, context, here)
        for path in ("/ig", "/agreements", "/ig/agreements", ISA, place, "/ig/preview"):
            page.goto(here + path)
            is_accessible_and_fits(page, script)
        worked(lead.service)
        page.goto(here + place)
        is_accessible_and_fits(page, script)
        page.goto(f"{here}/ig/preview")
        page.get_by_role("button", name="Show what they would see").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        is_accessible_and_fits(page, script)
        page.get_by_label("Whose view").select_option(OAK)
        page.get_by_label("The child is known by").select_option(CHILD["scheme"])
        page.get_by_label("Number", exact=True).fill(CHILD["value"])
        page.get_by_label("Why you look").fill("The head asked")
        page.get_by_role("button", name="Show what they would see").click()
        expect(page.get_by_text("Would be told: 1")).to_be_visible()
        is_accessible_and_fits(page, script)
