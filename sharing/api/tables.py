"""The log as a table to take away: what its entries say, naming nobody."""

from collections.abc import Iterator
from typing import Any, Final

from flask import Response, current_app
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import IG_EXTENSION, transaction
from app.kernel.schema import Instant, Schema
from app.kernel.wire import Blueprint
from sharing.actions.exporting import Reader
from sharing.actions.tables import log_table
from sharing.queries.tables import EARLIEST, Slice, Stretch, table

_CSV: Final = "text/csv"

blueprint = Blueprint(
    "tables", __name__, url_prefix="/v1/log", description="The log as a table, naming nobody"
)


class TableQuerySchema(Schema):
    """The time whose entries are wanted."""

    since = Instant(load_default=None, metadata={"description": "From this instant on"})
    until = Instant(
        load_default=None, metadata={"description": "Up to this instant, without it; now if unsaid"}
    )


@blueprint.route("/export.csv", endpoint="table")
class Table(MethodView):
    """The log as a table."""

    @requires("log.audit")
    @blueprint.doc(operationId="exportLogAsTable")
    @blueprint.arguments(TableQuerySchema, location="query")
    @blueprint.response(200, content_type=_CSV)
    def get(self, asked: dict[str, Any]) -> Response:
        """Take entries out as CSV, the oldest first, nobody named; that is an entry itself."""
        who, at = caller(), now()
        wanted = Stretch(asked["until"] or at, asked["since"] or EARLIEST)
        with transaction(speaking_for=who.agency) as session:
            log_table(session, Reader(who.agency, who.client_id), wanted, at)
        # What is sent is made after the request, when there is no application to ask.
        reading = current_app.extensions[IG_EXTENSION].reading
        answer = Response(
            _contents(table(reading, wanted)), content_type=f"{_CSV}; charset=utf-8; header=present"
        )
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Content-Disposition"] = 'attachment; filename="log.csv"'
        return answer


def _contents(slices: Iterator[Slice]) -> Iterator[bytes]:
    for one in slices:
        yield one.content
