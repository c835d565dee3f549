"""Out, in again, and out: the same bytes, whatever was on file."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.directory.exchange.running import run, services, write
from tests.service import Service

Fresh = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def elsewhere(template: str, fresh_database: Fresh, postgres_url: Callable[..., str]) -> Any:
    """A second application, whose directory is empty."""
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        yield made
        made.close()


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_what_went_out_and_came_in_goes_out_the_same(
    service: Service, elsewhere: Service, tmp_path: Path, form: str
) -> None:
    run(service, "import", str(write(tmp_path / "in.ndjson", services(30))))

    first, second = tmp_path / f"first.{form}", tmp_path / f"second.{form}"
    run(service, "export", "--format", form, str(first))
    assert run(elsewhere, "import", str(first))[0] == 0
    run(elsewhere, "export", "--format", form, str(second))

    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_bytes()) > 1000


def test_lines_hold_whole_services(service: Service, tmp_path: Path) -> None:
    run(service, "import", str(write(tmp_path / "in.ndjson", services(3))))
    run(service, "export", "--format", "ndjson", str(tmp_path / "out"))
    out = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert min(out, key=lambda one: one["name"])["organization"]["name"] == "Lantern 0"
