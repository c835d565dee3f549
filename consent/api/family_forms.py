"""A door to forms that a whole family signs at once."""

from typing import Any

from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import transaction
from app.kernel.wire import Blueprint
from consent.actions import holding
from consent.actions.consents import NewConsent
from consent.actions.family_forms import record_form
from consent.api.arriving import partners, writer
from consent.queries.consents import ConsentOnFile, Notice, Recorder
from consent.schemas.family_forms import FamilyFormSchema, NewFamilyFormSchema

blueprint = Blueprint(
    "family_forms", __name__, url_prefix="/v1/consents", description="Forms for a whole family"
)


@blueprint.route("/family-forms")
class FamilyForms(MethodView):
    """Forms on which several people answer one question."""

    @requires("consent.write")
    @blueprint.doc(operationId="recordFamilyForm")
    @blueprint.arguments(NewFamilyFormSchema)
    @blueprint.response(201, FamilyFormSchema)
    @blueprint.alt_response(404, success=False)
    def post(self, body: dict[str, Any]) -> dict[str, list[ConsentOnFile]]:
        """Record a family's form: a record for each adult and child, all or none."""
        signatures = body.pop("signatures")
        notice, recorder = Notice(**body.pop("notice")), Recorder(**body.pop("recorder"))
        signed = [NewConsent(**one, **body, notice=notice, recorder=recorder) for one in signatures]
        everyone = {subject for one in signed for subject in one.subjects}
        with transaction() as session:
            at = holding.hold_subjects(session, everyone, now)
            made = record_form(session, signed, partners(), writer(), at)
        return {"consents": made}
