"""Doors for source agencies: deposits, and decisions not to share."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import transaction
from app.kernel.problem import reference
from app.kernel.wire import Blueprint, body_up_to
from sharing.actions import records as actions
from sharing.schemas.agreements import EmptySchema
from sharing.schemas.records import (
    DepositSchema,
    RecordSchema,
    ReplacementSchema,
    WithholdDraftSchema,
    WithholdSchema,
)
from sharing.terms.records import Deposit, Depositor, HoldBack, RecordOnFile, WithholdOnFile

LARGEST_DEPOSIT = 1024 * 1024

blueprint = Blueprint(
    "records", __name__, url_prefix="/v1", description="What source agencies hold, and hold back"
)


def _depositor() -> Depositor:
    return Depositor(caller().client_id, caller().agency)


@blueprint.route("/records", endpoint="records")
class Records(MethodView):
    """What source agencies hold."""

    @requires("record.write")
    @blueprint.doc(operationId="depositRecord")
    @body_up_to(LARGEST_DEPOSIT)
    @blueprint.arguments(DepositSchema)
    @blueprint.response(201, RecordSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any]) -> RecordOnFile:
        """Deposit a record."""
        by = _depositor()
        identifiers = tuple(body.pop("subject")["identifiers"])
        new = Deposit(source=by.agency, by=by.client_id, **body)
        with transaction(speaking_for=by.agency) as session:
            subject = actions.subject_of(session, identifiers)
            return actions.deposit(session, subject, new, now())


@blueprint.route("/records/<uuid:record>", endpoint="record")
class OneRecord(MethodView):
    """One deposit of the caller's own agency."""

    @requires("record.write")
    @blueprint.doc(operationId="replaceRecord")
    @body_up_to(LARGEST_DEPOSIT)
    @blueprint.arguments(ReplacementSchema)
    @blueprint.response(200, RecordSchema)
    @blueprint.alt_response(404, reference(404))
    def put(self, body: dict[str, Any], record: UUID) -> RecordOnFile:
        """Replace what a record says; the answer holds its new id."""
        by = _depositor()
        with transaction(speaking_for=by.agency) as session:
            return actions.replace(session, record, body["content"], by, now())


@blueprint.route("/records/<uuid:record>/withdrawal", endpoint="record_withdrawal")
class RecordWithdrawal(MethodView):
    """That a source no longer holds a record out."""

    @requires("record.write")
    @blueprint.doc(operationId="withdrawRecord")
    @blueprint.arguments(EmptySchema)
    @blueprint.response(204)
    @blueprint.alt_response(404, reference(404))
    def post(self, _: dict[str, Any], record: UUID) -> None:
        """Withdraw a record."""
        by = _depositor()
        with transaction(speaking_for=by.agency) as session:
            actions.withdraw(session, record, by, now())


@blueprint.route("/withholds", endpoint="withholds")
class Withholds(MethodView):
    """Recorded decisions not to share."""

    @requires("record.write")
    @blueprint.doc(operationId="withholdCategories")
    @blueprint.arguments(WithholdDraftSchema)
    @blueprint.response(201, WithholdSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any]) -> WithholdOnFile:
        """Hold categories of some subjects back."""
        by = _depositor()
        named = [tuple(one["identifiers"]) for one in body.pop("subjects")]
        new = HoldBack(source=by.agency, by=by.client_id, **body)
        with transaction(speaking_for=by.agency) as session:
            subjects = frozenset(actions.subject_of(session, one) for one in named)
            return actions.withhold(session, subjects, new, now)
