"""Doors to what shows that something was said: for the agency that recorded it alone."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar
from uuid import UUID

from flask import Response, abort, request
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.wire import Blueprint, body_up_to
from consent.actions import evidence as acting
from consent.api.arriving import writer
from consent.queries.evidence import Evidence, EvidenceRead
from consent.rules.evidence import ENDINGS, LARGEST_FILE
from consent.schemas.evidence import (
    EvidenceListSchema,
    EvidenceReadsSchema,
    EvidenceSchema,
    NewNoteSchema,
)

ANY_FILE: Final = "application/octet-stream"
View = TypeVar("View", bound=Callable[..., Any])
blueprint = Blueprint(
    "evidence", __name__, url_prefix="/v1/consents/<uuid:consent>/evidence", description="Evidence"
)


def _takes_a_file(view: View) -> View:
    """Declare a body of bytes, which the view reads itself."""
    body = {
        "in": "json",
        "required": True,
        "content_type": ANY_FILE,
        "description": "A PDF, PNG or JPEG: what it is, its own bytes say",
        "schema": {"type": "string", "format": "binary", "minLength": 1},
    }
    documented: dict[str, Any] = vars(view).setdefault("_apidoc", {})
    documented.setdefault("arguments", {}).setdefault("parameters", []).append(body)
    return view


@blueprint.route("")
class EvidenceOfConsent(MethodView):
    """What there is."""

    @requires("consent.read")
    @blueprint.doc(operationId="listConsentEvidence")
    @blueprint.response(200, EvidenceListSchema)
    @blueprint.alt_response(404, success=False)
    def get(self, consent: UUID) -> dict[str, Sequence[Evidence]]:
        """List files and notes, the oldest first; opening one is written down."""
        with reading() as session:
            return {"items": acting.listed(session, consent, caller().agency)}


@blueprint.route("/files")
class Files(MethodView):
    """Signed forms."""

    @requires("consent.write")
    @body_up_to(LARGEST_FILE)
    @blueprint.doc(operationId="attachConsentFile")
    @blueprint.response(201, EvidenceSchema)
    @blueprint.alt_response(404, success=False)
    @blueprint.alt_response(409, success=False)
    @_takes_a_file
    def post(self, consent: UUID) -> tuple[Evidence, dict[str, str]]:
        """Keep a scanned form or photograph, sealed under the key of whoever gave the consent."""
        content = request.get_data(cache=False)
        if len(content) >= LARGEST_FILE and len(content) != request.content_length:
            abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)  # one of unstated length was cut off there
        with transaction() as session:
            made = acting.attach_file(session, consent, content, writer(), now())
        return made, {"Location": f"/v1/consents/{consent}/evidence/{made.id}"}


@blueprint.route("/notes")
class Notes(MethodView):
    """Notes on how it was said."""

    @requires("consent.write")
    @blueprint.doc(operationId="attachConsentNote")
    @blueprint.arguments(NewNoteSchema)
    @blueprint.response(201, EvidenceSchema)
    @blueprint.alt_response(404, success=False)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any], consent: UUID) -> tuple[Evidence, dict[str, str]]:
        """Keep a note, sealed under the key of whoever gave the consent."""
        with transaction() as session:
            made = acting.attach_note(session, consent, body["note"], writer(), now())
        return made, {"Location": f"/v1/consents/{consent}/evidence/{made.id}"}


@blueprint.route("/reads")
class Reads(MethodView):
    """Who has opened it."""

    @requires("consent.read")
    @blueprint.doc(operationId="listConsentEvidenceReads")
    @blueprint.response(200, EvidenceReadsSchema)
    @blueprint.alt_response(404, success=False)
    def get(self, consent: UUID) -> dict[str, Sequence[EvidenceRead]]:
        """List who opened which piece and when, the newest first."""
        with reading() as session:
            return {"items": acting.readers(session, consent, caller().agency)}


@blueprint.route("/<uuid:evidence>")
class OnePiece(MethodView):
    """One piece."""

    @requires("consent.read")
    @blueprint.doc(operationId="openConsentEvidence")
    @blueprint.response(200, content_type=ANY_FILE)
    @blueprint.alt_response(404, success=False)
    def get(self, consent: UUID, evidence: UUID) -> Response:
        """Open a piece of evidence, to be kept as a file; who does is written down."""
        who = caller()
        signed = None if who.practitioner is None else who.practitioner.id
        reader = acting.Reader(who.client_id, who.agency, signed)
        with transaction() as session:
            opened = acting.read(session, consent, evidence, reader, now())
        answer = Response(opened.content, content_type=ANY_FILE)
        # Never shown in a browser: a scanned form from outside could hold anything.
        name = f"evidence-{evidence}.{ENDINGS[opened.media_type]}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer
