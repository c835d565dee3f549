"""A door to what falls due."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading
from app.kernel.paging import Key, Page, page_of, window_of
from app.kernel.wire import Blueprint
from consent.actions.due import work_list
from consent.api.arriving import partners
from consent.schemas.due import DuePageSchema, DueQuerySchema

blueprint = Blueprint(
    "consents_due", __name__, url_prefix="/v1/consents", description="What falls due"
)


@blueprint.route("/due")
class ConsentsDue(MethodView):
    """What the caller's agency should see to."""

    @requires("consent.read")
    @blueprint.doc(operationId="listConsentsDue")
    @blueprint.arguments(DueQuerySchema, location="query")
    @blueprint.response(200, DuePageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[dict[str, Any]], dict[str, str]]:
        """List what is to be confirmed, renewed, asked again or talked over, by date."""
        at, window = now(), window_of(asked)
        within = timedelta(days=asked["within_days"])
        with reading() as session:
            listed = work_list(session, caller().agency, partners(), within, at)
        rows = [asdict(due) | {"subjects": subjects} for due, subjects in listed]
        rest = [one for one in rows if window.after is None or _key(one) > window.after]
        return page_of(rest[: window.limit], window, _key)


def _key(one: dict[str, Any]) -> Key:
    return one["on"], one["consent"], one["kind"].value, min(one["subjects"])
