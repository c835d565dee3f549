"""Doors to legal holds."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions import holds as actions
from sharing.api.erasing import actor
from sharing.queries import holds as queries
from sharing.schemas.holds import HoldPageSchema, HoldReleaseSchema, HoldSchema, NewHoldSchema
from sharing.terms.rights import Hold, NewHold, Words

blueprint = Blueprint(
    "holds", __name__, url_prefix="/v1/legal-holds", description="What must not be erased"
)


@blueprint.route("", endpoint="holds")
class Holds(MethodView):
    """What must not be erased, whoever asks."""

    @requires("subject.read")
    @blueprint.doc(operationId="listLegalHolds")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, HoldPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Hold], dict[str, str]]:
        """List the holds that the caller's agency set, the newest first, the released ones too."""
        window = window_of(asked)
        after = UUID(str(window.after[0])) if window.after else None
        with reading() as session:
            rows = queries.holds(session, after=after, limit=window.limit, agency=caller().agency)
        return page_of(rows, window, lambda one: (one.id,))

    @requires("subject.write")
    @blueprint.doc(operationId="setLegalHold")
    @blueprint.arguments(NewHoldSchema)
    @blueprint.response(201, HoldSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any]) -> Hold:
        """Let nothing of a subject, or of the agency in a period, be erased."""
        with transaction() as session:
            return actions.set_own_hold(session, NewHold(**body), actor(), now)


@blueprint.route("/<uuid:hold>/release", endpoint="release")
class Release(MethodView):
    """The end of a hold."""

    @requires("subject.write")
    @blueprint.doc(operationId="releaseLegalHold")
    @blueprint.arguments(HoldReleaseSchema)
    @blueprint.response(200, HoldSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], hold: UUID) -> Hold:
        """Release a hold that the caller's agency set; it stays on file."""
        by = body.pop("released_by")
        with transaction() as session:
            return actions.release(
                session, hold, Words(**body), agency=caller().agency, by=by, at=now()
            )
