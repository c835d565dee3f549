"""Doors to agencies and contact points."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import abort, url_for
from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import problem, reference
from app.kernel.problem_codes import ProblemKind
from app.kernel.wire import Blueprint
from directory import actions, queries
from directory.schemas import (
    AgencyPageSchema,
    AgencySchema,
    ContactPointPageSchema,
    ContactPointQuerySchema,
    ContactPointSchema,
    NewAgencySchema,
    ReinstatementSchema,
    SuspensionSchema,
)
from directory.terms import (
    Agency,
    AgencyActive,
    AgencyExists,
    AgencyNotActive,
    ContactPoint,
    ContactSearch,
    Interval,
    UnknownAgency,
    UnknownContactPoint,
)

PROBLEMS: Final = (
    ProblemKind(
        "agency_exists",
        409,
        "The agency's code is taken",
        "A code names one agency for ever: agreements and the log speak of it. Choose another.",
    ),
    ProblemKind(
        "agency_already_so",
        409,
        "The agency is suspended, or takes part, already",
        "GET the agency: `active` says when it takes part. Suspend only what takes part, and "
        "reinstate only what does not.",
    ),
)
"""What only this storey answers, for `register_problems`."""

ERRORS: Final[Mapping[type[Exception], tuple[int, str]]] = {
    UnknownAgency: (404, "not_found"),
    UnknownContactPoint: (404, "not_found"),
    AgencyExists: (409, "agency_exists"),
    AgencyNotActive: (409, "agency_already_so"),
    AgencyActive: (409, "agency_already_so"),
}
"""Status and code of this storey's errors, for `register_errors`."""

blueprint = Blueprint(
    "directory", __name__, url_prefix="/v1", description="Partner agencies and contact points"
)


@blueprint.route("/agencies", endpoint="agencies")
class Agencies(MethodView):
    """The partner agencies."""

    @requires("directory.read")
    @blueprint.doc(operationId="listAgencies")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, AgencyPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Agency], dict[str, str]]:
        """List agencies by code."""
        window = window_of(asked)
        after = str(window.after[0]) if window.after else None
        with reading() as session:
            rows = queries.agencies(session, after=after, limit=window.limit)
        return page_of(rows, window, lambda agency: (agency.code,))

    @requires("agency.write")
    @blueprint.doc(operationId="enterAgency")
    @blueprint.arguments(NewAgencySchema)
    @blueprint.response(201, AgencySchema)
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any]) -> tuple[Agency, dict[str, str]]:
        """Enter an agency."""
        at = now()
        active = (_interval(body.pop("starts", at), body.pop("ends", None)),)
        with transaction() as session:
            agency = actions.register_agency(session, Agency(recorded_at=at, active=active, **body))
        return agency, {"Location": url_for("directory.agency", code=agency.code)}


@blueprint.route("/agencies/<code>", endpoint="agency")
class OneAgency(MethodView):
    """A partner agency."""

    @requires("directory.read")
    @blueprint.doc(operationId="readAgency")
    @blueprint.response(200, AgencySchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, code: str) -> Agency:
        """Say who an agency is and when it takes part."""
        with reading() as session:
            return queries.agency(session, code)


@blueprint.route("/agencies/<code>/suspension", endpoint="suspension")
class Suspension(MethodView):
    """That an agency takes no part for a while."""

    @requires("agency.write")
    @blueprint.doc(operationId="suspendAgency")
    @blueprint.arguments(SuspensionSchema)
    @blueprint.response(201, AgencySchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], code: str) -> tuple[Agency, dict[str, str]]:
        """Suspend an agency."""
        at = now()
        away = _interval(body.get("starts", at), body.get("ends"))
        with transaction() as session:
            agency = actions.suspend(session, code, away, at)
        return agency, {"Location": url_for("directory.agency", code=code)}


@blueprint.route("/agencies/<code>/reinstatement", endpoint="reinstatement")
class Reinstatement(MethodView):
    """That an agency takes part again."""

    @requires("agency.write")
    @blueprint.doc(operationId="reinstateAgency")
    @blueprint.arguments(ReinstatementSchema)
    @blueprint.response(201, AgencySchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], code: str) -> tuple[Agency, dict[str, str]]:
        """Reinstate an agency."""
        at = now()
        with transaction() as session:
            agency = actions.reinstate(session, code, body.get("starts", at), at)
        return agency, {"Location": url_for("directory.agency", code=code)}


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


def _interval(starts: datetime, ends: datetime | None) -> Interval:
    if ends is not None and ends <= starts:
        detail = "The end must come after the start. Send a later end, or leave it out."
        abort(problem(422, "request_invalid", errors=[{"pointer": "#/ends", "detail": detail}]))
    return Interval(starts, ends)


def _place(after: Any) -> tuple[str, str, UUID] | None:  # noqa: ANN401  (the parts of a signed key)
    return None if after is None else (str(after[0]), str(after[1]), UUID(str(after[2])))
