"""Doors to what contact points, areas and coverage have been: who changed what, and when."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.db import reading
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.api.acting import viewer
from directory.queries import coverage
from directory.queries.contacts import contact_point
from directory.queries.keeping import entry_versions
from directory.schemas.entries import EntryVersionPageSchema
from directory.terms.keeping import EntryKind, EntryVersion

Versions = tuple[Page[EntryVersion], dict[str, str]]

blueprint = Blueprint(
    "entries", __name__, url_prefix="/v1/directory", description="What entries have been"
)


@blueprint.route("/contact-points/<uuid:contact>/versions", endpoint="contact_versions")
class VersionsOfContactPoint(MethodView):
    """The versions of a contact point."""

    @requires("directory.write")
    @blueprint.doc(operationId="listContactPointVersions")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, EntryVersionPageSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, asked: dict[str, Any], contact: UUID) -> Versions:
        """Say who changed a contact point, when and what, the newest first."""
        with reading() as session:
            contact_point(session, contact, viewer())
            kind = EntryKind.CONTACT_POINT
            return _page(asked, entry_versions(session, kind, str(contact), viewer()))


@blueprint.route("/areas/<code>/versions", endpoint="area_versions")
class VersionsOfArea(MethodView):
    """The versions of an area."""

    @requires("directory.write")
    @blueprint.doc(operationId="listAreaVersions")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, EntryVersionPageSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, asked: dict[str, Any], code: str) -> Versions:
        """Say who changed an area and what it is made of, when and what, the newest first."""
        with reading() as session:
            coverage.area(session, code)
            return _page(asked, entry_versions(session, EntryKind.AREA, code, viewer()))


@blueprint.route("/coverage/<uuid:row>/versions", endpoint="coverage_versions")
class VersionsOfCoverage(MethodView):
    """The versions of a row of coverage."""

    @requires("directory.write")
    @blueprint.doc(operationId="listCoverageVersions")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, EntryVersionPageSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, asked: dict[str, Any], row: UUID) -> Versions:
        """Say who entered and ended that somebody answers for a place, the newest first."""
        with reading() as session:
            contact_point(session, coverage.one_coverage(session, row).contact, viewer())
            return _page(asked, entry_versions(session, EntryKind.COVERAGE, str(row), viewer()))


@blueprint.route("/cover/<uuid:row>/versions", endpoint="cover_versions")
class VersionsOfCover(MethodView):
    """The versions of an entry of who stands in."""

    @requires("directory.write")
    @blueprint.doc(operationId="listCoverVersions")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, EntryVersionPageSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, asked: dict[str, Any], row: UUID) -> Versions:
        """Say who entered and ended that somebody stands in, the newest first."""
        with reading() as session:
            contact_point(session, coverage.one_cover(session, row).contact, viewer())
            return _page(asked, entry_versions(session, EntryKind.COVER, str(row), viewer()))


def _page(asked: dict[str, Any], found: list[EntryVersion]) -> Versions:
    window = window_of(asked)
    if window.after:
        last = int(str(window.after[0]))
        found = [one for one in found if one.number < last]
    return page_of(found[: window.limit], window, lambda one: (one.number,))
