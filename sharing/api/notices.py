"""Doors to statutory notices: send, receive, answer, and see what is overdue."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, current_app
from flask.views import MethodView
from sqlalchemy.orm import Session

from app.kernel import idempotency
from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.idempotency import answered_once, once_for
from app.kernel.paging import Page, PageQuerySchema, Window, page_of, window_of
from app.kernel.problem import problem, reference
from app.kernel.wire import Blueprint, body_up_to
from sharing.actions import notices as actions
from sharing.actions.notices import Said
from sharing.api.disclosures import reader_calling
from sharing.queries import notices as queries
from sharing.schemas.agreements import EmptySchema
from sharing.schemas.answers import STATUS_OF, refused
from sharing.schemas.notices import (
    NoticeAnswerSchema,
    NoticeDraftSchema,
    NoticeKindsSchema,
    NoticePageSchema,
    NoticeQuerySchema,
    NoticeReadingSchema,
    ReadNoticeSchema,
    SchoolHolidaysSchema,
    StatutoryNoticeSchema,
)
from sharing.terms.answers import Refused
from sharing.terms.notices import KINDS, NewNotice, NoticeKind, NoticeOnFile, SchoolHoliday

LARGEST_NOTICE = 256 * 1024

blueprint = Blueprint(
    "notices", __name__, url_prefix="/v1/notices", description="What must be told by a deadline"
)
Listed = tuple[Page[NoticeOnFile], dict[str, str]]


def after_of(window: Window) -> UUID | None:
    """Return the id after which a page of a list begins."""
    return UUID(str(window.after[0])) if window.after else None


def told(answer: dict[str, Any], status: int) -> Response:
    """Return what was decided: the answer, or the refusal that its code names."""
    if "code" in answer:
        return problem(STATUS_OF[answer["code"]], answer["code"])
    return Response(current_app.json.dumps(answer), status, mimetype="application/json")


@blueprint.route("", endpoint="notices")
class Notices(MethodView):
    """What agencies must tell each other by a deadline."""

    @requires("notice.read")
    @blueprint.doc(operationId="listNotices")
    @blueprint.arguments(NoticeQuerySchema, location="query")
    @blueprint.response(200, NoticePageSchema)
    def get(self, asked: dict[str, Any]) -> Listed:
        """List what the caller's agency received or sent, the newest first."""
        window, agency = window_of(asked), caller().agency
        with reading(speaking_for=agency) as session:
            rows = queries.notices(
                session,
                agency,
                asked["box"],
                asked["show"],
                now(),
                after=after_of(window),
                limit=window.limit,
            )
        return page_of(rows, window, lambda one: (one.id,))

    @requires("notice.send")
    @blueprint.doc(operationId="sendNotice", parameters=[idempotency.PARAMETER])
    @body_up_to(LARGEST_NOTICE)
    @blueprint.arguments(NoticeDraftSchema)
    @blueprint.response(201, StatutoryNoticeSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any]) -> Response:
        """Send a notice: decided and logged as a disclosure, told to the recipient when it reads.

        A flow must run to the recipient for the purpose and category of its kind.
        """
        who = caller()
        new = NewNotice(
            sender=who.agency,
            client_id=who.client_id,
            recipient=body["recipient"],
            kind=KINDS[body["kind"]],
            basis=body["lawful_basis"].value,
            identifiers=tuple(body["subject"]["identifiers"]),
            content=body["content"],
            happened_at=body["happened_at"],
            corrects=body["corrects"],
        )
        with transaction(speaking_for=who.agency) as session:
            answer = answered_once(
                session, once_for(who.client_id), now(), lambda: _sent(session, new)
            )
        return told(answer, 201)


@blueprint.route("/overdue", endpoint="overdue_notices")
class OverdueNotices(MethodView):
    """What nobody has read in time, anywhere."""

    @requires("log.audit")
    @blueprint.doc(operationId="listOverdueNotices")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, NoticePageSchema)
    def get(self, asked: dict[str, Any]) -> Listed:
        """List every agency's overdue notices, for information governance leads."""
        window = window_of(asked)
        with reading_as_ig_lead() as session:
            rows = queries.all_overdue(session, now(), after=after_of(window), limit=window.limit)
        return page_of(rows, window, lambda one: (one.id,))


