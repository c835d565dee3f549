"""Doors to what past recipients must hear."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions.events import Acknowledgement, acknowledge
from sharing.queries import events as queries
from sharing.schemas.events import (
    AcknowledgementSchema,
    EventPageSchema,
    EventQuerySchema,
    EventSchema,
    Shown,
)
from sharing.terms.events import Event

blueprint = Blueprint(
    "events", __name__, url_prefix="/v1/events", description="What past recipients must hear"
)


@blueprint.route("", endpoint="events")
class Events(MethodView):
    """What the caller's agency must hear."""

    @requires("event.read")
    @blueprint.doc(operationId="listEvents")
    @blueprint.arguments(EventQuerySchema, location="query")
    @blueprint.response(200, EventPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Event], dict[str, str]]:
        """List events, the oldest first: poll with the last page's cursor to hear what is new."""
        window = window_of(asked)
        after = UUID(str(window.after[0])) if window.after else None
        with reading(speaking_for=caller().agency) as session:
            rows = queries.events(
                session, after=after, limit=window.limit, waiting=asked["show"] is Shown.WAITING
            )
        return page_of(rows, window, lambda one: (one.id,))


@blueprint.route("/<uuid:event>/acknowledgement", endpoint="acknowledgement")
class EventAcknowledgement(MethodView):
    """What the agency did about an event."""

    @requires("event.read")
    @blueprint.doc(operationId="acknowledgeEvent")
    @blueprint.arguments(AcknowledgementSchema)
    @blueprint.response(201, EventSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], event: UUID) -> Event:
        """Say what was done about it."""
        said = Acknowledgement(by=caller().client_id, **body)
        with transaction(speaking_for=caller().agency) as session:
            return acknowledge(session, event, said, now())
