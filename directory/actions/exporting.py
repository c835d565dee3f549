"""Writing the directory down: a service on each line, or the tabular package.

The same records give the same bytes: everything comes by kind and id, members by name, and the zip
bears no date (`directory.actions.packaging`).
"""

import json
from typing import IO, Any

from sqlalchemy.orm import Session

from directory.actions.packaging import Package, Publication
from directory.queries.exporting import outgoing_services
from directory.terms.records import Viewer


def write_lines(session: Session, viewer: Viewer, out: IO[bytes]) -> int:
    """Write each service that the viewer may see on a line, nested; return how many."""
    count = 0
    for count, one in enumerate(outgoing_services(session, viewer), 1):  # noqa: B007  (counts)
        out.write(line_of(one.document))
    return count


def line_of(document: Any) -> bytes:  # noqa: ANN401  (any JSON value)
    """Return a document as its line."""
    written = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"{written}\n".encode()


def write_package(session: Session, viewer: Viewer, about: Publication, out: IO[bytes]) -> int:
    """Write the tabular package, as a zip, of what the viewer may see; return how many services."""
    with Package(viewer) as package:
        for _ in package.gather(session):
            pass
        for _ in package.zip_into(out, about):
            pass
        return package.services
