"""The directory in a browser: each page and state by axe's rules, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.pages.asking import axe_source, is_accessible_and_fits, opened, searched
from tests.pages.world import HOSTILE, POSTCODE, an_id

pytestmark = pytest.mark.browser
ALL = {"postcode": POSTCODE, "distance": "5 miles", "age": "7"}


@pytest.fixture(scope="session")
def axe() -> str:
    return axe_source()


@pytest.mark.parametrize(
    "path",
    [
        f"/shortlist?service={an_id('service', 1)}&service={HOSTILE['id']}",
        f"/services/{an_id('service', 1)}",
        f"/services/{HOSTILE['id']}",
        f"/services/{HOSTILE['id']}/report",
        "/offers",
        f"/services/{an_id('service', 999)}",
    ],
)
def test_a_page_is_accessible_and_fits_wide_and_narrow(
    browser: Browser, address: str, axe: str, path: str
) -> None:
    with opened(browser, address + path, 1100) as page:
        is_accessible_and_fits(page, axe)


def test_results_and_the_map_are_accessible_and_fit(
    browser: Browser, address: str, axe: str
) -> None:
    with opened(browser, address, 1100) as page:
        searched(page, "group", **ALL)
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d+ services"))
        for details in page.locator("details").all():
            details.evaluate("one => one.open = true")
        page.get_by_role("button", name="Add to shortlist").first.click()
        is_accessible_and_fits(page, axe)
        page.get_by_role("button", name="Show map").click()
        expect(page.locator(".app-map__pin").first).to_be_visible()
        is_accessible_and_fits(page, axe)


def test_nothing_found_is_accessible_and_leads_on(browser: Browser, address: str, axe: str) -> None:
    with opened(browser, address, 1100) as page:
        searched(page, "zzyzx", age="7")
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing found")
        is_accessible_and_fits(page, axe)
        page.get_by_role("button", name="Leave out: “zzyzx”").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d+ services"))


def test_errors_are_accessible_and_lead_to_the_field(
    browser: Browser, address: str, axe: str
) -> None:
    with opened(browser, address, 1100, status="422") as page:
        searched(page, "group", postcode="nowhere", age="seven")
        assert page.title().startswith("Error: ")
        is_accessible_and_fits(page, axe)
        page.get_by_role("link", name="Enter an age in years, such as 7, or 6 months.").click()
        expect(page.get_by_label("Age", exact=True)).to_be_focused()
        expect(page.get_by_label("Postcode")).to_have_value("nowhere")


def test_a_search_works_without_script(browser: Browser, address: str) -> None:
    with opened(browser, address, 320, script=False) as page:
        searched(page, "group", **ALL)
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d+ services"))
        assert page.get_by_role("button", name="Show map").count() == 0
        page.get_by_role("button", name="Add to shortlist").first.click()
        page.get_by_role("button", name="Remove: Age 7").click()
        page.get_by_role("heading", level=3).get_by_role("button").first.click()
        assert "/services/" in page.url
        page.get_by_role("button", name="Back to the results").click()
        page.get_by_role("button", name="Show shortlist (1)").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Shortlist")
        page.get_by_role("button", name="Make a link to this list").click()
        page.get_by_role("link", name="/shortlist?service=").click()
        expect(page.get_by_role("heading", level=3)).to_have_count(1)


def test_a_keyboard_alone_leads_from_the_search_to_a_shortlist(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, 320) as page:
        tabbed_to(page, page.get_by_label("What do you need?"))
        page.keyboard.type("debt")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d+ services"))
        tabbed_to(page, page.locator("summary", has_text="Change the search"))
        page.keyboard.press("Enter")
        tabbed_to(page, page.get_by_label("Age", exact=True))
        page.keyboard.type("7")
        page.keyboard.press("Enter")
        tabbed_to(page, page.get_by_role("button", name="Remove: Age 7"))
        tabbed_to(page, page.get_by_role("heading", level=3).get_by_role("button").first)
        page.keyboard.press("Enter")
        page.wait_for_url("**/services/*")
        tabbed_to(page, page.get_by_role("button", name="Add to shortlist"))
        page.keyboard.press("Enter")
        tabbed_to(page, page.get_by_role("button", name="Show shortlist (1)"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/shortlist")
        tabbed_to(page, page.get_by_role("button", name="Print"))


def test_the_map_is_walked_by_keyboard_and_says_what_each_place_is(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, 1100) as page:
        searched(page, "debt")
        button = page.get_by_role("button", name="Show map")
        button.press("Enter")
        expect(page.get_by_role("button", name="Hide map")).to_have_attribute(
            "aria-expanded", "true"
        )
        pin = page.locator(".app-map__pin").first
        pin.focus()
        page.keyboard.press("Enter")
        popup = page.locator(".leaflet-popup")
        expect(popup.get_by_role("link").first).to_have_text(re.compile("Debt"))
        popup.get_by_role("link", name=re.compile("Debt")).press("Enter")
        page.wait_for_url("**/services/*")


def test_what_is_typed_is_completed_from_the_directory(browser: Browser, address: str) -> None:
    with opened(browser, address, 1100) as page:
        asked: list[str] = []
        page.on("request", lambda one: asked.append(f"{one.method} {one.url}"))
        page.get_by_label("What do you need?").press_sequentially("deb", delay=20)
        option = page.locator("#suggestions option").first
        option.wait_for(state="attached")
        assert "Debt" in (option.get_attribute("value") or "")
        others = [one for one in asked if "/static/" not in one]
        assert others == [f"POST {address}/search/suggestions"]


def test_a_shortlist_prints_without_what_is_only_for_the_screen(
    browser: Browser, address: str
) -> None:
    with opened(browser, f"{address}/shortlist?service={an_id('service', 1)}", 1100) as page:
        page.emulate_media(media="print")
        expect(page.get_by_text("Phone:")).to_be_visible()
        for hidden in ("Make a link to this list", "Remove from shortlist", "Print"):
            expect(page.get_by_role("button", name=hidden)).not_to_be_visible()


def tabbed_to(page: Page, wanted: Locator, limit: int = 80) -> None:
    """Press Tab until what is wanted has the focus, as somebody without a mouse would."""
    for _ in range(limit):
        if wanted.evaluate("one => one === document.activeElement"):
            assert wanted.evaluate("one => getComputedStyle(one).outlineStyle") != ""
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {wanted}")
