"""Doors to drafts: proposing a change, reading what it changes, deciding on it."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import abort, request, url_for
from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.ids import new_id
from app.kernel.paging import Page, page_of, window_of
from app.kernel.problem import problem, reference
from app.kernel.wire import Blueprint, body_up_to
from directory.actions import drafts as actions
from directory.actions.proposing import propose
from directory.api.acting import actor, viewer
from directory.queries import editing as queries
from directory.queries.editing import DraftSearch
from directory.schemas.editing import (
    LARGEST_DOCUMENT,
    DraftLineSchema,
    DraftPageSchema,
    DraftQuerySchema,
    DraftRejectionSchema,
    DraftSchema,
    NewDraftSchema,
    NoWordsSchema,
)
from directory.terms.editing import Draft, DraftSeen, Proposal

blueprint = Blueprint("drafts", __name__, url_prefix="/v1", description="Changes of the directory")

_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "description": "The ETag of the draft as it was read: what changed since is not approved",
    "schema": {"type": "string"},
}


@blueprint.route("/directory/drafts", endpoint="drafts")
class Drafts(MethodView):
    """Changes that wait for a second person, and those decided on."""

    @requires("directory.write")
    @blueprint.doc(operationId="listDrafts")
    @blueprint.arguments(DraftQuerySchema, location="query")
    @blueprint.response(200, DraftPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Draft], dict[str, str]]:
        """List drafts, the newest first."""
        window = window_of(asked)
        search = DraftSearch(asked["state"], asked["kind"], asked["record"], asked["owner"])
        after = UUID(str(window.after[0])) if window.after else None
        with reading() as session:
            rows = queries.drafts(session, search, viewer(), after=after, limit=window.limit)
        return page_of(rows, window, lambda draft: (draft.id,))

    @requires("directory.write")
    @body_up_to(LARGEST_DOCUMENT)
    @blueprint.doc(operationId="proposeChange")
    @blueprint.arguments(NewDraftSchema)
    @blueprint.response(201, DraftSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Propose a change, or a new record."""
        at, who = now(), actor()
        document = {"id": str(body.get("record") or new_id(at)), **body["document"]}
        if "record" in body and document["id"] != str(body["record"]):
            detail = "The document has another id than `record`. Send one of them, or the same."
            errors = [{"pointer": "#/document/id", "detail": detail}]
            abort(problem(422, "draft_invalid", detail, errors=errors))
        note, owner = body["note"], body["owner"]
        proposal = Proposal(body["kind"], document, who.id, who.agency, note, owner)
        with transaction() as session:
            if "record" in body:
                queries.current(session, body["kind"], body["record"], viewer())
            made = propose(session, proposal, at)
            seen = queries.seen_draft(session, made.id, viewer(), own=True)
        return told(seen), _tagged(seen) | {"Location": url_for("drafts.draft", draft=made.id)}


@blueprint.route("/directory/drafts/<uuid:draft>", endpoint="draft")
class OneDraft(MethodView):
    """A draft."""

    @requires("directory.write")
    @blueprint.doc(operationId="readDraft")
    @blueprint.response(200, DraftSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, draft: UUID) -> tuple[dict[str, Any], dict[str, str]]:
        """Say what a draft changes, field by field."""
        with reading() as session:
            seen = queries.seen_draft(session, draft, viewer())
        return told(seen), _tagged(seen)


@blueprint.route("/directory/drafts/<uuid:draft>/approval", endpoint="approval")
class Approval(MethodView):
    """That a second person takes a draft."""

    @requires("directory.write")
    @blueprint.doc(operationId="approveDraft", parameters=[_IF_MATCH])
    @blueprint.arguments(NoWordsSchema)
    @blueprint.response(201, DraftLineSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    @blueprint.alt_response(412, reference(412))
    def post(self, _: dict[str, Any], draft: UUID) -> Draft:
        """Approve a draft: from then on it counts."""
        with transaction() as session:
            if request.if_match:
                tag = queries.seen_draft(session, draft, viewer()).tag
                if not request.if_match.contains(tag):
                    abort(problem(412, "precondition_failed"))
            return actions.approve(session, draft, actor(), now())


@blueprint.route("/directory/drafts/<uuid:draft>/rejection", endpoint="rejection")
class Rejection(MethodView):
    """That a second person does not take a draft."""

    @requires("directory.write")
    @blueprint.doc(operationId="rejectDraft")
    @blueprint.arguments(DraftRejectionSchema)
    @blueprint.response(201, DraftLineSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], draft: UUID) -> Draft:
        """Reject a draft, and say why."""
        with transaction() as session:
            return actions.reject(session, draft, actor(), body["reason"], now())


@blueprint.route("/directory/drafts/<uuid:draft>/withdrawal", endpoint="withdrawal")
class Withdrawal(MethodView):
    """That its author takes a draft back."""

    @requires("directory.write")
    @blueprint.doc(operationId="withdrawDraft")
    @blueprint.arguments(NoWordsSchema)
    @blueprint.response(201, DraftLineSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, _: dict[str, Any], draft: UUID) -> Draft:
        """Withdraw a draft of one's own."""
        with transaction() as session:
            return actions.withdraw(session, draft, actor(), now())


def told(seen: DraftSeen) -> dict[str, Any]:
    """Return a draft as its schema tells it: what it changes, and no more than its viewer sees."""
    draft = seen.draft
    line = {name: getattr(draft, name) for name in _TOLD} | {
        "differences": seen.differences,
        "document": seen.document,
        "whole": seen.whole,
    }
    return line if draft.verdict is None else line | {"verdict": asdict(draft.verdict)}


_TOLD = ("id", "kind", "record", "origin", "author", "agency", "made_at", "note", "owner")


def _tagged(seen: DraftSeen) -> dict[str, str]:
    return {"ETag": f'"{seen.tag}"'}
