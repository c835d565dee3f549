"""People's rights, for information governance leads: packs to look at, holds, and what was erased.

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
from sharing.actions.errors import OwnRequest
from sharing.actions.holds import release
from sharing.actions.packs import review
from sharing.queries import erasing, packs
from sharing.queries import holds as held
from sharing.terms.access import Capacity, Caution, Outcome, Pack, PackState, Review
from sharing.terms.rights import Words

IG_LEADS: Final = "log.review"
PAGE_SIZE: Final = 25
LONGEST: Final = 2000
DONE: Final = {
    "released": "The pack is released. The agency that took the request down can read it now.",
    "refused": "The pack is refused. The agency tells whoever asked, and why.",
    "ended": "The hold is released, and stays on file.",
}
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
_NEEDED: Final = {
    "outcome": "Say what you decide",
    "reason": "Say why, in 2,000 characters or fewer",
    "wishes": "Say what the child wants, in 2,000 characters or fewer",
    "authority": "Say by what authority, in 500 characters or fewer",
}
_LONGEST_AUTHORITY: Final = 500

blueprint = Blueprint("ig_rights_pages", __name__, url_prefix="/ig")


@blueprint.get("/access-packs")
@for_people(IG_LEADS)
def waiting() -> str:
    """List the packs that wait for a person, the one due first at the top."""
    with reading() as session:
        found = packs.waiting(session)
    today = now().date()
    return render_template(
        "ig/packs.html", packs=found, today=today, asked_as=ASKED_AS, done=_done()
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
    errors = _faults("outcome", "reason") | _faults_of_wishes(found)
    if errors:
        return _page(pack, errors), 422
    said = Review(
        Outcome(request.form["outcome"]),
        person_with(IG_LEADS).username,
        _typed("reason"),
        _typed("wishes") or None,
        frozenset(request.form.getlist("leave_out")),
    )
    with reading_as_ig_lead() as session:
        told = packs.all_told(session, found.subject)
    try:
        with transaction() as session:
            made = review(session, pack, said, told, now(), of=found.subject)
    except OwnRequest as own:
        return _page(pack, {"outcome": own.detail}), 403
    done = "released" if made.state is PackState.READY else "refused"
    return redirect(url_for(".waiting", done=done), 303)


@blueprint.get("/holds")
@for_people(IG_LEADS)
def holds() -> str:
    """List what must not be erased, and what was held before, of every agency."""
    with reading() as session:
        found = held.holds(session, after=_after(), limit=PAGE_SIZE + 1)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return render_template("ig/holds.html", holds=found[:PAGE_SIZE], more=more, done=_done())


@blueprint.get("/holds/<uuid:hold>")
@for_people(IG_LEADS)
def hold(hold: UUID) -> str:
    """Show a hold, with the form that releases it."""
    return _hold_page(hold)


@blueprint.post("/holds/<uuid:hold>")
@for_people(IG_LEADS)
def end_hold(hold: UUID) -> ResponseReturnValue:
    """Release a hold, in the name of whoever is signed in."""
    errors = _faults("reason", "authority")
    if errors:
        return _hold_page(hold, errors), 422
    words = Words(_typed("reason"), _typed("authority"))
    by = person_with(IG_LEADS).username
    with transaction() as session:
        release(session, hold, words, agency=None, by=by, at=now())
    return redirect(url_for(".holds", done="ended"), 303)


@blueprint.get("/erasures")
@for_people(IG_LEADS)
def erasures() -> str:
    """List what was erased and by which entry, and whether anything is gone without one."""
    with reading_as_ig_lead() as session:
        found = erasing.erasures(session, after=_after(), limit=PAGE_SIZE + 1)
        faults = erasing.unexplained(session)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return render_template("ig/erasures.html", erasures=found[:PAGE_SIZE], more=more, faults=faults)


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


def _hold_page(hold_id: UUID, errors: dict[str, str] | None = None) -> str:
    with reading() as session:
        found = held.hold(session, hold_id)
    if found is None:
        raise NotAvailable
    return render_template("ig/hold.html", hold=found, errors=errors or {}, typed=request.form)


def _faults(*names: str) -> dict[str, str]:
    """Return what is missing from a form, or longer than can be kept, by field."""
    return {name: _NEEDED[name] for name in names if not _fits(name)}


def _fits(name: str) -> bool:
    if name == "outcome":
        return request.form.get(name, "") in set(Outcome)
    most = _LONGEST_AUTHORITY if name == "authority" else LONGEST
    return 0 < len(_typed(name)) <= most


def _faults_of_wishes(pack: Pack) -> dict[str, str]:
    """Return what is wrong with a child's wishes: who decides for a parent must know them."""
    needed = Caution.PARENT_ASKS in pack.cautions or _typed("wishes")
    return _faults("wishes") if needed else {}


def _typed(name: str) -> str:
    """Return what was typed into a field, but for NUL, which PostgreSQL cannot hold."""
    return request.form.get(name, "").replace("\x00", "").strip()


def _done() -> str | None:
    return DONE.get(request.args.get("done", ""))


def _after() -> UUID | None:
    """Return what the page before ended with; None where the address does not say it rightly."""
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None
