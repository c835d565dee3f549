"""Drafts: what is proposed, field by field, and a second person's decision."""

from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.auth import for_people
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.named import NamedProblem
from directory.actions.drafts import approve, reject, withdraw
from directory.pages.managing import (
    EDITORS,
    PAGE_SIZE,
    actor,
    after_in_address,
    done,
    editor,
    seen_by_editor,
    typed_text,
)
from directory.queries.editing import DraftSearch, drafts, seen_draft
from directory.queries.editing import draft as draft_on_file
from directory.queries.naming import names_told
from directory.rules.change_words import Line, documents_of, lines
from directory.terms.editing import Draft, DraftSeen, DraftState
from directory.terms.records import RecordKind

NO_REASON: Final = "Say why, so that its author knows what to do"
KINDS: Final = {
    RecordKind.SERVICE: "Service",
    RecordKind.ORGANIZATION: "Organization",
    RecordKind.LOCATION: "Place",
    RecordKind.TAXONOMY: "List of topics",
    RecordKind.TAXONOMY_TERM: "Topic",
}

blueprint = Blueprint("manage_draft_pages", __name__, url_prefix="/manage/drafts")


@blueprint.get("")
@for_people(EDITORS)
def waiting() -> str:
    """List the drafts that wait, or those that were decided on; of the agency, or of all."""
    agency = None if request.args.get("whose") == "all" else editor().agency
    decided = request.args.get("state") == "decided"
    state = DraftState.DECIDED if decided else DraftState.WAITING
    with reading() as session:
        viewer = seen_by_editor()
        search = DraftSearch(state, owner=agency)
        found = drafts(session, search, viewer, after=after_in_address(), limit=PAGE_SIZE + 1)
        shown = [seen_draft(session, one.id, viewer) for one in found[:PAGE_SIZE]]
    return render_template(
        "manage/drafts.html",
        drafts=shown,
        more=shown[-1].draft.id if len(found) > PAGE_SIZE else None,
        decided=decided,
        everybodys=agency is None,
        kinds=KINDS,
        done=done(),
    )


@blueprint.get("/<uuid:draft>")
@for_people(EDITORS)
def draft(draft: UUID) -> str:
    """Show a draft, with what it changes."""
    with reading() as session:
        return _page(session, draft)


@blueprint.post("/<uuid:draft>/approve")
@for_people(EDITORS)
def say_yes(draft: UUID) -> ResponseReturnValue:
    """Put a draft on file, or say why that cannot be."""
    try:
        with transaction() as session:
            approve(session, draft, actor(), now())
    except NamedProblem as problem:
        return _again(draft, problem)
    return redirect(url_for(".draft", draft=draft, done="approved"), 303)


@blueprint.post("/<uuid:draft>/reject")
@for_people(EDITORS)
def say_no(draft: UUID) -> ResponseReturnValue:
    """Close a draft, with a reason for its author."""
    reason = typed_text("reason")
    if not reason:
        with reading() as session:
            return _page(session, draft, {"reason": NO_REASON}), 422
    try:
        with transaction() as session:
            reject(session, draft, actor(), reason, now())
    except NamedProblem as problem:
        return _again(draft, problem)
    return redirect(url_for(".waiting", done="rejected"), 303)


@blueprint.post("/<uuid:draft>/withdraw")
@for_people(EDITORS)
def take_back(draft: UUID) -> ResponseReturnValue:
    """Take back a draft of one's own."""
    try:
        with transaction() as session:
            withdraw(session, draft, actor(), now())
    except NamedProblem as problem:
        return _again(draft, problem)
    return redirect(url_for(".waiting", done="withdrawn"), 303)


def _again(draft: UUID, problem: NamedProblem) -> ResponseReturnValue:
    """Show the draft once more, with what kept it from being decided on."""
    said = [problem.detail, *(one["detail"] for one in problem.errors)]
    with reading() as session:
        return _page(session, draft, {"": " ".join(dict.fromkeys(said))}), problem.status


def _page(session: Session, draft_id: UUID, errors: dict[str, str] | None = None) -> str:
    own = is_own(draft_on_file(session, draft_id))
    seen = seen_draft(session, draft_id, seen_by_editor(), own=own)
    return render_template(
        "manage/draft.html",
        seen=seen,
        own=own,
        kinds=KINDS,
        changes=_changes(session, seen),
        errors=errors or {},
        reason=typed_text("reason"),
        done=done(),
    )


def is_own(draft: Draft) -> bool:
    """Say whether the editor made this draft, and so may not decide on it."""
    return (draft.author, draft.agency) == (actor().id, actor().agency)


def _changes(session: Session, seen: DraftSeen) -> list[tuple[str, tuple[Line, ...]]]:
    """Return what each record of a draft comes to: the kind of the record, and line by line."""
    documents = [one for part in seen.differences for one in documents_of(part.changes)]
    names = names_told(session, [seen.document, *documents])
    return [(KINDS[part.kind], lines(part.changes, names)) for part in seen.differences]
