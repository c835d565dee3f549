"""Doors to the queue of reviewers: what is to be looked at, and what people make of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from flask.views import MethodView
from sqlalchemy.orm import Session

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import transaction
from app.kernel.paging import Page, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions import reviewing as actions
from sharing.actions.closing import Verdict, close
from sharing.actions.review_errors import ReviewUnknown
from sharing.actions.reviewing import OpenedItem
from sharing.api.log import reading_what_the_caller_may
from sharing.api.searching import WHOLE_LOG
from sharing.queries import reviewing as queries
from sharing.schemas.reviewing import (
    ItemWithActsSchema,
    OpenedItemSchema,
    QueueQuerySchema,
    ReconciledSchema,
    ReviewAssignmentSchema,
    ReviewItemPageSchema,
    ReviewItemSchema,
    ReviewNoteSchema,
    ReviewOutcomeSchema,
    YesOrNo,
)
from sharing.terms.reviewing import OPEN, Examiner, Reconciled, ReviewItem, Wanted

blueprint = Blueprint("reviews", __name__, url_prefix="/v1/log", description="Review of the log")
_AT = "/entries/<uuid:entry>/review"


def examiner() -> Examiner:
    """Return the client that calls, as one who reviews."""
    who = caller()
    return Examiner(who.agency, WHOLE_LOG in who.scopes, client=who.client_id)


@contextmanager
def on(entry: UUID) -> Iterator[tuple[Session, ReviewItem]]:
    """Open a transaction on an item of the caller's side; `ReviewUnknown` if there is none."""
    with reading_what_the_caller_may() as session:
        item = queries.item_about(session, entry, examiner())
    if item is None:
        raise ReviewUnknown
    with transaction(speaking_for=item.recipient) as session:
        yield session, item


@blueprint.route("/reviews", endpoint="reviews")
class Reviews(MethodView):
    """What is to be looked at."""

    @requires("log.review")
    @blueprint.doc(operationId="listReviews")
    @blueprint.arguments(QueueQuerySchema, location="query")
    @blueprint.response(200, ReviewItemPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[ReviewItem], dict[str, str]]:
        """List items of the caller's side, in the order in which they were queued; nobody is named.

        Of what the caller's agency asked itself, it sees what it could have measured itself. With
        `log.audit` all items of everybody are shown as they are, the one due first at the head.
        """
        window = window_of(asked)
        wanted = Wanted(
            states=(asked["state"],) if "state" in asked else OPEN,
            overdue_at=now() if asked["overdue"] is YesOrNo.YES else None,
            owner=asked.get("owner"),
            flag=asked.get("flag"),
        )
        after, by = _place(window.after), examiner()
        with reading_what_the_caller_may() as session:
            rows = queries.queue(session, wanted, by, after=after, limit=window.limit)
        return page_of(rows, window, lambda one: queries.place_of(one, by))


@blueprint.route(_AT, endpoint="review")
class Review(MethodView):
    """The review of an entry."""

    @requires("log.review")
    @blueprint.doc(operationId="readReview")
    @blueprint.response(200, ItemWithActsSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, entry: UUID) -> dict[str, Any]:
        """Read why an entry is to be looked at, and what was done about it; nobody is named."""
        with reading_what_the_caller_may() as session:
            item = queries.item_about(session, entry, examiner())
            if item is None:
                raise ReviewUnknown
            return {"item": item, "acts": queries.acts_on(session, item.id)}


@blueprint.route(f"{_AT}/opening", endpoint="review_opening")
class Opening(MethodView):
    """That somebody reads it whole."""

    @requires("log.review")
    @blueprint.doc(operationId="openReview")
    @blueprint.response(200, OpenedItemSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, entry: UUID) -> OpenedItem:
        """Read an item with the people it is about, and every note; the log notes that, too."""
        with on(entry) as (session, item):
            return actions.open_item(session, item, examiner(), now())


@blueprint.route(f"{_AT}/assignment", endpoint="review_assignment")
class Assignment(MethodView):
    """Who is to look at it."""

    @requires("log.review")
    @blueprint.doc(operationId="assignReview")
    @blueprint.arguments(ReviewAssignmentSchema)
    @blueprint.response(200, ReviewItemSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], entry: UUID) -> ReviewItem:
        """Give an item to somebody, but not to the practitioner whom it is about."""
        with on(entry) as (session, item):
            return actions.assign(session, item, body["owner"], examiner(), now())


@blueprint.route(f"{_AT}/notes", endpoint="review_notes")
class Notes(MethodView):
    """What reviewers write down."""

    @requires("log.review")
    @blueprint.doc(operationId="noteReview")
    @blueprint.arguments(ReviewNoteSchema)
    @blueprint.response(201, ReviewItemSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], entry: UUID) -> ReviewItem:
        """Keep a note; notes are added and never changed."""
        with on(entry) as (session, item):
            return actions.note(session, item, body["note"], examiner(), now())


@blueprint.route(f"{_AT}/reconciliation", endpoint="review_reconciliation")
class Reconciliation(MethodView):
    """What the file says."""

    @requires("log.review")
    @blueprint.doc(operationId="reconcileReview")
    @blueprint.response(201, ReconciledSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, entry: UUID) -> Reconciled:
        """Note whether the agency had an open involvement, appointment or referral at the time.

        It says what that suggests, and decides nothing.
        """
        with on(entry) as (session, item):
            return actions.check_file(session, item, examiner(), now())


@blueprint.route(f"{_AT}/referral", endpoint="review_referral")
class Referral(MethodView):
    """That the safeguarding lead was told."""

    @requires("log.review")
    @blueprint.doc(operationId="referReview")
    @blueprint.arguments(ReviewNoteSchema)
    @blueprint.response(200, ReviewItemSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], entry: UUID) -> ReviewItem:
        """Note to which safeguarding lead an item went, and why; it stays open."""
        with on(entry) as (session, item):
            return actions.refer(session, item, body["note"], examiner(), now())


@blueprint.route(f"{_AT}/outcome", endpoint="review_outcome")
class Outcome(MethodView):
    """What somebody judges."""

    @requires("log.review")
    @blueprint.doc(operationId="closeReview")
    @blueprint.arguments(ReviewOutcomeSchema)
    @blueprint.response(200, ReviewItemSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], entry: UUID) -> ReviewItem:
        """Close an item that the caller has opened, with an outcome and why.

        A breach takes two: whoever says it first starts the 72 hours, and another confirms it, or
        closes the item otherwise. Nobody closes their own request, or one within their own line.
        """
        with on(entry) as (session, item):
            return close(session, item, Verdict(**body), examiner(), now())


def _place(after: tuple[Any, ...] | None) -> tuple[datetime, UUID] | None:
    return None if after is None else (after[0], after[1])
