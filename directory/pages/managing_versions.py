"""Every version that a service has had: who made it, what it changed, and the way back to it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.kernel.auth import for_people
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.named import NamedProblem
from directory.actions.proposing import restore
from directory.pages.managing import EDITORS, editor, seen_by_editor, typed_text
from directory.queries.editing import current, history, seen_version
from directory.queries.naming import names_told
from directory.rules.change_words import documents_of, lines, told
from directory.terms.editing import Proposal
from directory.terms.records import Origin, RecordKind

ORIGINS = {
    Origin.EDITED: "edited",
    Origin.IMPORTED: "imported",
    Origin.RESTORED: "restored from an earlier version",
    Origin.CONFIRMED: "confirmed as still right",
    Origin.SEEDED: "entered at the start",
}

blueprint = Blueprint("manage_version_pages", __name__, url_prefix="/manage/services")


@blueprint.get("/<uuid:service>/versions")
@for_people(EDITORS)
def versions(service: UUID) -> str:
    """List the versions of a service, the newest first."""
    viewer = seen_by_editor()
    with reading() as session:
        held = current(session, RecordKind.SERVICE, service, viewer)
        found = history(session, RecordKind.SERVICE, service, viewer)
    return render_template("manage/versions.html", held=held, versions=found, origins=ORIGINS)


@blueprint.get("/<uuid:service>/versions/<int:number>")
@for_people(EDITORS)
def version(service: UUID, number: int) -> str:
    """Show a version, and how it differs from the one before."""
    return _page(service, number)


@blueprint.post("/<uuid:service>/versions/<int:number>/restore")
@for_people(EDITORS)
def bring_back(service: UUID, number: int) -> ResponseReturnValue:
    """Propose that a service be again what it was in a version: a second person decides."""
    person = editor()
    note = typed_text("note") or f"Back to version {number}"
    proposal = Proposal(RecordKind.SERVICE, {}, person.username, person.agency, note=note)
    try:
        with transaction() as session:
            draft = restore(session, service, number, proposal, now())
    except NamedProblem as problem:
        return _page(service, number, problem.detail), problem.status
    return redirect(url_for("manage_draft_pages.draft", draft=draft.id, done="drafted"), 303)


def _page(service: UUID, number: int, error: str | None = None) -> str:
    viewer = seen_by_editor()
    with reading() as session:
        held = current(session, RecordKind.SERVICE, service, viewer)
        seen = seen_version(session, RecordKind.SERVICE, service, number, viewer)
        document = seen.document or {}
        names = names_told(session, [document, *documents_of(seen.changes)])
        return render_template(
            "manage/version.html",
            held=held,
            seen=seen,
            changes=lines(seen.changes, names),
            lines=told(document, names),
            origins=ORIGINS,
            error=error,
        )
