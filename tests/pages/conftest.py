"""Pages as a browser gets them: a server on this machine, and the system's own chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from app.config import Mode
from app.factory import create_app
from tests.pages import world
from tests.pages.asking import serving
from tests.service import Service, settings_for

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def served(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    """A demonstration on a database of its own, with a small directory in it."""
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        world.fill(made.parts.database)
        yield made
        made.close()


@pytest.fixture(scope="session")
def site(served: Service) -> Flask:
    """The pages of a demonstration."""
    return served.app


@pytest.fixture(scope="session")
def production_site(served: Service) -> Flask:
    settings = settings_for(served.admin_url)
    public = {"mode": Mode.PRODUCTION, "public_url": "https://rightshare.example"}
    return create_app(replace(settings, **public), served.parts)


@pytest.fixture(scope="session")
def address(site: Flask) -> Iterator[str]:
    """Where the pages are served."""
    with serving(site) as where:
        yield where


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's chromium; where there is none the test skips, unless REQUIRE_BROWSER=1."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        required = os.environ.get("REQUIRE_BROWSER") == "1"  # noqa: TID251  (a switch of the tests alone)
        (pytest.fail if required else pytest.skip)("no chromium: install the system's package")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()
