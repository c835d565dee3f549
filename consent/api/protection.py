"""Doors to shields and conflicts of interest."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Key, Page, page_of, window_of
from app.kernel.wire import Blueprint
from consent.actions import holding, protection
from consent.actions.protection import NewConflict, NewShield
from consent.api.arriving import partners, writer
from consent.queries.protection import ShieldOnFile
from consent.queries.shield_reviews import ShieldDue, shields_due
from consent.queries.vocabulary import settings_at
from consent.schemas.due import DueQuerySchema
from consent.schemas.people import FactIdSchema
from consent.schemas.protection import (
    NewConflictSchema,
    NewShieldSchema,
    ShieldDuePageSchema,
    ShieldEndSchema,
    ShieldReviewSchema,
    ShieldSchema,
)

blueprint = Blueprint(
    "protection", __name__, url_prefix="/v1", description="Shields and conflicts of interest"
)


@blueprint.route("/shields")
class Shields(MethodView):
    """Protection of subjects."""

    @requires("subject.write")
    @blueprint.doc(operationId="setShield")
    @blueprint.arguments(NewShieldSchema)
    @blueprint.response(201, ShieldSchema)
    @blueprint.alt_response(404, success=False)
    def post(self, body: dict[str, Any]) -> tuple[ShieldOnFile, dict[str, str]]:
        """Shield subjects from every agency but those named."""
        with transaction() as session:
            at = holding.hold_subjects(session, body["subjects"], now)
            new = NewShield(**({"starts": at} | body))
            made = protection.shield(session, new, partners(), writer(), at)
        return made, {"Location": f"/v1/shields/{made.id}"}


@blueprint.route("/shields/<uuid:shield>/end")
class ShieldEnd(MethodView):
    """The end of a shield."""

    @requires("subject.write")
    @blueprint.doc(operationId="endShield")
    @blueprint.arguments(ShieldEndSchema)
    @blueprint.response(200, ShieldSchema)
    @blueprint.alt_response(404, success=False)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any], shield: UUID) -> ShieldOnFile:
        """End a shield."""
        with transaction() as session:
            at = holding.hold_shield(session, shield, now)
            return protection.end_shield(session, shield, body.get("ends", at), writer(), at)


@blueprint.route("/shields/<uuid:shield>/reviews")
class ShieldReviews(MethodView):
    """That a person looked at a shield again."""

    @requires("subject.write")
    @blueprint.doc(operationId="reviewShield")
    @blueprint.arguments(ShieldReviewSchema)
    @blueprint.response(201, ShieldSchema)
    @blueprint.alt_response(404, success=False)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any], shield: UUID) -> ShieldOnFile:
        """Let a shield stand after looking at it; the next review is counted from now."""
        with transaction() as session:
            at = holding.hold_shield(session, shield, now)
            return protection.review_shield(session, shield, body["reviewed_by"], writer(), at)


@blueprint.route("/shields/due")
class ShieldsDue(MethodView):
    """Shields to be looked at again."""

    @requires("subject.read")
    @blueprint.doc(operationId="listShieldsDue")
    @blueprint.arguments(DueQuerySchema, location="query")
    @blueprint.response(200, ShieldDuePageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[ShieldDue], dict[str, str]]:
        """List the shields that the agency set and that are to be looked at, by date."""
        at, window = now(), window_of(asked)
        until = at + timedelta(days=asked["within_days"])
        with reading() as session:
            months = settings_at(session, at).shield_review_months
            listed = shields_due(session, caller().agency, months, until, at)
        rest = [one for one in listed if window.after is None or _key(one) > window.after]
        return page_of(rest[: window.limit], window, _key)


def _key(one: ShieldDue) -> Key:
    return one.on, one.shield


@blueprint.route("/conflicts-of-interest")
class ConflictsOfInterest(MethodView):
    """Practitioners who must not see a subject."""

    @requires("subject.write")
    @blueprint.doc(operationId="addConflictOfInterest")
    @blueprint.arguments(NewConflictSchema)
    @blueprint.response(201, FactIdSchema)
    @blueprint.alt_response(404, success=False)
    def post(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Keep a practitioner from seeing a subject."""
        new = NewConflict(**body)
        with transaction() as session:
            at = holding.hold_subjects(session, [new.subject], now)
            made = protection.bar(session, new, writer(), at)
        facts = {"id": made, "recorded_at": at}
        return facts, {"Location": f"/v1/conflicts-of-interest/{made}"}
