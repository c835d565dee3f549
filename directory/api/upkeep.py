"""Doors to what has to be looked after: services by freshness, and what people report."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageMark, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.actions import reports as actions
from directory.api.acting import actor, viewer
from directory.queries import reports as queries
from directory.queries.reports import ReportSearch
from directory.queries.upkeep import UpkeepSearch, place_of_upkeep, upkeep, upkeep_counts
from directory.schemas.upkeep import (
    DirectoryReportSchema,
    NewDirectoryReportSchema,
    ReportPageSchema,
    ReportQuerySchema,
    ReportResolutionSchema,
    UpkeepPageSchema,
    UpkeepQuerySchema,
)
from directory.terms.editing import NewReport, Report, Resolution, Upkeep, UpkeepCounts

blueprint = Blueprint("upkeep", __name__, url_prefix="/v1", description="Keeping records true")


@dataclass(frozen=True, slots=True)
class UpkeepPage:
    """A page of services, and how many there are of each freshness."""

    items: tuple[Upkeep, ...]
    page: PageMark
    counts: UpkeepCounts


@blueprint.route("/directory/upkeep", endpoint="upkeep")
class UpkeepList(MethodView):
    """The services that are to be looked after."""

    @requires("directory.write")
    @blueprint.doc(operationId="listUpkeep")
    @blueprint.arguments(UpkeepQuerySchema, location="query")
    @blueprint.response(200, UpkeepPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[UpkeepPage, dict[str, str]]:
        """List services, those longest without assurance first."""
        window, on = window_of(asked), now().date()
        search = UpkeepSearch(viewer(), asked["owner"], asked["freshness"])
        after = None
        if window.after:
            after = (date.fromisoformat(str(window.after[0])), UUID(str(window.after[1])))
        with reading() as session:
            rows = upkeep(session, search, on, after=after, limit=window.limit)
            counts = upkeep_counts(session, search, on)
        page, headers = page_of(rows, window, place_of_upkeep)
        return UpkeepPage(tuple(page.items), page.page, counts), headers


@blueprint.route("/directory/reports", endpoint="reports")
class Reports(MethodView):
    """What people say is wrong."""

    @requires("directory.write")
    @blueprint.doc(operationId="listReports")
    @blueprint.arguments(ReportQuerySchema, location="query")
    @blueprint.response(200, ReportPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Report], dict[str, str]]:
        """List reports, the oldest first."""
        window = window_of(asked)
        search = ReportSearch(asked["state"], asked["record"], asked["owner"])
        after = UUID(str(window.after[0])) if window.after else None
        with reading() as session:
            rows = queries.reports(session, search, viewer(), after=after, limit=window.limit)
        return page_of(rows, window, lambda one: (one.id,))

    @requires("directory.read")
    @blueprint.doc(operationId="reportRecord")
    @blueprint.arguments(NewDirectoryReportSchema)
    @blueprint.response(201, DirectoryReportSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(429, reference(429))
    def post(self, body: dict[str, Any]) -> tuple[Report, dict[str, str]]:
        """Say what is wrong with a record; fields that are to change become a draft."""
        who = caller()
        new = NewReport(**body, client=who.client_id, agency=who.agency)
        with transaction() as session:
            made = actions.report_wrong(session, new, now())
        return made, {"Location": url_for("upkeep.report", report=made.id)}


@blueprint.route("/directory/reports/<uuid:report>", endpoint="report")
class OneReport(MethodView):
    """A report."""

    @requires("directory.write")
    @blueprint.doc(operationId="readReport")
    @blueprint.response(200, DirectoryReportSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, report: UUID) -> Report:
        """Read a report, and what became of it."""
        with reading() as session:
            return queries.seen_report(session, report, viewer())


@blueprint.route("/directory/reports/<uuid:report>/resolution", endpoint="resolution")
class ReportResolution(MethodView):
    """What became of a report."""

    @requires("directory.write")
    @blueprint.doc(operationId="resolveReport")
    @blueprint.arguments(ReportResolutionSchema)
    @blueprint.response(201, DirectoryReportSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], report: UUID) -> Report:
        """Say what became of a report; its sender's address is forgotten."""
        with transaction() as session:
            return actions.resolve(session, report, Resolution(**body), actor(), now())
