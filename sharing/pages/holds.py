"""Legal holds, for information governance leads: what is held, why, and until somebody ends it."""

from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.auth import for_people, person_with
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.named import NotAvailable
from directory.queries.agencies import agencies
from sharing.actions.holds import release, set_hold
from sharing.pages.desk import (
    IG_LEADS,
    PAGE_SIZE,
    after_in_address,
    done,
    faults,
    typed,
    typed_day,
    typed_id,
)
from sharing.queries import holds as held
from sharing.terms.rights import Actor, NewHold, Words

_ONE: Final = "Name either one person, by the id that this service gave them, or an agency"
_NOBODY: Final = "Nobody has this id"
_NO_DAY: Final = "Enter a real day, such as 2027-03-04, or leave it empty"
_ORDER: Final = "The period must end after it begins, and is for an agency alone"

blueprint = Blueprint("ig_hold_pages", __name__, url_prefix="/ig/holds")


@blueprint.get("")
@for_people(IG_LEADS)
def holds() -> str:
    """List what must not be erased, and what was held before, of every agency."""
    with reading() as session:
        found = held.holds(session, after=after_in_address(), limit=PAGE_SIZE + 1)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return render_template("ig/holds.html", holds=found[:PAGE_SIZE], more=more, done=done())


@blueprint.get("/new")
@for_people(IG_LEADS)
def new() -> str:
    """Show the form that sets a hold."""
    return _form({})


@blueprint.post("/new")
@for_people(IG_LEADS)
def add() -> ResponseReturnValue:
    """Set a hold, in the name of whoever is signed in."""
    errors = _wrong_target() | _wrong_period() | faults("reason", "authority")
    if errors:
        return _form(errors), 422
    lead = person_with(IG_LEADS)
    hold = NewHold(
        subject=typed_id("subject"),
        agency=typed("agency") or None,
        starts=typed_day("starts"),
        ends=typed_day("ends"),
        reason=typed("reason"),
        authority=typed("authority"),
        set_by=lead.username,
    )
    try:
        with transaction() as session:
            set_hold(session, hold, Actor(lead.username, lead.agency, ""), now)
    except NotAvailable:
        return _form({"subject": _NOBODY}), 422
    return redirect(url_for(".holds", done="set"), 303)


@blueprint.get("/<uuid:hold>")
@for_people(IG_LEADS)
def hold(hold: UUID) -> str:
    """Show a hold, with the form that releases it."""
    return _page(hold, {})


@blueprint.post("/<uuid:hold>")
@for_people(IG_LEADS)
def end(hold: UUID) -> ResponseReturnValue:
    """Release a hold, in the name of whoever is signed in."""
    errors = faults("reason", "authority")
    if errors:
        return _page(hold, errors), 422
    words = Words(typed("reason"), typed("authority"))
    by = person_with(IG_LEADS).username
    with transaction() as session:
        release(session, hold, words, agency=None, by=by, at=now())
    return redirect(url_for(".holds", done="ended"), 303)


def _form(errors: dict[str, str]) -> str:
    with reading() as session:
        partners = [(one.code, one.name) for one in agencies(session)]
    return render_template("ig/new_hold.html", agencies=partners, errors=errors, typed=request.form)


def _page(hold_id: UUID, errors: dict[str, str]) -> str:
    with reading() as session:
        found = held.hold(session, hold_id)
    if found is None:
        raise NotAvailable
    return render_template("ig/hold.html", hold=found, errors=errors, typed=request.form)


def _wrong_target() -> dict[str, str]:
    """Return what is wrong with whom or what the form names, if anything."""
    with reading() as session:
        known = {one.code for one in agencies(session)}
    named = typed("subject"), typed("agency")
    if all(named) or not any(named) or (named[1] and named[1] not in known):
        return {"subject": _ONE}
    return {} if named[1] or typed_id("subject") else {"subject": _NOBODY}


def _wrong_period() -> dict[str, str]:
    wrong = {}
    days = {}
    for name in ("starts", "ends"):
        try:
            days[name] = typed_day(name)
        except ValueError:
            wrong[name] = _NO_DAY
    starts, ends = days.get("starts"), days.get("ends")
    backwards = starts is not None and ends is not None and ends <= starts
    if not wrong and (backwards or (typed("subject") and (starts or ends))):
        wrong["ends"] = _ORDER
    return wrong