@blueprint.route("/kinds", endpoint="notice_kinds")
class NoticeKinds(MethodView):
    """What must be told, and by when."""

    @requires("notice.read")
    @blueprint.doc(operationId="listNoticeKinds")
    @blueprint.response(200, NoticeKindsSchema)
    def get(self) -> dict[str, Sequence[NoticeKind]]:
        """List the kinds of notice, the flow that each needs, and the law behind it."""
        return {"kinds": tuple(KINDS.values())}


@blueprint.route("/school-holidays", endpoint="school_holidays")
class SchoolHolidays(MethodView):
    """The days without school that deadlines skip."""

    @requires("settings.read")
    @blueprint.doc(operationId="listSchoolHolidays")
    @blueprint.response(200, SchoolHolidaysSchema)
    def get(self) -> dict[str, Sequence[SchoolHoliday]]:
        """List school holidays; weekends and bank holidays of England need no entry."""
        with reading() as session:
            return {"holidays": queries.school_holidays(session)}

    @requires("settings.write")
    @blueprint.doc(operationId="setSchoolHolidays")
    @blueprint.arguments(SchoolHolidaysSchema)
    @blueprint.response(200, SchoolHolidaysSchema)
    def put(self, body: dict[str, Any]) -> dict[str, Sequence[SchoolHoliday]]:
        """Set all school holidays; deadlines of notices sent before stay as they are."""
        with transaction() as session:
            by = caller().client_id
            actions.set_school_holidays(session, body["holidays"], by, now())
            return {"holidays": queries.school_holidays(session)}


@blueprint.route("/<uuid:notice>/reading", endpoint="notice_reading")
class NoticeReading(MethodView):
    """That the recipient reads a notice."""

    @requires("notice.read")
    @blueprint.doc(operationId="readNotice")
    @blueprint.arguments(NoticeReadingSchema)
    @blueprint.response(200, ReadNoticeSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any], notice: UUID) -> Response:
        """Read a notice; it is decided anew and logged each time."""
        reader = reader_calling(body["practitioner"])
        with transaction(speaking_for=reader.asker.agency) as session:
            outcome = actions.read(session, notice, reader, now)
        if isinstance(outcome, Refused):
            return told(refused(outcome), 200)
        return told(ReadNoticeSchema().dump(outcome), 200)


@blueprint.route("/<uuid:notice>/acknowledgement", endpoint="notice_acknowledgement")
class NoticeAcknowledgement(MethodView):
    """What the recipient did about a notice."""

    @requires("notice.read")
    @blueprint.doc(operationId="acknowledgeNotice")
    @blueprint.arguments(NoticeAnswerSchema)
    @blueprint.response(201, StatutoryNoticeSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], notice: UUID) -> NoticeOnFile:
        """Say what was done about it."""
        said = Said(by=caller().client_id, **body)
        with transaction(speaking_for=caller().agency) as session:
            return actions.acknowledge(session, notice, caller().agency, said, now())


@blueprint.route("/<uuid:notice>/withdrawal", endpoint="notice_withdrawal")
class NoticeWithdrawal(MethodView):
    """That a notice should not have been sent."""

    @requires("notice.send")
    @blueprint.doc(operationId="withdrawNotice")
    @blueprint.arguments(EmptySchema)
    @blueprint.response(200, StatutoryNoticeSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, _: dict[str, Any], notice: UUID) -> NoticeOnFile:
        """Withdraw a notice: nobody can read it any more."""
        with transaction(speaking_for=caller().agency) as session:
            return actions.withdraw(session, notice, caller().agency, now())


def _sent(session: Session, new: NewNotice) -> dict[str, Any]:
    outcome = actions.send(session, new, now)
    if isinstance(outcome, Refused):
        return refused(outcome)
    sent: dict[str, Any] = StatutoryNoticeSchema().dump(outcome)
    return sent
