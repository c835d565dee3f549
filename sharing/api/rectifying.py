"""Doors to rectifications: a source puts right what is wrong, or says why it stays."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.problem import reference
from app.kernel.wire import Blueprint, body_up_to
from sharing.actions.rectifying import rectify
from sharing.api.records import LARGEST_DEPOSIT
from sharing.queries.rectifications import one_rectification, rectifications
from sharing.schemas.rectifying import (
    NewRectificationSchema,
    RectificationSchema,
    RectificationsSchema,
)
from sharing.terms.records import Depositor
from sharing.terms.rectifying import NewRectification, Rectification

blueprint = Blueprint(
    "rectifying", __name__, url_prefix="/v1/subjects", description="Putting right what is wrong"
)


@blueprint.route("/<uuid:subject>/rectifications", endpoint="rectifications")
class Rectifications(MethodView):
    """What was said to be wrong about a subject."""

    @requires("record.write")
    @blueprint.doc(operationId="listRectifications")
    @blueprint.response(200, RectificationsSchema)
    def get(self, subject: UUID) -> dict[str, list[Rectification]]:
        """List what the caller's agency was told is wrong, and what past recipients did."""
        with reading() as session, reading_as_ig_lead() as heard:
            return {"items": rectifications(session, heard, subject, caller().agency)}

    @requires("record.write")
    @blueprint.doc(operationId="rectifyRecord")
    @body_up_to(LARGEST_DEPOSIT)
    @blueprint.arguments(NewRectificationSchema)
    @blueprint.response(201, RectificationSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], subject: UUID) -> Rectification:
        """Put a record right, or mark it as disputed; who received it is listed, and hears."""
        new = NewRectification(**({"subject": subject, "said_by": subject} | body))
        by = Depositor(caller().client_id, caller().agency)
        with transaction(speaking_for=by.agency) as session:
            made = rectify(session, new, by, now()).id
        with reading() as session, reading_as_ig_lead() as heard:
            return one_rectification(session, heard, made)
