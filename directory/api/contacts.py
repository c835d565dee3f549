"""Doors to contact points."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.actions import contacts as actions
from directory.api.acting import actor
from directory.queries import contacts as queries
from directory.rules.telephones import printed
from directory.schemas.contacts import (
    ContactPointPageSchema,
    ContactPointQuerySchema,
    ContactPointSchema,
    NewContactPointSchema,
)
from directory.schemas.coverage import EndSchema
from directory.terms.contacts import (
    ContactFacts,
    ContactPoint,
    ContactSearch,
    Email,
    Opening,
    Phone,
    SourceDocument,
)
from directory.terms.records import Viewer

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
                session, search, _viewer(), after=_place(window.after), limit=window.limit
            )
        return page_of(rows, window, lambda one: (one.facts.city, one.facts.name, one.id))

    @requires("directory.write")
    @blueprint.doc(operationId="enterContactPoint")
    @blueprint.arguments(NewContactPointSchema)
    @blueprint.response(201, ContactPointSchema)
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any]) -> tuple[ContactPoint, dict[str, str]]:
        """Enter someone who can be asked."""
        at = now()
        with transaction() as session:
            entered = actions.enter_contact_point(session, _facts(body, at), actor(), at)
            made = queries.changed_contact_point(session, entered, _viewer())
        return made, {"Location": url_for("contact_points.contact_point", contact=entered)}


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
            return queries.contact_point(session, contact, _viewer())

    @requires("directory.write")
    @blueprint.doc(operationId="changeContactPoint")
    @blueprint.arguments(NewContactPointSchema)
    @blueprint.response(200, ContactPointSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def put(self, body: dict[str, Any], contact: UUID) -> ContactPoint:
        """Say anew how to reach a contact point: all of it, since what is left out is taken out."""
        at = now()
        with transaction() as session:
            queries.contact_point(session, contact, _viewer())
            actions.change_contact_point(session, contact, _facts(body, at), actor(), at)
            return queries.changed_contact_point(session, contact, _viewer())


@blueprint.route("/directory/contact-points/<uuid:contact>/end", endpoint="contact_point_end")
class EndOfContactPoint(MethodView):
    """That a contact point is there no longer."""

    @requires("directory.write")
    @blueprint.doc(operationId="endContactPoint")
    @blueprint.arguments(EndSchema)
    @blueprint.response(200, ContactPointSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], contact: UUID) -> ContactPoint:
        """End a contact point: from then on nobody is sent to it."""
        at = now()
        with transaction() as session:
            queries.contact_point(session, contact, _viewer())
            actions.end_contact_point(session, contact, body.get("ends", at), actor(), at)
            return queries.changed_contact_point(session, contact, _viewer())


def _viewer() -> Viewer:
    return Viewer(caller().agency)


def _facts(body: dict[str, Any], at: datetime) -> ContactFacts:
    """Return what was sent; whoever enters something without a document vouches for it."""
    phone, email, document = body.pop("phone"), body.pop("email"), body.pop("document")
    hours = body.pop("opening_hours")
    said = {"title": f"Entered by {caller().agency}", "as_of": at.date().isoformat()}
    return ContactFacts(
        **body,
        document=SourceDocument(**(document or said)),
        phone=None if phone is None else _phone(**phone),
        email=None if email is None else Email(**email),
        opening_hours=tuple(
            Opening(tuple(day.value for day in one["days"]), one["opens"], one["closes"])
            for one in hours
        ),
    )


def _phone(as_published: str, e164: str | None, fault: str | None) -> Phone:
    """Return a number; what nobody said of it is read off it."""
    if e164 is None and fault is None:
        return printed(as_published)
    return Phone(as_published, e164, fault)


def _place(after: Any) -> tuple[str, str, UUID] | None:  # noqa: ANN401  (the parts of a signed key)
    return None if after is None else (str(after[0]), str(after[1]), UUID(str(after[2])))
