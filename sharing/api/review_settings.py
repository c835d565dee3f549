"""Doors to how entries are scored and drawn, and to what agencies declare for it."""

from typing import Any

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions import declaring
from sharing.actions import review_settings as actions
from sharing.actions.declaring import Declaration
from sharing.actions.review_settings import Signature
from sharing.api.reviewing import examiner
from sharing.queries import review_settings as queries
from sharing.queries.reviewing import flag_outcomes
from sharing.schemas.review_settings import (
    DeclarationSchema,
    DrawsSchema,
    DryRunAskedSchema,
    DryRunSchema,
    FlagsSchema,
    InterestSchema,
    ReviewSettingsSchema,
    ReviewSigningSchema,
)
from sharing.terms.scoring import DryRun

blueprint = Blueprint(
    "review_settings", __name__, url_prefix="/v1/log/reviews", description="How entries are scored"
)


def _told() -> dict[str, Any]:
    with reading() as session:
        return {
            "in_force": queries.settings_at(session, now()),
            "versions": queries.settings_signed(session),
        }


@blueprint.route("/settings", endpoint="settings")
class ReviewSettingsDoor(MethodView):
    """Weights, thresholds, times and rates."""

    @requires("log.review")
    @blueprint.doc(operationId="readReviewSettings")
    @blueprint.response(200, ReviewSettingsSchema)
    def get(self) -> dict[str, Any]:
        """Read the settings in force, and every version that was signed."""
        return _told()

    @requires("log.audit")
    @blueprint.doc(operationId="signReviewSettings")
    @blueprint.arguments(ReviewSigningSchema)
    @blueprint.response(200, ReviewSettingsSchema)
    @blueprint.alt_response(422, reference(422))
    def put(self, body: dict[str, Any]) -> dict[str, Any]:
        """Let signed-off settings hold from an instant; what was scored stays as it was."""
        changes, at = body.pop("values"), now()
        with transaction(speaking_for=caller().agency) as session:
            actions.sign(session, changes, Signature(**({"starts": at} | body)), examiner(), at)
        return _told()


@blueprint.route("/dry-runs", endpoint="dry_runs")
class DryRuns(MethodView):
    """Trying settings on history."""

    @requires("log.audit")
    @blueprint.doc(operationId="tryReviewSettings")
    @blueprint.arguments(DryRunAskedSchema)
    @blueprint.response(200, DryRunSchema)
    def post(self, body: dict[str, Any]) -> DryRun:
        """Say what other settings would have queued of the past days; nothing changes."""
        agency = caller().agency
        with reading_as_ig_lead() as looking, transaction(speaking_for=agency) as session:
            return actions.try_out(
                session, looking, body["values"], body["days"], examiner(), at=now()
            )


@blueprint.route("/flags", endpoint="flags")
class Flags(MethodView):
    """What became of each flag."""

    @requires("log.audit")
    @blueprint.doc(operationId="listFlagOutcomes")
    @blueprint.response(200, FlagsSchema)
    def get(self) -> dict[str, Any]:
        """Say how many items of each flag were explained, inappropriate or a breach."""
        with reading_as_ig_lead() as session:
            return {"items": flag_outcomes(session)}


@blueprint.route("/draws", endpoint="draws")
class Draws(MethodView):
    """The samples."""

    @requires("log.review")
    @blueprint.doc(operationId="listDraws")
    @blueprint.response(200, DrawsSchema)
    def get(self) -> dict[str, Any]:
        """List the commitments to each month's seed, and the seeds that were told since."""
        with reading() as session:
            return {"items": queries.draws(session, limit=queries.MOST_VERSIONS)}


@blueprint.route("/staff", endpoint="staff")
class Staff(MethodView):
    """The agency's own people."""

    @requires("log.review")
    @blueprint.doc(operationId="declareStaff")
    @blueprint.arguments(DeclarationSchema)
    @blueprint.response(204)
    def put(self, body: dict[str, Any]) -> None:
        """Declare what ties one of the agency's people to others, in place of what was before.

        Only keyed digests are kept: nobody can read them, and two that are the same are seen.
        """
        said: dict[str, Any] = {
            name: one if isinstance(one, str) else tuple(one) for name, one in body.items()
        }
        with transaction(speaking_for=caller().agency) as session:
            declaring.declare(session, Declaration(**said), examiner(), now())


@blueprint.route("/public-interest", endpoint="public_interest")
class PublicInterest(MethodView):
    """Whom people are curious about."""

    @requires("log.review")
    @blueprint.doc(operationId="markPublicInterest")
    @blueprint.arguments(InterestSchema)
    @blueprint.response(204)
    @blueprint.alt_response(404, reference(404))
    def put(self, body: dict[str, Any]) -> None:
        """Mark a subject whom the agency registered, or take the mark away."""
        change = declaring.mark_interest if body["of_interest"] else declaring.end_interest
        with transaction() as session:
            change(session, body["subject"], examiner(), now())
