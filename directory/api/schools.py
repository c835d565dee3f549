"""Doors to schools."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.ids import new_id
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.actions.schools import enter_school
from directory.api.acting import actor
from directory.queries import coverage as queries
from directory.schemas.coverage import NewSchoolSchema, SchoolPageSchema, SchoolSchema
from directory.terms.coverage import School

blueprint = Blueprint("schools", __name__, url_prefix="/v1", description="Where schools are")


@blueprint.route("/directory/schools", endpoint="schools")
class Schools(MethodView):
    """The schools, by whose place can be asked whom to call."""

    @requires("directory.read")
    @blueprint.doc(operationId="listSchools")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, SchoolPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[School], dict[str, str]]:
        """List schools in the order in which they were entered."""
        window = window_of(asked)
        after = UUID(str(window.after[0])) if window.after else None
        with reading() as session:
            rows = queries.schools(session, after=after, limit=window.limit)
        return page_of(rows, window, lambda school: (school.id,))

    @requires("directory.write")
    @blueprint.doc(operationId="enterSchool")
    @blueprint.arguments(NewSchoolSchema)
    @blueprint.response(201, SchoolSchema)
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any]) -> School:
        """Enter a school."""
        at = now()
        with transaction() as session:
            return enter_school(session, School(new_id(at), recorded_at=at, **body), actor())
