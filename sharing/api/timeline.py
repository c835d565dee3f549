"""A door to what happened around a subject, for agencies that may see it."""

from typing import Any
from uuid import UUID

from flask import Response, current_app
from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import transaction
from app.kernel.paging import Key, page_of, window_of
from app.kernel.problem import problem, reference
from app.kernel.wire import Blueprint
from sharing.actions.timeline import Asking, read_timeline
from sharing.api.disclosures import reader_calling
from sharing.schemas.answers import STATUS_OF
from sharing.schemas.timeline import TimelineAskedSchema, TimelinePageSchema
from sharing.terms.answers import Refused
from sharing.terms.timeline import Item

blueprint = Blueprint(
    "timeline", __name__, url_prefix="/v1/subjects", description="What happened around a subject"
)


@blueprint.route("/<uuid:subject>/timeline", endpoint="timeline")
class Timeline(MethodView):
    """Consents, handovers, notices, involvements and decisions not to share."""

    @requires("subject.read")
    @blueprint.doc(operationId="readTimeline")
    @blueprint.arguments(TimelineAskedSchema)
    @blueprint.response(200, TimelinePageSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any], subject: UUID) -> Response:
        """Read a timeline, the newest first; what is shown is decided, and the reading is logged.

        An agency sees what it recorded, what it was a party to, and what a flow carries to it for
        this purpose.
        """
        window = window_of(body)
        reader = reader_calling(body["practitioner"])
        asking = Asking(reader, body["purpose"], body["lawful_basis"])
        with transaction(speaking_for=reader.asker.agency) as session:
            outcome = read_timeline(session, subject, asking, now)
        if isinstance(outcome, Refused):
            code = outcome.refusal.reason
            return problem(STATUS_OF[code], code)
        rest = [one for one in outcome if window.after is None or _key(one) < window.after]
        page, _ = page_of(rest[: window.limit], window, _key)
        answer = TimelinePageSchema().dump(page)
        return Response(current_app.json.dumps(answer), 200, mimetype="application/json")


def _key(one: Item) -> Key:
    return one.at, one.id
