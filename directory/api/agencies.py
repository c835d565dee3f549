"""Doors to agencies."""

from datetime import datetime
from typing import Any

from flask import abort, url_for
from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import problem, reference
from app.kernel.wire import Blueprint
from directory.actions import agencies as actions
from directory.actions.keeping import appoint, dismiss
from directory.api.acting import actor
from directory.queries import agencies as queries
from directory.schemas.agencies import (
    AgencyPageSchema,
    AgencySchema,
    KeepingSchema,
    NewAgencySchema,
    ReinstatementSchema,
    SuspensionSchema,
)
from directory.schemas.editing import NoWordsSchema
from directory.terms.agencies import (
    Agency,
    Interval,
)

blueprint = Blueprint("directory", __name__, url_prefix="/v1", description="Partner agencies")


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


@blueprint.route("/agencies/<code>/keeping", endpoint="keeping")
class Keeping(MethodView):
    """That an agency keeps the directory for all."""

    @requires("agency.write")
    @blueprint.doc(operationId="appointKeeper")
    @blueprint.arguments(KeepingSchema)
    @blueprint.response(201, AgencySchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], code: str) -> tuple[Agency, dict[str, str]]:
        """Let an agency keep the directory for all: it may change every entry."""
        at = now()
        with transaction() as session:
            agency = appoint(session, code, body.get("starts", at), actor(), at)
        return agency, {"Location": url_for("directory.agency", code=code)}


@blueprint.route("/agencies/<code>/keeping/end", endpoint="keeping_end")
class EndOfKeeping(MethodView):
    """That an agency keeps the directory for all no longer."""

    @requires("agency.write")
    @blueprint.doc(operationId="dismissKeeper")
    @blueprint.arguments(NoWordsSchema)
    @blueprint.response(200, AgencySchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, _: dict[str, Any], code: str) -> Agency:
        """Let an agency keep the directory for all no longer, from now."""
        with transaction() as session:
            return dismiss(session, code, actor(), now())


def _interval(starts: datetime, ends: datetime | None) -> Interval:
    if ends is not None and ends <= starts:
        detail = "The end must come after the start. Send a later end, or leave it out."
        abort(problem(422, "request_invalid", errors=[{"pointer": "#/ends", "detail": detail}]))
    return Interval(starts, ends)
