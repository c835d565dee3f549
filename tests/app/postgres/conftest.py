"""Checkouts to start a PostgreSQL in: new ones, and ones where it has run before."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.postgres import Durability
from tests.app.postgres.holders import run_in
from tests.postgres import folder_for_a_server


@pytest.fixture
def new_checkout() -> Iterator[Path]:
    with folder_for_a_server() as folder:
        yield folder


@pytest.fixture(scope="session")
def _made_once() -> Iterator[Path]:
    """Most tests are not about initdb, which takes most of the time of a first start."""
    with folder_for_a_server() as folder:
        with run_in(folder, durability=Durability.TESTS_ONLY):
            pass
        yield folder / "pg"


@pytest.fixture
def checkout(new_checkout: Path, _made_once: Path) -> Path:
    shutil.copytree(_made_once, new_checkout / "pg")
    return new_checkout


@pytest.fixture
def deep(checkout: Path) -> Path:
    """A checkout whose path is too long for the address of a socket."""
    folder = checkout / ("x" * 60) / ("y" * 60)
    folder.mkdir(parents=True)
    (checkout / "pg").rename(folder / "pg")
    return folder
