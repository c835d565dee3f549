"""Reports on the log: by month and agency, of counts that were made as entries came."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Response
from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions.reporting import begin_report
from sharing.actions.searching_errors import UnknownReport
from sharing.api.searching import log_reader, reading_as
from sharing.queries.indexing import Extent, extent
from sharing.queries.reports import flows_in_force, table_of
from sharing.rules.reports import span_of
from sharing.rules.school_days import local_day
from sharing.schemas.reports import ReportQuerySchema, ReportSchema, ReportsSchema
from sharing.terms.reports import TITLES, Asked, Report, Table
from sharing.terms.searching import LogReader

_CSV: Final = "text/csv"

blueprint = Blueprint(
    "log_reports", __name__, url_prefix="/v1/log", description="What the log adds up to"
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A report with what was asked for, and how far the counts reach."""

    report: Report
    title: str
    since: Any
    until: Any
    agency: str | None
    reach: Extent
    table: Table

    @property
    def columns(self) -> tuple[str, ...]:
        """What the cells of a row are."""
        return self.table.columns

    @property
    def rows(self) -> tuple[tuple[str | int, ...], ...]:
        """The rows."""
        return self.table.rows


def report_named(name: str) -> Report:
    """Return a report by its name; `UnknownReport` if there is none."""
    try:
        return Report(name)
    except ValueError as error:
        raise UnknownReport from error


def reported(report: Report, asked: Mapping[str, Any], by: LogReader) -> Reported:
    """Return a report as somebody may read it; the log says so by then."""
    at = now()
    span = span_of(asked["since"], asked["until"], local_day(at))
    wanted = Asked(report, span, asked["agency"])
    with transaction(speaking_for=by.agency) as session:
        begin_report(session, wanted, by, at)
    own = wanted.agency if by.whole else by.agency
    with reading(speaking_for=by.agency) as session:
        flows = flows_in_force(session, at, own) if report is Report.UNUSED_FLOWS else []
    with reading_as(by) as session:
        table = table_of(session, wanted, by, at, flows)
        reach = extent(session)
    return Reported(report, TITLES[report], span.first, span.last, wanted.agency, reach, table)


def as_csv(table: Table) -> str:
    """Return a table as CSV (RFC 4180); its cells are codes, which no formula begins like."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(table.columns)
    rows.writerows(table.rows)
    return written.getvalue()


@blueprint.route("/reports", endpoint="reports")
class Reports(MethodView):
    """The reports there are."""

    @requires("log.read")
    @blueprint.doc(operationId="listLogReports")
    @blueprint.response(200, ReportsSchema)
    def get(self) -> dict[str, Any]:
        """List the reports there are."""
        return {"items": [{"report": one, "title": title} for one, title in TITLES.items()]}


@blueprint.route("/reports/<name>", endpoint="report")
class OneReport(MethodView):
    """A report on the log."""

    @requires("log.read")
    @blueprint.doc(operationId="readLogReport")
    @blueprint.arguments(ReportQuerySchema, location="query")
    @blueprint.response(200, ReportSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, asked: dict[str, Any], name: str) -> Reported:
        """Read a report: with `log.audit` on all agencies, without on what the caller's asked.

        That it was read is an entry of the log.
        """
        return reported(report_named(name), asked, log_reader())


@blueprint.route("/reports/<name>/table.csv", endpoint="report_table")
class ReportTable(MethodView):
    """The same as a table."""

    @requires("log.read")
    @blueprint.doc(operationId="readLogReportAsTable")
    @blueprint.arguments(ReportQuerySchema, location="query")
    @blueprint.response(200, content_type=_CSV)
    @blueprint.alt_response(404, reference(404))
    def get(self, asked: dict[str, Any], name: str) -> Response:
        """Read a report as CSV."""
        found = reported(report_named(name), asked, log_reader())
        answer = Response(
            as_csv(found.table), content_type=f"{_CSV}; charset=utf-8; header=present"
        )
        named = f'attachment; filename="{found.report.value}.csv"'
        answer.headers["Content-Disposition"] = named
        answer.headers["Cache-Control"] = "no-store"
        return answer
