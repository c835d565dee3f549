"""The whole log to take away: everything that an outsider needs to check it, in one tar."""

from typing import Any, Final

from flask import Response, current_app
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import IG_EXTENSION, reading_as_ig_lead, transaction
from app.kernel.problem import reference
from app.kernel.schema import Choice, Schema
from app.kernel.wire import Blueprint
from sharing.actions.errors import NoSuchTree
from sharing.actions.exporting import Reader, as_tar, log_export
from sharing.actions.log import ORIGIN, RECEIPTS
from sharing.queries.exporting import Openings, members
from sharing.queries.tree import published

_TAR: Final = "application/x-tar"

blueprint = Blueprint(
    "export", __name__, url_prefix="/v1/log", description="The log, to be checked elsewhere"
)


class ExportQuerySchema(Schema):
    """How much of what opens the entries' commitments is taken out."""

    openings = Choice(
        Openings,
        load_default=Openings.FACTS,
        metadata={"description": "`facts` name nobody; `people` adds each entry's personal half"},
    )


@blueprint.route("/export", endpoint="export")
class Export(MethodView):
    """The log as files: checkpoints, tiles, entries, and what opens them."""

    @requires("log.audit")
    @blueprint.doc(operationId="exportLog")
    @blueprint.arguments(ExportQuerySchema, location="query")
    @blueprint.response(200, content_type=_TAR)
    @blueprint.alt_response(404, reference(404))
    def get(self, asked: dict[str, Any]) -> Response:
        """Take the whole published log out; that is an entry itself. Check it offline."""
        who, at, openings = caller(), now(), asked["openings"]
        with reading_as_ig_lead() as session:
            if published(session) is None:
                raise NoSuchTree("The sequencer has not run yet: there is nothing to export.")
        with transaction(speaking_for=who.agency) as session:
            log_export(session, Reader(who.agency, who.client_id), openings, at)
        # What is sent is made after the request, when there is no application to ask.
        reading = current_app.extensions[IG_EXTENSION].reading
        origin, signer = current_app.extensions[ORIGIN], current_app.extensions[RECEIPTS]
        parts = as_tar(members(reading, openings), origin, openings, signer, at)
        answer = Response(parts, content_type=_TAR)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Content-Disposition"] = 'attachment; filename="log.tar"'
        return answer
