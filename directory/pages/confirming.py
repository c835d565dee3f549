"""Pages by which anyone says that something is wrong, and whoever vouches that it is still right.

They need no session and set no cookie. A link of a letter opens a page and changes nothing: only
the button does, once, and the signed link alone says that it may.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from app.kernel.auth import public
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.vault import Vault
from directory.actions.editing_errors import DraftInvalid, NothingChanges
from directory.actions.links import WORKS_FOR
from directory.actions.reminders import look_up, press
from directory.actions.reports import report_wrong
from directory.pages.viewing import viewer
from directory.queries.records import seen_service
from directory.rules.describing import described
from directory.rules.freshness import next_check
from directory.rules.timetables import said_on
from directory.schemas.reporting import ReportFormSchema
from directory.terms.editing import NewReport, ReportAbout
from directory.terms.records import RecordKind, Viewer
from directory.terms.reminding import Linked, LinkState, UnknownLink

FOR_ANYONE: Final = "whoever knows that something is wrong must be able to say so"
BY_LINK: Final = "the signed link of a letter says who may answer it, once"
ABOUT: Final = (
    (ReportAbout.CLOSED, "It has closed or moved"),
    (ReportAbout.CONTACT, "How to reach them"),
    (ReportAbout.OPENING_TIMES, "When it is open"),
    (ReportAbout.PLACE, "Where it is"),
    (ReportAbout.COST, "What it costs"),
    (ReportAbout.AGES, "Who it is for"),
    (ReportAbout.NAME, "Its name"),
    (ReportAbout.DESCRIPTION, "What it says about itself"),
    (ReportAbout.OTHER, "Something else"),
)
_FIELDS: Final = {
    ReportAbout.NAME: "name",
    ReportAbout.DESCRIPTION: "description",
    ReportAbout.COST: "fees",
}
"""What can be corrected word for word; the rest an editor puts in its place."""
_SCHEMA: Final = ReportFormSchema()

blueprint = Blueprint("confirming_pages", __name__)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Keep links and what was written out of every cache and every index."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed about which service, and what is wrong with that."""

    name: str
    action: str
    back: str | None
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


@blueprint.get("/services/still-right/<token>")
@public(BY_LINK)
def still_right(token: str) -> Response:
    """Ask whoever has the link whether a service is still right; nothing changes by this."""
    at = now()
    with reading() as session:
        try:
            linked = look_up(session, token, at)
        except UnknownLink:
            return _unknown()
    return _asked(linked, token, at)


@blueprint.post("/services/still-right/<token>")
@public(BY_LINK)
def confirmed(token: str) -> Response:
    """Take the answer that a service is still right, if the link still stands for it."""
    at = now()
    with transaction() as session:
        try:
            linked = press(session, token, at)
        except UnknownLink:
            return _unknown()
    return _asked(linked, token, at)


@blueprint.get("/services/still-right/<token>/wrong")
@public(BY_LINK)
def wrong_by_link(token: str) -> Response:
    """Ask whoever has the link what is wrong."""
    with reading() as session:
        try:
            linked = look_up(session, token, now())
        except UnknownLink:
            return _unknown()
    return _report_form(Form(linked.name, request.path, None))


@blueprint.post("/services/still-right/<token>/wrong")
@public(BY_LINK)
def report_by_link(token: str) -> Response:
    """Take what whoever has the link says is wrong; they may not see more of it by that."""
    with transaction() as session:
        try:
            linked = look_up(session, token, now())
        except UnknownLink:
            return _unknown()
        form = Form(linked.name, request.path, None)
        return _reported(session, form, linked.reminder.service, unseen=linked.seen is None)


@blueprint.get("/services/<uuid:service>/report")
@public(FOR_ANYONE)
def wrong(service: UUID) -> Response:
    """Ask what is wrong with a service that the reader may see."""
    with reading() as session:
        return _report_form(_form(session, service, viewer()))


@blueprint.post("/services/<uuid:service>/report")
@public(FOR_ANYONE)
def report(service: UUID) -> Response:
    """Take what a reader says is wrong; an editor reads it."""
    with transaction() as session:
        form = _form(session, service, viewer())
        return _reported(session, form, service, unseen=False)


def _form(session: Session, service: UUID, who: Viewer) -> Form:
    seen = seen_service(session, service, who)
    return Form(str(seen.get("name")), request.path, f"/services/{service}")


def _asked(linked: Linked, token: str, at: datetime) -> Response:
    today = at.date()
    told = None if linked.seen is None else described(linked.seen, today)
    assured = linked.assured_on
    page = render_template(
        "directory/still_right.html",
        linked=linked,
        state=linked.state.value,
        just_now=linked.state is LinkState.USED and linked.reminder.used_at == at,
        told=told,
        token=token,
        until=said_on((linked.reminder.made_at + WORKS_FOR).date()),
        assured=assured and said_on(assured),
        next_check=assured and said_on(next_check(assured, today)),
    )
    return make_response(page)


def _unknown() -> Response:
    return make_response(render_template("directory/still_right.html", state="unknown"), 404)


def _report_form(form: Form) -> Response:
    status = 422 if form.errors else 200
    about = [(one.value, said) for one, said in ABOUT]
    page = render_template("directory/report.html", form=form, about=about)
    return make_response(page, status)


def _reported(session: Session, form: Form, service: UUID, *, unseen: bool) -> Response:
    """Take a filled form, or return it with what is wrong; nothing typed is lost."""
    typed = {name: request.form.get(name, "").strip() for name in _SCHEMA.fields}
    filled = {name: value for name, value in typed.items() if value}
    try:
        said = _SCHEMA.load(filled)
        with session.begin_nested():
            report_wrong(session, _new(session, service, said, unseen=unseen), now())
    except ValidationError as error:
        return _report_form(_again(form, typed, error.messages_dict))
    except (DraftInvalid, NothingChanges) as error:
        return _report_form(_again(form, typed, {"instead": [_why(error)]}))
    page = render_template("directory/reported.html", form=form, reply=said["reply_to"])
    return make_response(page)


def _again(form: Form, typed: dict[str, str], errors: dict[str, list[str]]) -> Form:
    return Form(form.name, form.action, form.back, typed, errors)


def _why(error: DraftInvalid | NothingChanges) -> str:
    if isinstance(error, NothingChanges):
        return "This is what it says now. Write what it should say instead, or leave this empty."
    return error.errors[0]["detail"]


def _new(session: Session, service: UUID, said: dict[str, Any], *, unseen: bool) -> NewReport:
    about, instead = said["about"], said["instead"]
    text, name = said["text"], _FIELDS.get(about)
    if instead and (name is None or unseen):
        text = f"{text}\n\nIt should say: {instead}"
    return NewReport(
        RecordKind.SERVICE,
        service,
        about,
        text,
        said["reply_to"],
        {name: instead} if instead and name and not unseen else None,
        Vault.of(session).blind_index("report-sender", request.remote_addr or ""),
        agency=viewer().agency,
        trusted=unseen,
    )
