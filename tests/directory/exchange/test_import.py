from pathlib import Path

from tests.directory.exchange.running import run, services, write
from tests.service import Service


def test_the_same_a_second_time_changes_nothing(service: Service, tmp_path: Path) -> None:
    path = write(tmp_path / "services.ndjson", services(30))

    code, said = run(service, "import", str(path))
    again, said_again = run(service, "import", str(path))

    assert (code, again) == (0, 0)
    assert "30 service" in said
    assert "created" not in said_again
    assert "changed" not in said_again.replace("unchanged", "")
