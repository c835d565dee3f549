"""The whole log to take away: everything that an outsider needs to check it, in one tar."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Response, current_app, url_for
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import IG_EXTENSION, reading, reading_as_ig_lead, transaction
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions.errors import NoSuchTree
from sharing.actions.export_requests import NewExport, approve_export, request_export, take_export
from sharing.actions.exporting import Reader, as_tar
from sharing.actions.log import ORIGIN, RECEIPTS
from sharing.actions.review_errors import SecondPersonNeeded, UnknownExport
from sharing.queries.export_requests import export_request, export_requests
from sharing.queries.exporting import members
from sharing.queries.tree import published
from sharing.rules.exporting import state_at
from sharing.schemas.exporting import (
    ExportQuerySchema,
    ExportRequestPageSchema,
    ExportRequestSchema,
    NewExportSchema,
)
from sharing.terms.exporting import ExportRequest

_TAR: Final = "application/x-tar"

blueprint = Blueprint(
    "export", __name__, url_prefix="/v1/log", description="The log, to be checked elsewhere"
)


def reader() -> Reader:
    """Return the client that calls, as one who takes the log out."""
    return Reader(caller().agency, caller().client_id)


def _told(request: ExportRequest, at: datetime) -> dict[str, Any]:
    return asdict(request) | {"state": state_at(request, at)}


@blueprint.route("/export", endpoint="export")
class Export(MethodView):
    """The log as files: checkpoints, tiles, entries, and what opens them."""

    @requires("log.audit")
    @blueprint.doc(operationId="exportLog")
    @blueprint.arguments(ExportQuerySchema, location="query")
    @blueprint.response(200, content_type=_TAR)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    @blueprint.alt_response(410, reference(410))
    def get(self, asked: dict[str, Any]) -> Response:
        """Take the whole published log out, once somebody else has approved that.

        It is an entry itself, as the request and the approval are. Check it offline.
        """
        who, at = reader(), now()
        with reading_as_ig_lead() as session:
            if published(session) is None:
                raise NoSuchTree("The sequencer has not run yet: there is nothing to export.")
        if "request" not in asked:
            raise SecondPersonNeeded
        with transaction(speaking_for=who.agency) as session:
            approved = take_export(session, asked["request"], who, at)
            openings = approved.openings
            if asked.get("openings", openings) is not openings:
                raise SecondPersonNeeded(f"Only an export of {openings.value} was approved.")
        # What is sent is made after the request, when there is no application to ask.
        whole_log = current_app.extensions[IG_EXTENSION].reading
        origin, signer = current_app.extensions[ORIGIN], current_app.extensions[RECEIPTS]
        parts = as_tar(members(whole_log, openings), origin, openings, signer, at)
        answer = Response(parts, content_type=_TAR)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Content-Disposition"] = 'attachment; filename="log.tar"'
        return answer


@blueprint.route("/export/requests", endpoint="export_requests")
class ExportRequests(MethodView):
    """Requests to take the whole log out."""

    @requires("log.audit")
    @blueprint.doc(operationId="requestExport")
    @blueprint.arguments(NewExportSchema)
    @blueprint.response(201, ExportRequestSchema)
    def post(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Say that the whole log is wanted, and why; a second person has a day to approve it."""
        at = now()
        with transaction(speaking_for=caller().agency) as session:
            made = request_export(session, NewExport(**body), reader(), at)
        where = url_for("export.export_request", request_id=made.id)
        return _told(made, at), {"Location": where}

    @requires("log.audit")
    @blueprint.doc(operationId="listExportRequests")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, ExportRequestPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[dict[str, Any]], dict[str, str]]:
        """List who wanted the whole log and who agreed, newest first."""
        window, at = window_of(asked), now()
        after = UUID(str(window.after[0])) if window.after else None
        with reading() as session:
            rows = export_requests(session, after=after, limit=window.limit)
        return page_of([_told(one, at) for one in rows], window, lambda one: (one["id"],))


@blueprint.route("/export/requests/<uuid:request_id>", endpoint="export_request")
class OneExportRequest(MethodView):
    """A request to take the whole log out."""

    @requires("log.audit")
    @blueprint.doc(operationId="readExportRequest")
    @blueprint.response(200, ExportRequestSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, request_id: UUID) -> dict[str, Any]:
        """Say how far a request has come."""
        with reading() as session:
            found = export_request(session, request_id)
        if found is None:
            raise UnknownExport
        return _told(found, now())


@blueprint.route("/export/requests/<uuid:request_id>/approval", endpoint="export_approval")
class ExportApproval(MethodView):
    """That a second person agrees."""

    @requires("log.audit")
    @blueprint.doc(operationId="approveExport")
    @blueprint.response(200, ExportRequestSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    @blueprint.alt_response(410, reference(410))
    def post(self, request_id: UUID) -> dict[str, Any]:
        """Agree that the log be taken out, by somebody else than whoever asked."""
        at = now()
        with transaction(speaking_for=caller().agency) as session:
            return _told(approve_export(session, request_id, reader(), at), at)
