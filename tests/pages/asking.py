"""The search as people make it, in a browser: by role and by name, never by address."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize
from werkzeug.serving import make_server

AXE = Path("node_modules/axe-core/axe.min.js")
WIDTHS = (1100, 320)
RUN_AXE = """async () => (await axe.run()).violations.map(
    (found) => [found.id, found.help, ...found.nodes.map((node) => node.html)].join("\\n"))"""
WIDTH_OF_CONTENT = "document.documentElement.scrollWidth"


def axe_source() -> str:
    if not AXE.exists():
        pytest.skip(f"no {AXE}: run: make assets")
    return AXE.read_text(encoding="utf-8")


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Where an application is served, styles and all, until the block is left."""
    if not (Path(app.static_folder or "") / "dist" / "app.css").exists():
        pytest.skip("the pages have no styles: run: make assets")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def opened(
    browser: Browser, url: str, width: int, *, script: bool = True, status: str = "404"
) -> Iterator[Page]:
    """A page, opened; whatever the browser complains of is an error, but for this one status."""
    size: ViewportSize = {"width": width, "height": 800}
    context = browser.new_context(viewport=size, java_script_enabled=script)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    yield page
    kept = context.cookies()
    context.close()
    # the browser itself reports the status of an error page
    expected = f"the server responded with a status of {status}"
    assert not [one for one in complaints if expected not in one]
    assert kept == []


def searched(page: Page, words: str = "", **choices: str) -> None:
    """Fill in the form by its labels and send it."""
    page.get_by_label("What do you need?").fill(words)
    if "postcode" in choices:
        page.get_by_label("Postcode").fill(choices["postcode"])
    if "distance" in choices:
        page.get_by_label("How far?").select_option(label=choices["distance"])
    if "age" in choices:
        page.get_by_label("Age", exact=True).fill(choices["age"])
    page.get_by_role("button", name="Search", exact=True).click()


def is_accessible_and_fits(page: Page, axe: str) -> None:
    """Hold the page as it stands to axe's rules at both widths, without a scroll sideways."""
    page.wait_for_load_state("load")  # without its styles no page has enough contrast
    page.evaluate(axe)  # not as a script tag: the policy refuses it, as it should
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDTH_OF_CONTENT) <= width, (width, page.url)
        assert page.evaluate(RUN_AXE) == [], (width, page.url)
