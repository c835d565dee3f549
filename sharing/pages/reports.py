"""Reports on the log, for information governance leads: a table, a chart of it, and a file."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from app.kernel.auth import for_people, person_with
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.named import NamedProblem
from directory.queries.agencies import agencies
from sharing.actions.reporting import begin_report
from sharing.actions.searching_errors import FilterRefused, UnknownReport
from sharing.queries.indexing import Extent, extent
from sharing.queries.reports import flows_in_force, table_of
from sharing.rules.reports import charted, span_of
from sharing.rules.school_days import local_day
from sharing.schemas.reports import ReportQuerySchema
from sharing.terms.reports import TITLES, Asked, Report, Span, Table
from sharing.terms.searching import LogReader

WHOLE_LOG: Final = "log.audit"
FIELDS: Final = ("since", "until", "agency")
_QUERY: Final = ReportQuerySchema()

blueprint = Blueprint("ig_report_pages", __name__, url_prefix="/ig/reports")


@dataclass(frozen=True, slots=True)
class _Shown:
    """A report as a page shows it."""

    span: Span
    table: Table
    reach: Extent


def log_reader() -> LogReader:
    """Return whoever is signed in, as one who reads the whole log."""
    person = person_with(WHOLE_LOG)
    return LogReader(person.agency, whole=True, person=person.username)


@blueprint.get("")
@for_people(WHOLE_LOG)
def reports() -> str:
    """List the reports there are."""
    return render_template("ig/reports.html", titles=TITLES)


@blueprint.get("/<name>")
@for_people(WHOLE_LOG)
def report(name: str) -> ResponseReturnValue:
    """Show a report as a table, with its chart; it is in the log by then."""
    asked = _report(name)
    typed = {field: request.args.get(field, "") for field in FIELDS}
    try:
        return _page(asked, typed, {}, _made(asked, typed))
    except ValidationError as error:
        return _page(asked, typed, error.messages_dict, None), 422
    except FilterRefused as error:
        return _page(asked, typed, _named(error), None), 422


@blueprint.get("/<name>.csv")
@for_people(WHOLE_LOG)
def table(name: str) -> ResponseReturnValue:
    """Give the same table as a file."""
    asked = _report(name)
    typed = {field: request.args.get(field, "") for field in FIELDS}
    try:
        shown = _made(asked, typed)
    except ValidationError as error:
        return _page(asked, typed, error.messages_dict, None), 422
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerows([shown.table.columns, *shown.table.rows])
    answer = Response(written.getvalue(), content_type="text/csv; charset=utf-8; header=present")
    answer.headers["Content-Disposition"] = f'attachment; filename="{asked.value}.csv"'
    return answer


def _report(name: str) -> Report:
    try:
        return Report(name)
    except ValueError as error:
        raise UnknownReport from error


def _made(asked: Report, typed: Mapping[str, str]) -> _Shown:
    said: dict[str, Any] = _QUERY.load({name: value for name, value in typed.items() if value})
    by, at = log_reader(), now()
    wanted = Asked(asked, span_of(said["since"], said["until"], local_day(at)), said["agency"])
    with transaction(speaking_for=by.agency) as session:
        begin_report(session, wanted, by, at)
        unused = asked is Report.UNUSED_FLOWS
        flows = flows_in_force(session, at, wanted.agency) if unused else []
    with reading_as_ig_lead() as session:
        return _Shown(wanted.span, table_of(session, wanted, by, at, flows), extent(session))


def _named(error: NamedProblem) -> dict[str, list[str]]:
    return {one["parameter"]: [one["detail"]] for one in error.errors}


def _page(
    asked: Report,
    typed: Mapping[str, str],
    errors: Mapping[str, Any],
    shown: _Shown | None,
) -> str:
    with reading() as session:
        partners = [(one.code, one.name) for one in agencies(session)]
    return render_template(
        "ig/report.html",
        report=asked,
        heading=TITLES[asked],
        titles=TITLES,
        typed=typed,
        errors=errors,
        fields=FIELDS,
        agencies=partners,
        shown=shown,
        chart=None if shown is None else charted(shown.table),
    )
