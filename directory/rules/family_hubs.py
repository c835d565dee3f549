"""The service categories of the Department for Education's family hubs, as a taxonomy.

Our ids are made from that service's own integers, so that records can be exchanged with it.
"""

import csv
import io
from functools import cache
from importlib.resources import files
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from directory.terms.records import Document

CODE: Final = "dfe-family-hubs"
_NAMESPACE: Final = uuid5(NAMESPACE_URL, "https://github.com/DFE-Digital/fh-services")


def category_id(number: int) -> UUID:
    """Return our id of a category by the Department's integer."""
    return uuid5(_NAMESPACE, f"category/{number}")


def taxonomy() -> Document:
    """Return the taxonomy."""
    return {
        "id": str(uuid5(_NAMESPACE, "taxonomy")),
        "name": CODE,
        "description": "Categories of the Department for Education's family hubs service",
        "uri": "https://github.com/DFE-Digital/fh-services",
        "version": "2025-03-26",
    }


@cache
def categories() -> tuple[Document, ...]:
    """Return the 49 categories as terms, what others stand under first."""
    written = files("directory").joinpath("data", "dfe-family-hubs.csv").read_text("utf-8")
    return tuple(_term(row) for row in csv.DictReader(io.StringIO(written)))


def _term(row: dict[str, str]) -> Document:
    above = {"parent_id": str(category_id(int(row["parent_id"])))} if row["parent_id"] else {}
    return {
        "id": str(category_id(int(row["id"]))),
        "name": row["name"],
        "description": row["name"],
        "taxonomy": CODE,
        "taxonomy_id": str(taxonomy()["id"]),
        **above,
    }
