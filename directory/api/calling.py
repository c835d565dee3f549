"""The door to "whom should I call about a child at this place?"."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading
from app.kernel.problem import extended, problem
from app.kernel.wire import Blueprint
from directory.actions.calling_errors import NoSuchLevel
from directory.queries.calling import Asked, all_front_doors, whom_to_call
from directory.rules.telling_calls import answer_told, door_told, unknown_level
from directory.schemas.calling import NO_PLACE, CallingAnswerSchema, QuestionSchema, no_place
from directory.terms.contacts import ContactPoint
from directory.terms.coverage import UnknownLevel
from directory.terms.records import Viewer

blueprint = Blueprint(
    "calling", __name__, url_prefix="/v1", description="Whom to call about a child at a place"
)


@blueprint.route("/directory/responsible", endpoint="responsible")
class Responsible(MethodView):
    """Whom to call."""

    @requires("directory.read")
    @blueprint.doc(operationId="whomToCall")
    @blueprint.arguments(QuestionSchema)
    @blueprint.response(200, CallingAnswerSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Say whom to call about a child at a place, in order.

        A worry about significant harm always has the front door first. The place stands in the
        body, never in an address: a postcode can be one house.
        """
        asked = Asked(body["postcode"], body["school"], body["level_of_need"], body["at_risk"])
        viewer, at = Viewer(caller().agency), now()
        with reading() as session:
            try:
                answer = whom_to_call(session, asked, viewer, at)
            except tuple(NO_PLACE) as error:
                doors = all_front_doors(session, viewer, at) if asked.at_risk else []
                abort(_refusal(error, doors))
        if isinstance(answer, UnknownLevel):
            raise NoSuchLevel(unknown_level(answer), "#/level_of_need")
        return answer_told(answer)


def _refusal(error: Exception, doors: Sequence[ContactPoint]) -> Response:
    """Return what is wrong; a worry about a child gets every front door along with it."""
    code, field = no_place(error)
    errors = [{"pointer": f"#/{field}", "detail": str(error)}]
    refusal = problem(422, code, str(error), errors=errors)
    told = [door_told(one.facts) for one in doors]
    return extended(refusal, front_doors=told) if told else refusal
