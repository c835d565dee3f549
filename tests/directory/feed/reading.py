"""Reading the feed as anybody does."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from tests.service import Service

OPEN = "/oruk/v3"
PROTECTED = "/v1/directory"
ABOUT = "datapackage.json"
COLLECTIONS = (
    "services",
    "service_at_locations",
    "organizations",
    "taxonomies",
    "taxonomy_terms",
)


def rows(service: Service, path: str, per_page: int = 1000) -> list[dict[str, Any]]:
    """Return every row of a list, page by page."""
    return [row for page in pages(service, path, per_page) for row in page["contents"]]


def pages(service: Service, path: str, per_page: int) -> Iterator[dict[str, Any]]:
    """Yield the pages of a list, the last one too."""
    number = 1
    while True:
        page = service.get(f"{path}{'&' if '?' in path else '?'}per_page={per_page}&page={number}")
        yield page
        if page["last_page"]:
            return
        number += 1


def ids(service: Service, path: str) -> list[str]:
    """Return the ids of every row of a list."""
    return [row["id"] for row in rows(service, path)]


def in_order(found: list[str]) -> bool:
    """Whether ids come in their order, each once."""
    return found == sorted(set(found), key=lambda one: UUID(one).bytes)


def text_of(answer: TestResponse) -> str:
    """Return all that an answer says; of a zip, the names and contents of all of its files."""
    if answer.mimetype != "application/zip":
        return answer.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as packed:
        names = packed.namelist()
        assert len(names) == 20
        return "".join(f"{name} {packed.read(name).decode()}" for name in names if name != ABOUT)
