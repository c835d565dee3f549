"""Each page in a browser: narrow and wide, by axe's rules, under its own policy, without script."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.pages.paths import PAGES

AXE = Path("node_modules/axe-core/axe.min.js")
WIDTHS = (1100, 320)
RUN_AXE = """async () => (await axe.run()).violations.map(
    (found) => [found.id, found.help, ...found.nodes.map((node) => node.html)].join("\\n"))"""
# Others made it, and the accessibility statement says what is wrong with it.
WITHOUT_SWAGGER_UI = "document.querySelector('#swagger-ui')?.remove()"
WIDTH_OF_CONTENT = "document.documentElement.scrollWidth"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        pytest.skip(f"no {AXE}: run: make assets")
    return AXE.read_text(encoding="utf-8")


@contextmanager
def opened(browser: Browser, url: str, width: int, *, script: bool = True) -> Iterator[Page]:
    """A page, opened; whatever the browser complains of on the way is an error."""
    size: ViewportSize = {"width": width, "height": 800}
    page = browser.new_page(viewport=size, java_script_enabled=script)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    yield page
    page.close()
    # the browser itself reports the status of an error page
    assert not [one for one in complaints if "the server responded with a status of 404" not in one]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits_wide_and_narrow(
    browser: Browser, address: str, axe: str, path: str
) -> None:
    with opened(browser, address + path, WIDTHS[0]) as page:
        page.evaluate(axe)  # not as a script tag: the policy refuses it, as it should
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WIDTH_OF_CONTENT) <= width
            page.evaluate(WITHOUT_SWAGGER_UI)
            assert page.evaluate(RUN_AXE) == [], width


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_what_it_has_to_say_without_script(
    browser: Browser, address: str, path: str
) -> None:
    with opened(browser, address + path, 320, script=False) as page:
        assert page.get_by_role("heading", level=1).is_visible()
        assert len(page.locator("main").inner_text()) > 100
        assert page.get_by_role("link", name="API guide").first.is_visible()


def test_swagger_ui_draws_the_description_under_the_policy(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/docs/reference", 320) as page:
        page.locator("#operations-disclosures-requestDisclosure").wait_for()
        assert page.evaluate(WIDTH_OF_CONTENT) <= 320


def test_the_menu_opens_by_keyboard_on_a_narrow_screen(browser: Browser, address: str) -> None:
    with opened(browser, address, 320) as page:
        guide = page.get_by_role("navigation").get_by_role("link", name="API guide")
        assert not guide.is_visible()
        page.get_by_role("button", name="Menu").press("Enter")
        guide.press("Enter")
        page.wait_for_url("**/docs")
        assert page.get_by_role("heading", level=1).inner_text() == "API guide"
