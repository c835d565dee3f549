"""Doors to stepping up and down."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView
from sqlalchemy.orm import Session

from app.kernel import idempotency
from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.idempotency import answered_once, once_for
from app.kernel.paging import Page, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions import escalations as actions
from sharing.actions.records import subject_of
from sharing.api.disclosures import reader_calling
from sharing.api.notices import after_of, told
from sharing.queries import escalations as queries
from sharing.schemas.agreements import EmptySchema
from sharing.schemas.answers import refused
from sharing.schemas.escalations import (
    EscalationDraftSchema,
    EscalationEndingSchema,
    EscalationPageSchema,
    EscalationQuerySchema,
    EscalationReadingSchema,
    EscalationSchema,
    ReadEscalationSchema,
    Shown,
)
from sharing.terms.answers import Refused
from sharing.terms.escalations import EscalationOnFile, NewEscalation

blueprint = Blueprint(
    "escalations",
    __name__,
    url_prefix="/v1/escalations",
    description="Step up to social care, step down to early help",
)


@blueprint.route("", endpoint="escalations")
class Escalations(MethodView):
    """Families handed from one agency to another."""

    @requires("escalation.read")
    @blueprint.doc(operationId="listEscalations")
    @blueprint.arguments(EscalationQuerySchema, location="query")
    @blueprint.response(200, EscalationPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[EscalationOnFile], dict[str, str]]:
        """List what the caller's agency handed over or took over, the newest first."""
        window = window_of(asked)
        with reading(speaking_for=caller().agency) as session:
            rows = queries.escalations(
                session,
                after=after_of(window),
                limit=window.limit,
                waiting=asked["show"] is Shown.WAITING,
            )
        return page_of(rows, window, lambda one: (one.id,))

    @requires("escalation.write")
    @blueprint.doc(operationId="startEscalation", parameters=[idempotency.PARAMETER])
    @blueprint.arguments(EscalationDraftSchema)
    @blueprint.response(201, EscalationSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any]) -> Response:
        """Hand a family over: done at once, or once they agree to it where that is needed."""
        who = caller()
        named = [tuple(one["identifiers"]) for one in body.pop("subjects")]
        new = NewEscalation(
            from_agency=who.agency,
            to_agency=body.pop("to"),
            basis=body.pop("lawful_basis").value,
            client_id=who.client_id,
            **body,
        )

        def started(session: Session) -> dict[str, Any]:
            subjects = {subject_of(session, one) for one in named}
            outcome = actions.start(session, new, subjects, now)
            if isinstance(outcome, Refused):
                return refused(outcome)
            answer: dict[str, Any] = EscalationSchema().dump(outcome)
            return answer

        with transaction(speaking_for=who.agency) as session:
            once = once_for(who.client_id)
            answer = answered_once(session, once, now(), lambda: started(session))
        return told(answer, 201)


@blueprint.route("/<uuid:escalation>/settlement", endpoint="escalation_settlement")
class EscalationSettlement(MethodView):
    """Whether what waits for the family can be done by now."""

    @requires("escalation.write")
    @blueprint.doc(operationId="settleEscalation")
    @blueprint.arguments(EmptySchema)
    @blueprint.response(200, EscalationSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, _: dict[str, Any], escalation: UUID) -> EscalationOnFile:
        """Look at once whether the family has agreed; else that is looked at each minute."""
        who = caller()
        with transaction(speaking_for=who.agency) as session:
            return actions.settle(session, escalation, who.agency, who.client_id, now)


@blueprint.route("/<uuid:escalation>/ending", endpoint="escalation_ending")
class EscalationEnding(MethodView):
    """That nobody waits for the family any more."""

    @requires("escalation.write")
    @blueprint.doc(operationId="endEscalation")
    @blueprint.arguments(EscalationEndingSchema)
    @blueprint.response(200, EscalationSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], escalation: UUID) -> EscalationOnFile:
        """Say that the family declined, or that the handover is withdrawn."""
        agency = caller().agency
        with transaction(speaking_for=agency) as session:
            return actions.end(session, escalation, agency, body["outcome"], now())


@blueprint.route("/<uuid:escalation>/reading", endpoint="escalation_reading")
class EscalationReading(MethodView):
    """That the agency that takes over reads what it was told."""

    @requires("escalation.read")
    @blueprint.doc(operationId="readEscalation")
    @blueprint.arguments(EscalationReadingSchema)
    @blueprint.response(200, ReadEscalationSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any], escalation: UUID) -> Response:
        """Read a handover; it is decided anew and logged each time."""
        reader = reader_calling(body["practitioner"])
        with transaction(speaking_for=reader.asker.agency) as session:
            outcome = actions.read(session, escalation, reader, now)
        if isinstance(outcome, Refused):
            return told(refused(outcome), 200)
        return told(ReadEscalationSchema().dump(outcome), 200)
