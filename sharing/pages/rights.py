"""People's rights, for information governance leads: packs to look at, and what was erased.

Every page of `/ig` asks for `log.review`, and every form there is one of ours: both are checked
before any of these views is reached (`app.kernel.auth`, `app.people`).
"""

from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.auth import for_people, person_with
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.named import NotAvailable
from consent.queries.vocabulary import titles
from sharing.actions.packs import review
from sharing.actions.rights_errors import (
    OwnRequest,
)
from sharing.pages.desk import IG_LEADS, PAGE_SIZE, after_in_address, done, faults, typed
from sharing.queries import erasing, packs
from sharing.terms.access import Capacity, Caution, Outcome, Pack, PackState, Review

ASKED_AS: Final = {
    Capacity.SELF: "The person themselves",
    Capacity.PARENT: "A parent",
    Capacity.REPRESENTATIVE: "A representative",
}
CAUTIONS: Final = {
    Caution.PARENT_ASKS: (
        "A parent asks for a child. Find out what the child wants, and whether telling could do"
        " serious harm to anybody."
    ),
    Caution.REPRESENTATIVE_ASKS: (
        "Somebody asks for the person. Check that they may, and for how much."
    ),
    Caution.CHILD_ASKS: "A child asks. Check that they understand what they will read.",
    Caution.HIDDEN: "The person is hidden by a shield. The danger may be at home.",
    Caution.SOURCE_WITHHOLDS: (
        "An agency has decided to hold something back. Ask it why before you tell."
    ),
}
blueprint = Blueprint("ig_rights_pages", __name__, url_prefix="/ig")


@blueprint.get("/access-packs")
@for_people(IG_LEADS)
def waiting() -> str:
    """List the packs that wait for a person, the one due first at the top."""
    with reading() as session:
        found = packs.waiting(session)
    today = now().date()
    return render_template(
        "ig/packs.html", packs=found, today=today, asked_as=ASKED_AS, done=done()
    )


@blueprint.get("/access-packs/<uuid:pack>")
@for_people(IG_LEADS)
def look(pack: UUID) -> str:
    """Show what is asked, why a person must look, and the form that decides."""
    return _page(pack)


@blueprint.post("/access-packs/<uuid:pack>")
@for_people(IG_LEADS)
def decide(pack: UUID) -> ResponseReturnValue:
    """Release a pack or refuse it, in the name of whoever is signed in."""
    found = _waiting_pack(pack)
    errors = faults("outcome", "reason") | _wrong_wishes(found)
    if errors:
        return _page(pack, errors), 422
    lead = person_with(IG_LEADS)
    said = Review(
        Outcome(request.form["outcome"]),
        lead.username,
        lead.agency,
        typed("reason"),
        typed("wishes") or None,
        frozenset(request.form.getlist("leave_out")),
    )
    with reading_as_ig_lead() as session:
        told = packs.all_told(session, found.subject)
    try:
        with transaction() as session:
            made = review(session, pack, said, told, now(), of=found.subject)
    except OwnRequest as own:
        return _page(pack, {"outcome": own.detail}), 403
    became = "released" if made.state is PackState.READY else "refused"
    return redirect(url_for(".waiting", done=became), 303)


@blueprint.get("/erasures")
@for_people(IG_LEADS)
def erasures() -> str:
    """List what was erased and by which entry, and whether anything is gone without one."""
    with reading_as_ig_lead() as session:
        found = erasing.erasures(session, after=after_in_address(), limit=PAGE_SIZE + 1)
        gone = erasing.unexplained(session)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return render_template("ig/erasures.html", erasures=found[:PAGE_SIZE], more=more, faults=gone)


def _page(pack_id: UUID, errors: dict[str, str] | None = None) -> str:
    found = _waiting_pack(pack_id)
    with reading() as session:
        names = titles(session, {}).categories
        categories = packs.categories_held(session, found.subject)
    return render_template(
        "ig/pack.html",
        pack=found,
        categories=[(code, names.get(code, code)) for code in categories],
        asked_as=ASKED_AS,
        cautions=CAUTIONS,
        errors=errors or {},
        typed=request.form,
        left_out=request.form.getlist("leave_out"),
    )


def _waiting_pack(pack_id: UUID) -> Pack:
    with reading() as session:
        found = packs.one_waiting(session, pack_id)
    if found is None:
        raise NotAvailable
    return found


def _wrong_wishes(pack: Pack) -> dict[str, str]:
    """Return what is wrong with a child's wishes: who decides for a parent must know them."""
    needed = Caution.PARENT_ASKS in pack.cautions or typed("wishes")
    return faults("wishes") if needed else {}
