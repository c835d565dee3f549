"""One service as its editor sees it: what it says, what it lacks, and the form to change it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.auth import for_people
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.ids import new_id
from app.kernel.named import NamedProblem
from app.kernel.schema import unstorable
from directory.actions.confirming import confirm
from directory.actions.editing_errors import DraftInvalid, NothingChanges, UnknownReference
from directory.actions.proposing import propose
from directory.pages.managing import (
    EDITORS,
    actor,
    done,
    editor,
    seen_by_editor,
    typed_text,
)
from directory.queries.editing import DraftSearch, current, drafts, seen_flat
from directory.queries.keeping import can_change
from directory.queries.naming import names_told, terms_offered
from directory.queries.records import seen_service
from directory.queries.reports import ReportSearch, reports
from directory.rules.change_words import told
from directory.rules.edit_form import GROUPS, filled_in, is_plain, parts_of, rows_of
from directory.rules.edit_typed import TakenOver, taken_over
from directory.rules.freshness import freshness, next_check
from directory.rules.quality import quality
from directory.rules.timetables import day_of, timetable
from directory.terms.editing import DraftState, Proposal, ReportState
from directory.terms.records import Document, Record, RecordKind

_BLANK_ROWS: Final = 1
_CHANGED: Final = (
    "Somebody changed this service after you opened the form. What you typed is below. Look at "
    "what it says now, and send the form once more if your change is still right"
)
_CONTROL: Final = "This holds a control character. Type it again"

blueprint = Blueprint("manage_record_pages", __name__, url_prefix="/manage/services")


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a service as it is shown: what stands in its fields, and what is wrong."""

    held: Record
    document: Document
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, dict[int, dict[str, str]]]:
        """The rows of each list, with a blank one after the last."""
        shown = {group: rows_of(self.values, group) for group in GROUPS}
        for rows in shown.values():
            if not rows or rows[max(rows)].get("id"):
                rows[max(rows, default=-1) + _BLANK_ROWS] = {}
        return shown

    def fixed_times(self) -> dict[str, str]:
        """Return, by id, the opening times that the form cannot show, in words."""
        fixed = (one for one in parts_of(self.document, "schedules") if not is_plain(one))
        today = now().date()
        return {str(one["id"]): "; ".join(timetable([one], today)) for one in fixed}


@blueprint.get("/<uuid:service>")
@for_people(EDITORS)
def record(service: UUID) -> str:
    """Show a service, how it is kept, and what waits to be done about it."""
    viewer, today = seen_by_editor(), now().date()
    with reading() as session:
        held = current(session, RecordKind.SERVICE, service, viewer)
        document = seen_flat(session, RecordKind.SERVICE, held.document, viewer) or {}
        whole = seen_service(session, service, viewer)
        waiting = DraftSearch(DraftState.WAITING, RecordKind.SERVICE, service)
        reported = ReportSearch(ReportState.WAITING, service)
        assured = day_of(document.get("assured_date"))
        return render_template(
            "manage/record.html",
            held=held,
            lines=told(document, names_told(session, [document])),
            quality=quality(whole, today),
            freshness=freshness(assured, today),
            assured=assured,
            next_check=next_check(assured, today),
            drafts=drafts(session, waiting, viewer),
            reports=reports(session, reported, viewer),
            mine=held.owner == editor().agency,
            may_change=can_change(session, actor(), held.owner, now()),
            done=done(),
        )


@blueprint.post("/<uuid:service>/confirm")
@for_people(EDITORS)
def still_right(service: UUID) -> ResponseReturnValue:
    """Write down that the editor vouches for a service as it stands."""
    with transaction() as session:
        confirm(session, service, actor(), now())
    return redirect(url_for(".record", service=service, done="confirmed"), 303)


@blueprint.get("/<uuid:service>/edit")
@for_people(EDITORS)
def edit(service: UUID) -> str:
    """Show the form of a service."""
    with reading() as session:
        held, document = _held(session, service)
        shown = {**filled_in(document, editor().agency), "version": str(held.version)}
        return _page(session, Form(held, document, shown))


@blueprint.post("/<uuid:service>/edit")
@for_people(EDITORS)
def send(service: UUID) -> ResponseReturnValue:
    """Make a draft of what was typed, or show the form again with all of it."""
    typed = {name: text for name, text in request.form.items() if name != "csrf_token"}
    with transaction() as session:
        held, document = _held(session, service)
        made = taken_over(document, _storable(typed), _new_ids(), editor().agency)
        errors = {**_unstorable(typed), **made.errors}
        if typed.get("version") != str(held.version):
            errors[""] = _CHANGED
        draft = None
        if not errors:
            draft, errors = _proposed(session, made)
        if draft is None:
            shown = {**typed, "version": str(held.version)}
            return _page(session, Form(held, document, shown, errors)), 422
    return redirect(url_for("manage_draft_pages.draft", draft=draft, done="drafted"), 303)


def _proposed(session: Session, made: TakenOver) -> tuple[UUID | None, dict[str, str]]:
    """Put a draft on file and return its id, or what is wrong with it, by field."""
    person = editor()
    note = typed_text("note") or None
    proposal = Proposal(
        RecordKind.SERVICE, made.document, person.username, person.agency, note=note
    )
    try:
        with session.begin_nested():
            return propose(session, proposal, now()).id, {}
    except NothingChanges:
        return None, {"": "You have not changed anything yet"}
    except (DraftInvalid, UnknownReference) as error:
        return None, dict(_by_field(made, error))


def _by_field(made: TakenOver, error: NamedProblem) -> Iterator[tuple[str, str]]:
    for one in error.errors:
        yield made.field_of(one["pointer"].removeprefix("#/document")), one["detail"]


def _held(session: Session, service: UUID) -> tuple[Record, Document]:
    viewer = seen_by_editor()
    held = current(session, RecordKind.SERVICE, service, viewer)
    return held, seen_flat(session, RecordKind.SERVICE, held.document, viewer) or {}


def _page(session: Session, form: Form) -> str:
    terms = terms_offered(session, seen_by_editor())
    return render_template("manage/edit.html", form=form, terms=terms, names=dict(terms))


def _unstorable(typed: dict[str, str]) -> dict[str, str]:
    return {name: _CONTROL for name, text in typed.items() if unstorable(text)}


def _storable(typed: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in typed.items() if not unstorable(text)}


def _new_ids() -> Iterator[Any]:
    while True:
        yield str(new_id(now()))
