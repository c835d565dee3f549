"""Running the command line's imports and exports, and what they are given."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from click.testing import CliRunner

from directory.actions.packaging import PUBLICATION, Publication
from directory.cli.exchange import directory_commands
from tests.service import Service


def run(service: Service, *words: str) -> tuple[int, str]:
    """Run a command inside the application; return its exit code and all that it said."""
    with service.app.app_context() as context:
        context.app.extensions.setdefault(
            PUBLICATION, Publication("Rightshare", "https://example.org/licence")
        )
        outcome = CliRunner().invoke(directory_commands, words)
    if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return outcome.exit_code, outcome.output


def uid(*parts: object) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, parts))))


def a_service(number: int, **more: Any) -> dict[str, Any]:
    """A nested service; each three share an organization, and all a place and a term."""
    organization, place, one = uid("organization", number // 3), uid("place"), uid("s", number)
    term = {
        "id": uid("term"),
        "name": "Sleep",
        "description": "Sleep",
        "taxonomy": "topics",
        "taxonomy_id": uid("taxonomy"),
    }
    return {
        "id": one,
        "name": f"Sleep clinic {number}",
        "status": "active",
        "description": "For parents whose children do not sleep, with advice.",
        "email": f"sleep{number}@example.org",
        "minimum_age": 0,
        "maximum_age": 11,
        "last_modified": "2026-01-05T09:30:00Z",
        "organization_id": organization,
        "organization": {
            "id": organization,
            "name": f"Lantern {number // 3}",
            "description": "Helps families.",
        },
        "schedules": [{"id": uid("schedule", number), "freq": "WEEKLY", "opens_at": "09:00"}],
        "contacts": [
            {
                "id": uid("contact", number),
                "name": "Front desk",
                "phones": [{"id": uid("phone", number), "number": "01632 960123"}],
            }
        ],
        "service_at_locations": [
            {
                "id": uid("at", number),
                "location_id": place,
                "location": {"id": place, "location_type": "physical", "name": "Lantern House"},
            }
        ],
        "attributes": [
            {"id": uid("attribute", number), "link_id": one, "taxonomy_term": term},
        ],
    } | more


def services(how_many: int) -> list[dict[str, Any]]:
    return [a_service(number) for number in range(how_many)]


def write(path: Path, rows: Iterable[Any]) -> Path:
    """Write a value on each line."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows))
    return path
