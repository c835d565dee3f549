"""What people said is wrong with records, and what an editor makes of it."""

from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.auth import for_people
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.named import NamedProblem
from directory.actions.reports import resolve
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
from directory.queries.naming import names_of_records
from directory.queries.reports import ReportSearch, reports, seen_report
from directory.terms.editing import Report, ReportAbout, ReportOutcome, ReportState, Resolution

ABOUT: Final = {
    ReportAbout.NAME: "the name",
    ReportAbout.DESCRIPTION: "the description",
    ReportAbout.OPENING_TIMES: "the opening times",
    ReportAbout.COST: "the cost",
    ReportAbout.AGES: "the ages",
    ReportAbout.CONTACT: "how to reach them",
    ReportAbout.PLACE: "the place",
    ReportAbout.CLOSED: "it has closed",
    ReportAbout.OTHER: "something else",
}
OUTCOMES: Final = {
    ReportOutcome.CORRECTED: "It was wrong, and I have corrected it",
    ReportOutcome.NOTHING_WRONG: "Nothing is wrong",
    ReportOutcome.PASSED_ON: "I have passed it on to whoever can put it right",
}
NO_OUTCOME: Final = "Say what became of it"

blueprint = Blueprint("manage_report_pages", __name__, url_prefix="/manage/reports")


@blueprint.get("")
@for_people(EDITORS)
def waiting() -> str:
    """List the reports that nobody has closed, or those that are; the oldest first."""
    closed = request.args.get("state") == "closed"
    agency = None if request.args.get("whose") == "all" else editor().agency
    state = ReportState.RESOLVED if closed else ReportState.WAITING
    search = ReportSearch(state, owner=agency)
    with reading() as session:
        after = after_in_address()
        found = reports(session, search, seen_by_editor(), after=after, limit=PAGE_SIZE + 1)
        names = _names(session, found)
    return render_template(
        "manage/reports.html",
        reports=found[:PAGE_SIZE],
        more=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        names=names,
        closed=closed,
        everybodys=agency is None,
        about=ABOUT,
        outcomes=OUTCOMES,
        done=done(),
    )


@blueprint.get("/<uuid:report>")
@for_people(EDITORS)
def report(report: UUID) -> str:
    """Show a report, with the form that closes it."""
    return _page(report)


@blueprint.post("/<uuid:report>")
@for_people(EDITORS)
def close(report: UUID) -> ResponseReturnValue:
    """Write down what became of a report."""
    chosen = request.form.get("outcome", "")
    if chosen not in set(ReportOutcome):
        return _page(report, {"outcome": NO_OUTCOME}), 422
    resolution = Resolution(ReportOutcome(chosen), typed_text("note") or None)
    try:
        with transaction() as session:
            resolve(session, report, resolution, actor(), now())
    except NamedProblem as problem:
        return _page(report, {"": problem.detail}), problem.status
    return redirect(url_for(".waiting", done="resolved"), 303)


def _page(report_id: UUID, errors: dict[str, str] | None = None) -> str:
    with reading() as session:
        found = seen_report(session, report_id, seen_by_editor())
        names = _names(session, [found])
    return render_template(
        "manage/report.html",
        report=found,
        names=names,
        about=ABOUT,
        outcomes=OUTCOMES,
        errors=errors or {},
        typed={"note": typed_text("note"), "outcome": request.form.get("outcome", "")},
    )


def _names(session: Session, found: list[Report]) -> dict[UUID, str]:
    """Return what the records that the editor may see are called."""
    return names_of_records(session, {one.record for one in found})
