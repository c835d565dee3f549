"""What a client received between two instants, in one call: for a breach, within 72 hours."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Final

from flask import Response, current_app
from flask.views import MethodView
from sqlalchemy.orm import Session

from app.kernel.auth import requires
from app.kernel.db import EXTENSION, IG_EXTENSION, Database
from app.kernel.wire import JSON, Blueprint
from sharing.api.searching import log_read, log_reader, reading_as
from sharing.queries.indexing import Extent, extent
from sharing.queries.received import Form, Reading, Received, Total, total, written
from sharing.schemas.received import ReceivedQuerySchema, ReceivedSchema
from sharing.terms.searching import LogReader

_CSV: Final = "text/csv"

blueprint = Blueprint(
    "received", __name__, url_prefix="/v1/log", description="What a client received"
)


@blueprint.route("/received", endpoint="received")
class ReceivedByClient(MethodView):
    """What a client received."""

    @requires("log.read")
    @blueprint.doc(operationId="listReceived")
    @blueprint.arguments(ReceivedQuerySchema, location="query")
    @blueprint.response(200, ReceivedSchema)
    def get(self, asked: dict[str, Any]) -> Response:
        """List everything that a client was told between two instants, and about whom.

        One call, however much it was. With `log.audit` of any client; without, what concerns the
        caller's agency. That it was read is an entry of the log.
        """
        by, wanted = log_reader(), Received(**asked)
        reach, found = _begun(by, wanted, Form.JSON)
        return _sent(_as_json(wanted, reach, found, _rows(by, wanted, Form.JSON)), JSON)


@blueprint.route("/received.csv", endpoint="received_table")
class ReceivedTable(MethodView):
    """The same as a table."""

    @requires("log.read")
    @blueprint.doc(operationId="listReceivedAsTable")
    @blueprint.arguments(ReceivedQuerySchema, location="query")
    @blueprint.response(200, content_type=_CSV)
    def get(self, asked: dict[str, Any]) -> Response:
        """List everything that a client was told between two instants, as CSV."""
        by, wanted = log_reader(), Received(**asked)
        reach, _ = _begun(by, wanted, Form.CSV)
        answer = _sent(_rows(by, wanted, Form.CSV), f"{_CSV}; charset=utf-8; header=present")
        answer.headers["Content-Disposition"] = 'attachment; filename="received.csv"'
        if reach.at is not None:
            answer.headers["Rightshare-Reach"] = reach.at.isoformat()
        return answer


def _begun(by: LogReader, wanted: Received, form: Form) -> tuple[Extent, Total]:
    """Have the log say what is read, and return how far the lines reach and what they add up to."""
    since, until = wanted.since.isoformat(), wanted.until.isoformat()
    said = {"act": "received", "of": wanted.client, "since": since, "until": until}
    log_read(by, said | {"form": form.value})
    with reading_as(by) as session:
        return extent(session), total(session, wanted)


def _rows(by: LogReader, wanted: Received, form: Form) -> Iterator[bytes]:
    return written(_reading_later(by), wanted, form)


def _reading_later(by: LogReader) -> Reading:
    """Return what opens a transaction after the request, when there is no application to ask."""
    database: Database = current_app.extensions[IG_EXTENSION if by.whole else EXTENSION]

    def opened() -> AbstractContextManager[Session]:
        return database.reading(None if by.whole else by.agency)

    return opened


def _as_json(
    wanted: Received, reach: Extent, found: Total, rows: Iterator[bytes]
) -> Iterator[bytes]:
    """Yield the document piece by piece: its beginning, the items as they come, and its end."""
    said = ReceivedSchema(exclude=["items"]).dump(
        {
            "client": wanted.client,
            "since": wanted.since,
            "until": wanted.until,
            "reach": reach,
            "total": found,
        }
    )
    yield json.dumps(said)[:-1].encode() + b', "items": ['
    begun = False
    for part in rows:
        if part:
            yield (b",\n" if begun else b"\n") + part.rstrip(b"\n").replace(b"\n", b",\n")
            begun = True
    yield b"]}\n"


def _sent(content: Iterator[bytes], content_type: str) -> Response:
    answer = Response(content, content_type=content_type)
    answer.headers["Cache-Control"] = "no-store"
    return answer
