"""Each page in a browser: narrow and wide, by axe's rules, under its own policy, without script."""

import pytest
from playwright.sync_api import Browser, expect

from tests.pages.asking import (
    WIDTH_OF_CONTENT,
    WIDTHS,
    axe_source,
    is_accessible_and_fits,
    opened,
)
from tests.pages.paths import PAGES

# Others made it, and the accessibility statement says what is wrong with it.
WITHOUT_SWAGGER_UI = "document.querySelector('#swagger-ui')?.remove()"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def axe() -> str:
    return axe_source()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits_wide_and_narrow(
    browser: Browser, address: str, axe: str, path: str
) -> None:
    with opened(browser, address + path, WIDTHS[0]) as page:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WIDTH_OF_CONTENT) <= width
        page.evaluate(WITHOUT_SWAGGER_UI)
        is_accessible_and_fits(page, axe)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_what_it_has_to_say_without_script(
    browser: Browser, address: str, path: str
) -> None:
    with opened(browser, address + path, 320, script=False) as page:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert len(page.locator("main").inner_text()) > 100
        expect(page.get_by_role("link", name="Find a service").first).to_be_visible()


def test_swagger_ui_draws_the_description_under_the_policy(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/docs/reference", 320) as page:
        page.locator("#operations-tag-disclosures").click()
        page.locator("#operations-disclosures-requestDisclosure").wait_for()
        assert page.evaluate(WIDTH_OF_CONTENT) <= 320


def test_the_menu_opens_by_keyboard_on_a_narrow_screen(browser: Browser, address: str) -> None:
    with opened(browser, address, 320) as page:
        guide = page.get_by_role("navigation").get_by_role("link", name="API")
        expect(guide).not_to_be_visible()
        page.get_by_role("button", name="Menu").press("Enter")
        guide.press("Enter")
        page.wait_for_url("**/docs")
        assert page.get_by_role("heading", level=1).inner_text() == "API guide"
