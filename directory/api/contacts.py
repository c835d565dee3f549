"""Doors to contact points."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.db import reading
from app.kernel.paging import Page, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.queries import contacts as queries
from directory.schemas.contacts import (
    ContactPointPageSchema,
    ContactPointQuerySchema,
    ContactPointSchema,
)
from directory.terms.contacts import ContactPoint, ContactSearch

blueprint = Blueprint(
    "contact_points", __name__, url_prefix="/v1", description="Whoever can be asked"
)


@blueprint.route("/directory/contact-points", endpoint="contact_points")
class ContactPoints(MethodView):
    """Whoever can be asked."""

    @requires("directory.read")
    @blueprint.doc(operationId="searchContactPoints")
    @blueprint.arguments(ContactPointQuerySchema, location="query")
    @blueprint.response(200, ContactPointPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[ContactPoint], dict[str, str]]:
        """Search contact points, by city and name."""
        window = window_of(asked)
        words = tuple((asked["words"] or "").split())
        search = ContactSearch(asked["city"], asked["kind"], words)
        with reading() as session:
            rows = queries.contact_points(
                session, search, after=_place(window.after), limit=window.limit
            )
        return page_of(rows, window, lambda one: (one.facts.city, one.facts.name, one.id))


@blueprint.route("/directory/contact-points/<uuid:contact>", endpoint="contact_point")
class OneContactPoint(MethodView):
    """Someone who can be asked."""

    @requires("directory.read")
    @blueprint.doc(operationId="readContactPoint")
    @blueprint.response(200, ContactPointSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, contact: UUID) -> ContactPoint:
        """Say how to reach a contact point, and who published that."""
        with reading() as session:
            return queries.contact_point(session, contact)


def _place(after: Any) -> tuple[str, str, UUID] | None:  # noqa: ANN401  (the parts of a signed key)
    return None if after is None else (str(after[0]), str(after[1]), UUID(str(after[2])))
