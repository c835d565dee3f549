"""Doors to the searches of the log that an agency keeps."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions import views as acting
from sharing.queries import views as queries
from sharing.schemas.searching import NamingFiltersSchema
from sharing.schemas.views import NewViewSchema, NoMoreSchema, ViewSchema, ViewsSchema
from sharing.terms.searching import NewView, View

blueprint = Blueprint(
    "log_views", __name__, url_prefix="/v1/log/views", description="Searches that are kept"
)
_FILTERS = NamingFiltersSchema()
Shown = dict[str, Any]


@blueprint.route("", endpoint="views")
class Views(MethodView):
    """The searches that the caller's agency keeps."""

    @requires("log.read")
    @blueprint.doc(operationId="listLogViews")
    @blueprint.response(200, ViewsSchema)
    def get(self) -> dict[str, list[Shown]]:
        """List the agency's saved views, by name."""
        with reading(speaking_for=caller().agency) as session:
            found = queries.views(session)
        return {"items": [_shown(one) for one in found]}

    @requires("log.read")
    @blueprint.doc(operationId="keepLogView")
    @blueprint.arguments(NewViewSchema)
    @blueprint.response(201, ViewSchema)
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any]) -> Shown:
        """Keep a search by a name; a practitioner in it is sealed, and a subject is refused."""
        who = caller()
        new = NewView(body["name"], _FILTERS.dump(body["filters"]), who.client_id, who.agency)
        with transaction(speaking_for=who.agency) as session:
            return _shown(acting.keep(session, new, now()))


@blueprint.route("/<uuid:view>/removal", endpoint="removal")
class Removal(MethodView):
    """The end of a saved view."""

    @requires("log.read")
    @blueprint.doc(operationId="removeLogView")
    @blueprint.arguments(NoMoreSchema)
    @blueprint.response(201, NoMoreSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, _: dict[str, Any], view: UUID) -> dict[str, Any]:
        """Keep a search no longer."""
        with transaction(speaking_for=caller().agency) as session:
            acting.remove(session, view)
        return {}


def _shown(view: View) -> Shown:
    """Return a view with its filters read, as the schema writes them."""
    return {
        "id": view.id,
        "name": view.name,
        "owner": view.owner,
        "filters": _FILTERS.load(dict(view.filters)),
        "made_at": view.made_at,
    }
