"""Doors to access packs: what is held of a person, for those who may ask for it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, render_template
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions import packs as actions
from sharing.api.erasing import actor
from sharing.queries import packs as queries
from sharing.schemas.packs import (
    AskingSchema,
    PackContentSchema,
    PackExtensionSchema,
    PackReviewSchema,
    PackSchema,
    PacksSchema,
)
from sharing.terms.access import Asking, Capacity, Pack, Review
from sharing.terms.seeing import Told

blueprint = Blueprint(
    "packs", __name__, url_prefix="/v1/subjects", description="What is held of a person"
)


def told_of(subject: UUID) -> Sequence[Told]:
    """Return everything that was told of a subject, which the role of IG leads alone can read."""
    with reading_as_ig_lead() as session:
        return queries.all_told(session, subject)


@blueprint.route("/<uuid:subject>/access-packs", endpoint="packs")
class Packs(MethodView):
    """That somebody asks what is held of a subject."""

    @requires("subject.write")
    @blueprint.doc(operationId="listAccessPacks")
    @blueprint.response(200, PacksSchema)
    def get(self, subject: UUID) -> dict[str, list[Pack]]:
        """List the packs that the caller's agency took down, the newest first."""
        with reading() as session:
            return {"items": queries.packs_of(session, subject, caller().agency)}

    @requires("subject.write")
    @blueprint.doc(operationId="requestAccessPack")
    @blueprint.arguments(AskingSchema)
    @blueprint.response(201, PackSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any], subject: UUID) -> Pack:
        """Take down that somebody asks; the pack is ready at once, or waits for a person."""
        at = now()
        asking = _asking({"asked_on": at.date()} | body, subject)
        told = told_of(subject)
        with transaction(speaking_for=caller().agency) as session:
            return actions.take(session, asking, told, actor(), at)


@blueprint.route("/<uuid:subject>/access-packs/<uuid:pack>", endpoint="pack")
class OnePack(MethodView):
    """How far a pack has come."""

    @requires("subject.write")
    @blueprint.doc(operationId="readAccessPack")
    @blueprint.response(200, PackSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, subject: UUID, pack: UUID) -> Pack:
        """Read whether a pack is ready, by when it is due, and what was decided."""
        with transaction() as session:
            return queries.pack_of(session, actions.held(session, subject, pack, caller().agency))


@blueprint.route("/<uuid:subject>/access-packs/<uuid:pack>/extension", endpoint="extension")
class Extension(MethodView):
    """That a pack takes two months longer."""

    @requires("subject.write")
    @blueprint.doc(operationId="extendAccessPack")
    @blueprint.arguments(PackExtensionSchema)
    @blueprint.response(200, PackSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], subject: UUID, pack: UUID) -> Pack:
        """Put a pack off, once, for a reason (UK GDPR, Article 12(3))."""
        with transaction() as session:
            return actions.extend(session, subject, pack, body["reason"], actor(), at=now())


@blueprint.route("/<uuid:subject>/access-packs/<uuid:pack>/review", endpoint="review")
class PackReview(MethodView):
    """What a person decided of a pack."""

    @requires("log.review")
    @blueprint.doc(operationId="reviewAccessPack")
    @blueprint.arguments(PackReviewSchema)
    @blueprint.response(200, PackSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], subject: UUID, pack: UUID) -> Pack:
        """Release or refuse a pack, for a reason; never by whoever took it down."""
        told = told_of(subject)
        with transaction() as session:
            said = Review(agency=caller().agency, **body)
            return actions.review(session, pack, said, told, now(), of=subject)


@blueprint.route("/<uuid:subject>/access-packs/<uuid:pack>/content", endpoint="content")
class PackContent(MethodView):
    """What a pack says, for programs."""

    @requires("subject.write")
    @blueprint.doc(operationId="downloadAccessPack")
    @blueprint.response(200, PackContentSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    @blueprint.alt_response(410, reference(410))
    def get(self, subject: UUID, pack: UUID) -> dict[str, Any]:
        """Read a pack as JSON; each reading is logged."""
        return _read(subject, pack, "json")


@blueprint.route("/<uuid:subject>/access-packs/<uuid:pack>/content.html", endpoint="page")
class PackPage(MethodView):
    """What a pack says, to read and to print."""

    @requires("subject.write")
    @blueprint.doc(operationId="printAccessPack")
    @blueprint.response(200, content_type="text/html")
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    @blueprint.alt_response(410, reference(410))
    def get(self, subject: UUID, pack: UUID) -> Response:
        """Read a pack as a page in plain words; each reading is logged."""
        page = render_template("rights/pack.html", pack=_read(subject, pack, "html"))
        answer = Response(page, content_type="text/html; charset=utf-8")
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _asking(body: dict[str, Any], subject: UUID) -> Asking:
    themselves = subject if body["capacity"] is Capacity.SELF else None
    return Asking(
        subject=subject,
        asked_by=body.pop("asked_by", themselves),
        requester=body.pop("requester", None),
        **body,
    )


def _read(subject: UUID, pack: UUID, form: str) -> dict[str, Any]:
    with transaction(speaking_for=caller().agency) as session:
        return actions.read(session, subject, pack, actor(), form, at=now())
