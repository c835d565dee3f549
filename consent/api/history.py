"""A door to the history of what was said about a subject."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.wire import Blueprint
from consent.actions.history import HistoryLine, history
from consent.schemas.history import HistoryPageSchema

blueprint = Blueprint(
    "consent_history", __name__, url_prefix="/v1/subjects", description="History of consents"
)


@blueprint.route("/<uuid:subject>/consent-history")
class ConsentHistory(MethodView):
    """All that was said about a subject, and what became of it."""

    @requires("consent.read")
    @blueprint.doc(operationId="readConsentHistory")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, HistoryPageSchema)
    def get(self, asked: dict[str, Any], subject: UUID) -> tuple[Page[HistoryLine], dict[str, str]]:
        """List each event in order: of consents that the agency recorded or is named in."""
        at, window = now(), window_of(asked)
        with reading() as session:
            lines = history(session, subject, caller().agency, at)
        rest = [one for one in lines if window.after is None or one.place > window.after]
        return page_of(rest[: window.limit], window, lambda one: one.place)
