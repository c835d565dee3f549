"""Exports of the whole log, for people: one asks, another approves, the first takes it."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.auth import for_people, person_with
from app.kernel.clock import now
from app.kernel.db import IG_EXTENSION, reading, reading_as_ig_lead, transaction
from app.kernel.named import NamedProblem
from sharing.actions.errors import NoSuchTree
from sharing.actions.export_requests import NewExport, approve_export, request_export, take_export
from sharing.actions.exporting import Reader, as_tar
from sharing.actions.log import ORIGIN, RECEIPTS
from sharing.pages.desk import IG_LEADS, PAGE_SIZE, after_in_address, typed
from sharing.queries.export_requests import export_requests
from sharing.queries.exporting import members
from sharing.queries.tree import published
from sharing.rules.exporting import is_own, state_at
from sharing.terms.exporting import ExportState, Openings

LONGEST_REASON: Final = 2000
OPENINGS: Final = (
    (Openings.FACTS.value, "Facts, which name nobody"),
    (Openings.PEOPLE.value, "Facts and people"),
)
STATES: Final = {
    ExportState.WAITING: "Waits for a second person",
    ExportState.APPROVED: "Approved",
    ExportState.TAKEN: "Taken",
    ExportState.EXPIRED: "Expired",
}
DONE: Final = {
    "asked": "Somebody else with your rights must approve it within a day.",
    "approved": "It is approved. Whoever asked for it can take it for a day.",
}
_NEEDED: Final = {
    "openings": "Choose how much of the log",
    "reason": "Say why, in 2,000 characters or fewer",
}

blueprint = Blueprint("ig_export_pages", __name__, url_prefix="/ig/exports")


def reader() -> Reader:
    """Return whoever is signed in, as one who takes the log out."""
    person = person_with(IG_LEADS)
    return Reader(person.agency, None, person.username)


@blueprint.get("")
@for_people(IG_LEADS)
def exports() -> str:
    """List who wanted the whole log and who agreed, newest first, with the form that asks."""
    return _page({})


@blueprint.post("")
@for_people(IG_LEADS)
def ask() -> ResponseReturnValue:
    """Say that the whole log is wanted, and why."""
    errors = {
        name: said
        for name, said, fits in (
            ("openings", _NEEDED["openings"], typed("openings") in set(Openings)),
            ("reason", _NEEDED["reason"], 0 < len(typed("reason")) <= LONGEST_REASON),
        )
        if not fits
    }
    if errors:
        return _page(errors), 422
    by, new = reader(), NewExport(Openings(typed("openings")), typed("reason"))
    with transaction(speaking_for=by.agency) as session:
        request_export(session, new, by, now())
    return redirect(url_for(".exports", done="asked"), 303)


@blueprint.post("/<uuid:wanted>/approval")
@for_people(IG_LEADS)
def approve(wanted: UUID) -> ResponseReturnValue:
    """Agree that somebody else takes the log out."""
    by = reader()
    try:
        with transaction(speaking_for=by.agency) as session:
            approve_export(session, wanted, by, now())
    except NamedProblem as refused:
        return _page({"export": refused.detail}), refused.status
    return redirect(url_for(".exports", done="approved"), 303)


@blueprint.post("/<uuid:wanted>/log.tar")
@for_people(IG_LEADS)
def take(wanted: UUID) -> ResponseReturnValue:
    """Take an approved export, once; by POST, so that nothing but the button does it."""
    by, at = reader(), now()
    try:
        with reading_as_ig_lead() as session:
            if published(session) is None:
                raise NoSuchTree("The sequencer has not run yet: there is nothing to export.")
        with transaction(speaking_for=by.agency) as session:
            openings = take_export(session, wanted, by, at).openings
    except NamedProblem as refused:
        return _page({"export": refused.detail}), refused.status
    # What is sent is made after the request, when there is no application to ask.
    whole_log = current_app.extensions[IG_EXTENSION].reading
    origin, signer = current_app.extensions[ORIGIN], current_app.extensions[RECEIPTS]
    parts = as_tar(members(whole_log, openings), origin, openings, signer, at)
    answer = Response(parts, content_type="application/x-tar")
    answer.headers["Content-Disposition"] = 'attachment; filename="log.tar"'
    return answer


def _page(errors: dict[str, str]) -> str:
    at, name = now(), reader().name
    with reading() as session:
        found = export_requests(session, after=after_in_address(), limit=PAGE_SIZE + 1)
    listed = [(one, state_at(one, at), is_own(one, name)) for one in found[:PAGE_SIZE]]
    return render_template(
        "ig/exports.html",
        exports=listed,
        more=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        openings=OPENINGS,
        states=STATES,
        errors=errors,
        typed=request.form,
        done=DONE.get(request.args.get("done", "")),
    )
