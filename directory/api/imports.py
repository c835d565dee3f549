"""Doors to uploads: lines of services that the worker takes in."""

from collections.abc import Callable
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, TypeVar
from uuid import UUID

from flask import abort, request, url_for
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import problem, reference
from app.kernel.wire import Blueprint, body_up_to
from directory.actions.uploads import LARGEST_UPLOAD, accept, fingerprint_of
from directory.api.acting import actor
from directory.queries import exchange as queries
from directory.rules.imports import failure_told
from directory.schemas.exchange import (
    ImportQuerySchema,
    ImportSchema,
    ImportState,
    NotePageSchema,
)
from directory.terms.exchange import Import, ImportPlan, Note, UnknownImport

LINES: Final = "application/x-ndjson"
_PART: Final = 64 * 1024
View = TypeVar("View", bound=Callable[..., Any])

blueprint = Blueprint("imports", __name__, url_prefix="/v1", description="Uploads of services")


def _takes_lines(view: View) -> View:
    """Declare a body of lines, which the view reads itself; stands beneath `arguments`."""
    body = {
        "in": "json",
        "required": True,
        "content_type": LINES,
        "description": "A nested service of Open Referral UK 3.0 on each line",
        "schema": {"type": "string", "minLength": 1},
    }
    documented: dict[str, Any] = vars(view).setdefault("_apidoc", {})
    documented.setdefault("arguments", {}).setdefault("parameters", []).append(body)
    return view


@blueprint.route("/directory/imports", endpoint="imports")
class Imports(MethodView):
    """Uploads of services."""

    @requires("directory.write")
    @body_up_to(LARGEST_UPLOAD)
    @blueprint.doc(operationId="uploadServices")
    @blueprint.arguments(ImportQuerySchema, location="query")
    @blueprint.response(202, ImportSchema)
    @_takes_lines
    def post(self, asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Upload services, one on each line, for the caller's agency; the worker takes them in.

        Rows that are refused do not stop others. Records of other agencies, and shared words,
        stay as they are. Follow the address in Location until `state` is `done`, or `failed`, which
        says what to do.
        """
        with SpooledTemporaryFile() as body:
            _receive(body)
            plan = ImportPlan(
                source=f"upload of {actor().agency}",
                fingerprint=fingerprint_of(body),
                author=actor().id,
                source_name=asked.get("source_name"),
                licence=asked.get("licence"),
                owner=actor().agency,
                agency=actor().agency,
            )
            with transaction() as session:
                accepted = accept(session, plan, body, now())
        where = url_for("imports.import", upload=accepted.id)
        return _told(accepted), {"Location": where}


@blueprint.route("/directory/imports/<uuid:upload>", endpoint="import")
class OneImport(MethodView):
    """An upload."""

    @requires("directory.write")
    @blueprint.doc(operationId="readUpload")
    @blueprint.response(200, ImportSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, upload: UUID) -> dict[str, Any]:
        """Say how far an upload of the caller's agency is."""
        with reading() as session:
            return _told(_mine(queries.one_import(session, upload)))


@blueprint.route("/directory/imports/<uuid:upload>/notes", endpoint="import_notes")
class Notes(MethodView):
    """What was wrong in an upload."""

    @requires("directory.write")
    @blueprint.doc(operationId="listUploadNotes")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, NotePageSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, asked: dict[str, Any], upload: UUID) -> tuple[Page[Any], dict[str, str]]:
        """List which rows were refused or flagged, where and why, in the order of the lines."""
        window = window_of(asked)
        after = int(str(window.after[0])) if window.after else 0
        with reading() as session:
            _mine(queries.one_import(session, upload))
            rows = queries.notes(session, upload, after=after, limit=window.limit)
        page, headers = page_of(rows, window, lambda one: (one[0],))
        return Page([_numbered(*one) for one in page.items], page.page), headers


def _receive(body: IO[bytes]) -> None:
    """Read what was sent, before anything waits for it in the database."""
    size = 0
    while part := request.stream.read(_PART):
        size += len(part)
        body.write(part)
    if size >= LARGEST_UPLOAD and size != request.content_length:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)  # one of unstated length was cut off there
    if not size:
        detail = "The body is empty. Send a service on each line."
        abort(problem(422, "request_invalid", errors=[{"pointer": "#", "detail": detail}]))


def _mine(found: Import) -> Import:
    """Refuse what is another agency's as if there were none."""
    if found.plan.agency != caller().agency:
        raise UnknownImport
    return found


def _state(one: Import) -> ImportState:
    if one.ended_at is None:
        return ImportState.RUNNING if one.tally.batches else ImportState.WAITING
    return ImportState.DONE if one.failure is None else ImportState.FAILED


def _told(one: Import) -> dict[str, Any]:
    services, why = one.tally.services, failure_told(one)
    return {
        "id": one.id,
        "state": _state(one),
        "failure": None if why is None else {"code": one.failure, "detail": why},
        "begun_at": one.begun_at,
        "ended_at": one.ended_at,
        "source_name": one.plan.source_name,
        "licence": one.plan.licence,
        "tally": {
            "rows": one.tally.rows,
            "refused": one.tally.refused,
            "flagged": one.tally.flagged,
            "records": one.tally.records,
            "mean_quality": round(one.tally.quality / services, 3) if services else None,
        },
    }


def _numbered(number: int, note: Note) -> dict[str, Any]:
    return {
        "number": number,
        "refused": note.refused,
        "place": note.place,
        "pointer": note.pointer,
        "detail": note.detail,
    }
