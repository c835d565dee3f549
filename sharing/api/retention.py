"""Doors to how long each class of record is kept."""

from typing import Any

from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.wire import Blueprint
from sharing.actions.retention import sign_retention
from sharing.api.erasing import actor
from sharing.queries.retention import in_force, signed
from sharing.schemas.retention import (
    NewRetentionClassSchema,
    RetentionClassesSchema,
    RetentionClassSchema,
)
from sharing.terms.rights import NewRetention, Retention

blueprint = Blueprint(
    "retention", __name__, url_prefix="/v1/settings", description="How long things are kept"
)


@blueprint.route("/retention", endpoint="retention")
class Retentions(MethodView):
    """How long each class of record is kept."""

    @requires("settings.read")
    @blueprint.doc(operationId="readRetention")
    @blueprint.response(200, RetentionClassesSchema)
    def get(self) -> dict[str, list[Retention]]:
        """Read what is in force, and who signed what off."""
        with reading() as session:
            return {"in_force": in_force(session, now()), "signed": signed(session)}

    @requires("settings.write")
    @blueprint.doc(operationId="signRetention")
    @blueprint.arguments(NewRetentionClassSchema)
    @blueprint.response(201, RetentionClassSchema)
    def post(self, body: dict[str, Any]) -> Retention:
        """Let a class be kept this long from an instant on; the past is not rewritten."""
        with transaction() as session:
            return sign_retention(session, NewRetention(**body), actor(), now())
