"""Doors to a record's versions: reading them, bringing one back, vouching, answering for it."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.actions import confirming
from directory.actions.proposing import restore
from directory.api.acting import ANY_RECORD, COLLECTIONS, actor, viewer
from directory.api.drafts import told
from directory.queries import editing as queries
from directory.schemas.editing import (
    DraftSchema,
    NewOwnerSchema,
    NoWordsSchema,
    RecordOwnerSchema,
    RecordVersionSchema,
    ServiceConfirmationSchema,
    VersionNumberSchema,
    VersionPageSchema,
)
from directory.terms.editing import Confirmed, Handover, Proposal, VersionSeen
from directory.terms.records import Record

blueprint = Blueprint("versions", __name__, url_prefix="/v1", description="Versions of records")


@blueprint.route(f"{ANY_RECORD}/versions", endpoint="versions")
class Versions(MethodView):
    """The versions of a record."""

    @requires("directory.write")
    @blueprint.doc(operationId="listVersions")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, VersionPageSchema)
    @blueprint.alt_response(404, reference(404))
    def get(
        self, asked: dict[str, Any], collection: str, record: UUID
    ) -> tuple[Page[VersionSeen], dict[str, str]]:
        """Say who changed a record, when and from what, the newest first."""
        window = window_of(asked)
        with reading() as session:
            found = queries.history(session, COLLECTIONS[collection], record, viewer())
        if window.after:
            last = int(str(window.after[0]))
            found = [one for one in found if one.number < last]
        return page_of(found[: window.limit], window, lambda one: (one.number,))


@blueprint.route(f"{ANY_RECORD}/versions/<int:number>", endpoint="version")
class OneVersion(MethodView):
    """A version of a record."""

    @requires("directory.write")
    @blueprint.doc(operationId="readVersion")
    @blueprint.response(200, RecordVersionSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, collection: str, record: UUID, number: int) -> VersionSeen:
        """Read a version, and how it differs from the one before."""
        with reading() as session:
            return queries.seen_version(session, COLLECTIONS[collection], record, number, viewer())


@blueprint.route(f"{ANY_RECORD}/restoration", endpoint="restoration")
class Restoration(MethodView):
    """That a record is to be again what it was."""

    @requires("directory.write")
    @blueprint.doc(operationId="restoreVersion")
    @blueprint.arguments(VersionNumberSchema)
    @blueprint.response(201, DraftSchema)
    @blueprint.alt_response(404, reference(404))
    def post(
        self, body: dict[str, Any], collection: str, record: UUID
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Propose that a version come back; a second person approves it like any draft."""
        who = actor()
        asked = Proposal(COLLECTIONS[collection], {}, who.id, who.agency, body["note"])
        with transaction() as session:
            made = restore(session, record, body["version"], asked, now())
            seen = queries.seen_draft(session, made.id, viewer(), own=True)
        return told(seen), {"Location": url_for("drafts.draft", draft=made.id)}


@blueprint.route(f"{ANY_RECORD}/owner", endpoint="owner")
class Owner(MethodView):
    """Which agency answers for a record."""

    @requires("directory.write")
    @blueprint.doc(operationId="handOverRecord")
    @blueprint.arguments(NewOwnerSchema)
    @blueprint.response(201, RecordOwnerSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any], collection: str, record: UUID) -> Record:
        """Make an agency answer for a record."""
        to = Handover(COLLECTIONS[collection], record, body["owner"])
        with transaction() as session:
            return confirming.hand_over(session, to, actor(), now())


@blueprint.route("/directory/services/<uuid:service>/confirmation", endpoint="confirmation")
class Confirmation(MethodView):
    """That a service is still right."""

    @requires("directory.write")
    @blueprint.doc(operationId="confirmService")
    @blueprint.arguments(NoWordsSchema)
    @blueprint.response(201, ServiceConfirmationSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, _: dict[str, Any], service: UUID) -> Confirmed:
        """Vouch for a service as it stands; no second person is asked."""
        with transaction() as session:
            return confirming.confirm(session, service, actor(), now())
