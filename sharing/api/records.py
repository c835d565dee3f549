"""Doors for source agencies: deposits, and decisions not to share."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, Window, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint, body_up_to
from sharing.actions import involvements
from sharing.actions import records as actions
from sharing.queries import records as queries
from sharing.schemas.agreements import EmptySchema
from sharing.schemas.records import (
    DepositSchema,
    InvolvementsSchema,
    LinesDoneSchema,
    RecordPageSchema,
    RecordQuerySchema,
    RecordSchema,
    RecordSearchSchema,
    ReplacementSchema,
    Shown,
    WithholdDraftSchema,
    WithholdPageSchema,
    WithholdQuerySchema,
    WithholdSchema,
)
from sharing.terms.records import (
    Deposit,
    Depositor,
    HoldBack,
    Involvement,
    LineDone,
    RecordOnFile,
    WithholdOnFile,
)

LARGEST_DEPOSIT = 1024 * 1024

blueprint = Blueprint(
    "records", __name__, url_prefix="/v1", description="What source agencies hold, and hold back"
)


def _depositor() -> Depositor:
    return Depositor(caller().client_id, caller().agency)


def _after(window: Window) -> UUID | None:
    return UUID(str(window.after[0])) if window.after else None


@blueprint.route("/records", endpoint="records")
class Records(MethodView):
    """What source agencies hold."""

    @requires("record.write")
    @blueprint.doc(operationId="listRecords")
    @blueprint.arguments(RecordQuerySchema, location="query")
    @blueprint.response(200, RecordPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[RecordOnFile], dict[str, str]]:
        """List what the caller's own agency has deposited, the newest first, without contents."""
        window, agency = window_of(asked), caller().agency
        with reading(speaking_for=agency) as session:
            rows = queries.deposited(
                session,
                agency,
                after=_after(window),
                limit=window.limit,
                category=asked["category"],
                held_at=now() if asked["show"] is Shown.STANDING else None,
            )
        return page_of(rows, window, lambda one: (one.id,))

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


@blueprint.route("/records/involvements", endpoint="involvements")
class Involvements(MethodView):
    """Whom an agency works with: pointers, kept apart from what it knows of them."""

    @requires("record.write")
    @blueprint.doc(operationId="putInvolvements")
    @body_up_to(LARGEST_DEPOSIT)
    @blueprint.arguments(InvolvementsSchema)
    @blueprint.response(200, LinesDoneSchema)
    def put(self, body: dict[str, Any]) -> dict[str, list[LineDone]]:
        """Open, change or close involvements, line by line; sent again, it changes nothing more."""
        by = _depositor()
        lines = [
            (tuple(line.pop("subject")["identifiers"]), Involvement(**line))
            for line in body["lines"]
        ]
        with transaction(speaking_for=by.agency) as session:
            return {"lines": involvements.put(session, lines, by, now())}


@blueprint.route("/records/search", endpoint="record_search")
class RecordSearch(MethodView):
    """What a source agency holds about one subject; who that is travels in the body."""

    @requires("record.write")
    @blueprint.doc(operationId="searchRecords")
    @blueprint.arguments(RecordSearchSchema)
    @blueprint.response(200, RecordPageSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, asked: dict[str, Any]) -> tuple[Page[RecordOnFile], dict[str, str]]:
        """List what the caller's own agency has deposited about a subject."""
        window, agency = window_of(asked), caller().agency
        with reading(speaking_for=agency) as session:
            rows = queries.deposited(
                session,
                agency,
                after=_after(window),
                limit=window.limit,
                subject=actions.subject_of(session, tuple(asked["subject"]["identifiers"])),
                category=asked["category"],
                held_at=now() if asked["show"] is Shown.STANDING else None,
            )
        return page_of(rows, window, lambda one: (one.id,))


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
    """What sources hold back."""

    @requires("record.write")
    @blueprint.doc(operationId="listWithholds")
    @blueprint.arguments(WithholdQuerySchema, location="query")
    @blueprint.response(200, WithholdPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[WithholdOnFile], dict[str, str]]:
        """List what the caller's own agency holds back, the newest first."""
        window, agency = window_of(asked), caller().agency
        with reading(speaking_for=agency) as session:
            rows = queries.withholds(
                session,
                agency,
                after=_after(window),
                limit=window.limit,
                standing_at=now() if asked["show"] is Shown.STANDING else None,
            )
        return page_of(rows, window, lambda one: (one.id,))

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


@blueprint.route("/withholds/<uuid:withhold>/end", endpoint="withhold_end")
class WithholdEnd(MethodView):
    """That a source holds something back no more."""

    @requires("record.write")
    @blueprint.doc(operationId="endWithhold")
    @blueprint.arguments(EmptySchema)
    @blueprint.response(200, WithholdSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, _: dict[str, Any], withhold: UUID) -> WithholdOnFile:
        """End a withhold at once."""
        by = _depositor()
        with transaction(speaking_for=by.agency) as session:
            return actions.end_withhold(session, withhold, by, now)
