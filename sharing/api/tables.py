"""The log as a table to take away: what its entries say, naming nobody."""

from collections.abc import Iterator
from typing import Any, Final

from flask import Response, current_app
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import IG_EXTENSION, transaction
from app.kernel.problem import reference
from app.kernel.schema import Instant, OpaqueId, Schema
from app.kernel.wire import Blueprint
from sharing.actions.export_requests import take_export
from sharing.actions.exporting import Reader
from sharing.actions.review_errors import SecondPersonNeeded
from sharing.actions.tables import facts_of_table
from sharing.queries.tables import EARLIEST, Slice, Stretch, table

_CSV: Final = "text/csv"

blueprint = Blueprint(
    "tables", __name__, url_prefix="/v1/log", description="The log as a table, naming nobody"
)


class TableQuerySchema(Schema):
    """The time whose entries are wanted, and the export that somebody else has approved."""

    request = OpaqueId(metadata={"description": "The request that somebody else has approved"})
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
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    @blueprint.alt_response(410, reference(410))
    def get(self, asked: dict[str, Any]) -> Response:
        """Take entries out as CSV, the oldest first, nobody named; that is an entry itself.

        As the log in files, it is taken once somebody else has approved that.
        """
        who, at = caller(), now()
        if "request" not in asked:
            raise SecondPersonNeeded
        wanted = Stretch(asked["until"] or at, asked["since"] or EARLIEST)
        with transaction(speaking_for=who.agency) as session:
            taker = Reader(who.agency, who.client_id)
            take_export(session, asked["request"], taker, at, facts_of_table(wanted))
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
