"""Doors to shields and conflicts of interest."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import transaction
from app.kernel.wire import Blueprint
from consent.actions import holding, protection
from consent.actions.protection import NewConflict, NewShield
from consent.api.arriving import partners, writer
from consent.queries.protection import ShieldOnFile
from consent.schemas.people import FactIdSchema
from consent.schemas.protection import (
    NewConflictSchema,
    NewShieldSchema,
    ShieldEndSchema,
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
