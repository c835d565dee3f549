"""What a source was not shown stays as it is on file."""

import json
from pathlib import Path

import pytest

from tests.directory.exchange.running import run, services, write
from tests.service import Service

HIDDEN = {"id": "00000000-0000-4000-8000-0000000000aa", "name": "Duty", "audience": ["oak"]}


@pytest.fixture
def refuge(service: Service, tmp_path: Path) -> str:
    """The id of a service on file with a place and a contact that few may see."""
    (one,) = services(1)
    place = one["service_at_locations"][0]
    place["location"]["audience"] = ["oak"]
    one["contacts"] = [*one.get("contacts", ()), HIDDEN]
    run(service, "import", str(write(tmp_path / "protected.ndjson", [one])))
    return str(one["id"])


def everything(service: Service, refuge: str) -> dict[str, object]:
    found: dict[str, object] = service.as_client("oak").get(f"/v1/directory/services/{refuge}")
    return found


def test_the_public_export_taken_in_again_takes_nothing_away(
    service: Service, refuge: str, tmp_path: Path
) -> None:
    service.as_client("oak")
    before = everything(service, refuge)
    assert "Duty" in str(before)
    public = service.call("GET", "/oruk/v3/services?format=ndjson&full=true")
    assert "Duty" not in public.text
    closed = [
        json.loads(line) | {"status": "temporarily closed"} for line in public.text.splitlines()
    ]

    code, said = run(service, "import", str(write(tmp_path / "public.ndjson", closed)))

    after = everything(service, refuge)
    assert code == 0
    assert "they are kept" in said
    assert after["status"] == "temporarily closed"
    for member in ("contacts", "service_at_locations"):
        assert after[member] == before[member]


def test_a_row_that_says_who_may_see_what_speaks_for_the_whole(
    service: Service, refuge: str, tmp_path: Path
) -> None:
    service.as_client("oak")
    whole = everything(service, refuge)
    fewer = whole | {"contacts": [one for one in whole["contacts"] if one["name"] != "Duty"]}  # type: ignore[attr-defined, index]  # of JSON

    run(service, "import", str(write(tmp_path / "whole.ndjson", [fewer])))

    assert "Duty" not in str(everything(service, refuge))
