"""Takes the README's pictures of a demonstration: `make screenshots`.

The one that runs at the address that is given is used (`make screenshots AT=http://…`), or one is
started and ended again. What is on the pictures is invented, like all of it.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.app.demo.running import run_in
from tests.pages.conftest import ARGUMENTS

FOLDER = Path("app/demo/pictures")
LARGEST = 200_000
WIDE = {"width": 1100, "height": 1200}
PHONE = {"width": 390, "height": 780}


def main() -> None:
    """Take every picture, and fail if one is too large to be looked at in a README."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("No chromium: install the system's package.")
    FOLDER.mkdir(exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, size, take in (
            ("search", WIDE, search),
            ("map", WIDE, on_a_map),
            ("service", WIDE, service),
            ("phone", PHONE, service),
            ("who-to-call", PHONE, who_to_call),
        ):
            page = browser.new_page(viewport=size)
            page.goto(address)
            take(page)
            page.wait_for_load_state("networkidle")  # the menu folds when its script is there
            page.screenshot(path=FOLDER / f"{name}.png", scale="css")
            page.close()
        browser.close()
    for picture in sorted(FOLDER.glob("*.png")):
        size = picture.stat().st_size
        sys.stdout.write(f"{picture}  {size / 1000:.0f} kB\n")
        if size > LARGEST:
            sys.exit(f"{picture} is larger than {LARGEST / 1000:.0f} kB.")


@contextmanager
def demonstration() -> Iterator[str]:
    """Have the address of a demonstration."""
    if len(sys.argv) > 1:
        yield sys.argv[1]
        return
    with tempfile.TemporaryDirectory() as folder, run_in(Path(folder) / "home") as demo:
        yield demo.url


def search(page: Page) -> None:
    page.get_by_label("What do you need?").fill("sleep")
    page.get_by_label("Postcode").fill("YO1 7HH")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("heading", name="You asked for").scroll_into_view_if_needed()


def on_a_map(page: Page) -> None:
    page.get_by_label("Postcode").fill("YO1 7HH")
    page.get_by_label("How far?").select_option(label="5 miles")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name="Show map").click()
    page.locator(".app-map__pin").first.wait_for()
    page.get_by_role("button", name="Hide map").scroll_into_view_if_needed()


def service(page: Page) -> None:
    search(page)
    page.get_by_role("heading", level=3).get_by_role("button").first.click()


def who_to_call(page: Page) -> None:
    page.get_by_role("link", name="Find out who to call").click()


if __name__ == "__main__":
    main()
