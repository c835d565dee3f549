"""Homes in which a demonstration was made once, for tests that need not see it made."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.demo.running import Demo, rightshare, run_in
from tests.postgres import folder_for_a_server


@pytest.fixture
def new_home() -> Iterator[Path]:
    with folder_for_a_server() as folder:
        yield folder / "home"


@pytest.fixture(scope="session")
def _made_once() -> Iterator[Path]:
    with folder_for_a_server() as folder:
        made = rightshare(folder / "home", "demo", "seed")
        assert made.returncode == 0, made.stderr
        yield folder / "home"


@pytest.fixture
def home(_made_once: Path, new_home: Path) -> Path:
    shutil.copytree(_made_once, new_home)
    return new_home


@pytest.fixture(scope="module")
def demo(_made_once: Path) -> Iterator[Demo]:
    """A demonstration that the tests of one module share."""
    with folder_for_a_server() as folder:
        shutil.copytree(_made_once, folder / "home")
        with run_in(folder / "home") as running:
            yield running
