"""Doors to areas, to who answers for them, and to who stands in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.ids import new_id
from app.kernel.paging import Page, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.actions import areas as area_actions
from directory.actions import coverage as actions
from directory.api.acting import actor
from directory.queries import coverage as queries
from directory.queries.contacts import contact_point
from directory.schemas.coverage import (
    AreaPageSchema,
    AreaQuerySchema,
    AreaSchema,
    CoveragePageSchema,
    CoverageQuerySchema,
    CoverageSchema,
    CoverListSchema,
    CoverSchema,
    EndSchema,
    NewAreaSchema,
    NewCoverageSchema,
    NewCoverSchema,
    NewPartSchema,
    PartSchema,
)
from directory.terms.agencies import Interval
from directory.terms.coverage import Area, AreaPart, Cover, Coverage, PlaceKind
from directory.terms.records import Viewer

blueprint = Blueprint(
    "coverage", __name__, url_prefix="/v1", description="Areas, and who answers for them"
)


@blueprint.route("/directory/areas", endpoint="areas")
class Areas(MethodView):
    """The areas of the cities."""

    @requires("directory.read")
    @blueprint.doc(operationId="listAreas")
    @blueprint.arguments(AreaQuerySchema, location="query")
    @blueprint.response(200, AreaPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Area], dict[str, str]]:
        """List areas by code."""
        window = window_of(asked)
        after = str(window.after[0]) if window.after else None
        kind = None if asked["kind"] is None else asked["kind"].value
        with reading() as session:
            rows = queries.areas(
                session, city=asked["city"], kind=kind, after=after, limit=window.limit
            )
        return page_of(rows, window, lambda area: (area.code,))

    @requires("directory.write")
    @blueprint.doc(operationId="enterArea")
    @blueprint.arguments(NewAreaSchema)
    @blueprint.response(201, AreaSchema)
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any]) -> tuple[Area, dict[str, str]]:
        """Enter an area, with what it is made of."""
        at = now()
        during = _during(body, at)
        parts = tuple(_part(one, during.starts, at) for one in body.pop("parts"))
        area = Area(during=during, parts=parts, recorded_at=at, **body)
        with transaction() as session:
            entered = area_actions.enter_area(session, area, actor())
        return entered, {"Location": url_for("coverage.area", code=area.code)}


@blueprint.route("/directory/areas/<code>", endpoint="area")
class OneArea(MethodView):
    """An area."""

    @requires("directory.read")
    @blueprint.doc(operationId="readArea")
    @blueprint.response(200, AreaSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, code: str) -> Area:
        """Say what an area is made of, and when."""
        with reading() as session:
            return queries.area(session, code)


@blueprint.route("/directory/areas/<code>/end", endpoint="area_end")
class EndOfArea(MethodView):
    """That there is an area no longer."""

    @requires("directory.write")
    @blueprint.doc(operationId="endArea")
    @blueprint.arguments(EndSchema)
    @blueprint.response(200, AreaSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], code: str) -> Area:
        """End an area."""
        at = now()
        with transaction() as session:
            return area_actions.end_area(session, code, body.get("ends", at), actor(), at)


@blueprint.route("/directory/areas/<code>/parts", endpoint="area_parts")
class AreaParts(MethodView):
    """What an area is made of."""

    @requires("directory.write")
    @blueprint.doc(operationId="addPartOfArea")
    @blueprint.arguments(NewPartSchema)
    @blueprint.response(201, PartSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], code: str) -> AreaPart:
        """Make a ward, a district or a single postcode part of an area."""
        at = now()
        with transaction() as session:
            return area_actions.add_part(session, code, _part(body, at, at), actor(), at)


@blueprint.route("/directory/areas/<code>/parts/<uuid:part>/end", endpoint="area_part_end")
class EndOfPart(MethodView):
    """That a place is part of an area no longer."""

    @requires("directory.write")
    @blueprint.doc(operationId="endPartOfArea")
    @blueprint.arguments(EndSchema)
    @blueprint.response(200, AreaSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], code: str, part: UUID) -> Area:
        """Take a place out of an area."""
        at = now()
        with transaction() as session:
            return area_actions.end_part(session, code, part, body.get("ends", at), actor(), at)


@blueprint.route("/directory/coverage", endpoint="coverage_rows")
class CoverageRows(MethodView):
    """Who answers for what."""

    @requires("directory.read")
    @blueprint.doc(operationId="listCoverage")
    @blueprint.arguments(CoverageQuerySchema, location="query")
    @blueprint.response(200, CoveragePageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Coverage], dict[str, str]]:
        """List who answers for what, of contact points that the caller may know of."""
        window = window_of(asked)
        after = UUID(str(window.after[0])) if window.after else None
        viewer, contact = Viewer(caller().agency), asked["contact_point"]
        with reading() as session:
            rows = queries.coverage(
                session, viewer, contact=contact, after=after, limit=window.limit
            )
        return page_of(rows, window, lambda row: (row.id,))

    @requires("directory.write")
    @blueprint.doc(operationId="enterCoverage")
    @blueprint.arguments(NewCoverageSchema)
    @blueprint.response(201, CoverageSchema)
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any]) -> Coverage:
        """Say that a contact point answers for a place at some levels of need."""
        at = now()
        new = Coverage(id=new_id(at), during=_during(body, at), recorded_at=at, **body)
        with transaction() as session:
            return actions.enter_coverage(session, new, actor())


@blueprint.route("/directory/coverage/<uuid:row>/end", endpoint="coverage_end")
class EndOfCoverage(MethodView):
    """That somebody answers for a place no longer."""

    @requires("directory.write")
    @blueprint.doc(operationId="endCoverage")
    @blueprint.arguments(EndSchema)
    @blueprint.response(200, CoverageSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], row: UUID) -> Coverage:
        """End that a contact point answers for a place."""
        at = now()
        with transaction() as session:
            return actions.end_coverage(session, row, body.get("ends", at), actor(), at)


@blueprint.route("/directory/contact-points/<uuid:contact>/cover", endpoint="covers")
class Covers(MethodView):
    """Who stands in for a contact point."""

    @requires("directory.read")
    @blueprint.doc(operationId="listCover")
    @blueprint.response(200, CoverListSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, contact: UUID) -> dict[str, list[Cover]]:
        """List who has stood in, does, or will, by start."""
        with reading() as session:
            contact_point(session, contact, Viewer(caller().agency))
            return {"items": queries.covers_of(session, contact)}

    @requires("directory.write")
    @blueprint.doc(operationId="enterCover")
    @blueprint.arguments(NewCoverSchema)
    @blueprint.response(201, CoverSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], contact: UUID) -> Cover:
        """Say who answers while somebody is away."""
        at = now()
        new = Cover(new_id(at), contact, during=_during(body, at), recorded_at=at, **body)
        with transaction() as session:
            contact_point(session, contact, Viewer(caller().agency))
            return actions.enter_cover(session, new, actor())


@blueprint.route("/directory/cover/<uuid:row>/end", endpoint="cover_end")
class EndOfCover(MethodView):
    """That somebody is back."""

    @requires("directory.write")
    @blueprint.doc(operationId="endCover")
    @blueprint.arguments(EndSchema)
    @blueprint.response(200, CoverSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], row: UUID) -> Cover:
        """End that somebody stands in."""
        at = now()
        with transaction() as session:
            return actions.end_cover(session, row, body.get("ends", at), actor(), at)


def _during(body: dict[str, Any], at: datetime) -> Interval:
    return Interval(body.pop("starts", at), body.pop("ends", None))


def _part(body: dict[str, Any], starts: datetime, at: datetime) -> AreaPart:
    during = Interval(body.get("starts", starts), body.get("ends"))
    return AreaPart(new_id(at), PlaceKind(body["kind"].value), body["code"], during)
