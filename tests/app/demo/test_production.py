"""Production takes neither a key nor a person of a demonstration."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.postgres import running
from tests.app.demo.running import free_port, rightshare

pytestmark = pytest.mark.long


@pytest.fixture
def production(home: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An operator's settings, who names a database and a key file of the demonstration's."""
    with running(home / "pg", home / "run") as server:
        yield {
            "RIGHTSHARE_MODE": "production",
            "RIGHTSHARE_PUBLIC_URL": "https://rightshare.example",
            "RIGHTSHARE_KEY_FILE": str(home / "keys" / "vault.json"),
            "DATABASE_URL": server.url("rightshare"),
        }


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_the_demonstrations_keys_are_refused(
    production: dict[str, str], home: Path, command: str
) -> None:
    refused = rightshare(home, command, port=free_port(), **production)
    assert refused.returncode == 1
    assert "names the demonstration's keys" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_the_demonstrations_people_are_refused(
    production: dict[str, str], home: Path, command: str
) -> None:
    keys = home / "keys" / "vault.json"
    keys.write_text(keys.read_text().replace('"demonstration": true', '"demonstration": false'))
    refused = rightshare(home, command, port=free_port(), **production)
    assert refused.returncode == 1
    assert "This database holds the demonstration" in refused.stderr
    assert "Traceback" not in refused.stderr
