"""Doors to what was said: recording, confirming, withdrawing, reading."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.wire import Blueprint
from consent.actions import consents, holding
from consent.actions.consents import NewConsent
from consent.api.arriving import partners, writer
from consent.queries.consents import ConsentOnFile, Notice, Recorder
from consent.schemas.consents import ConsentSchema, NewConsentSchema, NothingSchema

blueprint = Blueprint(
    "consents", __name__, url_prefix="/v1/consents", description="What was agreed or refused"
)


@blueprint.route("")
class Consents(MethodView):
    """Everything that was agreed or refused."""

    @requires("consent.write")
    @blueprint.doc(operationId="recordConsent")
    @blueprint.arguments(NewConsentSchema)
    @blueprint.response(201, ConsentSchema)
    @blueprint.alt_response(404, success=False)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any]) -> tuple[ConsentOnFile, dict[str, str]]:
        """Record what somebody agreed to or refused."""
        notice, recorder = Notice(**body.pop("notice")), Recorder(**body.pop("recorder"))
        new = NewConsent(notice=notice, recorder=recorder, **body)
        with transaction() as session:
            at = holding.hold_subjects_and_replaced(session, new.subjects, new.replaces, now)
            made = consents.record(session, new, partners(), writer(), at)
        return made, {"Location": f"/v1/consents/{made.id}"}


@blueprint.route("/<uuid:consent>")
class OneConsent(MethodView):
    """One consent."""

    @requires("consent.read")
    @blueprint.doc(operationId="readConsent")
    @blueprint.response(200, ConsentSchema)
    @blueprint.alt_response(404, success=False)
    def get(self, consent: UUID) -> ConsentOnFile:
        """Read a consent: for the agency that recorded it and those that it names."""
        with reading() as session:
            return consents.readable(session, consent, caller().agency)


@blueprint.route("/<uuid:consent>/confirmation")
class Confirmation(MethodView):
    """A verbal yes, confirmed in writing."""

    @requires("consent.write")
    @blueprint.doc(operationId="confirmConsent")
    @blueprint.arguments(NothingSchema)
    @blueprint.response(201, ConsentSchema)
    @blueprint.alt_response(404, success=False)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any], consent: UUID) -> ConsentOnFile:  # noqa: ARG002  (it is empty)
        """Confirm a verbal consent in writing."""
        with transaction() as session:
            at = holding.hold_consent(session, consent, now)
            return consents.confirm(session, consent, writer(), at)


@blueprint.route("/<uuid:consent>/withdrawal")
class Withdrawal(MethodView):
    """A yes, taken back."""

    @requires("consent.write")
    @blueprint.doc(operationId="withdrawConsent")
    @blueprint.arguments(NothingSchema)
    @blueprint.response(201, ConsentSchema)
    @blueprint.alt_response(404, success=False)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any], consent: UUID) -> ConsentOnFile:  # noqa: ARG002  (it is empty)
        """Withdraw a consent; nobody has to say why."""
        with transaction() as session:
            at = holding.hold_consent(session, consent, now)
            return consents.withdraw(session, consent, writer(), at)
