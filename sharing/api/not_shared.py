"""Doors to decisions not to share: a source records them, it and IG leads read and count them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.named import NotAvailable
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions import not_shared as actions
from sharing.actions.records import subject_of
from sharing.api.log import reading_what_the_caller_may
from sharing.api.notices import after_of
from sharing.api.searching import WHOLE_LOG
from sharing.queries import not_shared as queries
from sharing.schemas.not_shared import (
    NotSharedCountsSchema,
    NotSharedDraftSchema,
    NotSharedPageSchema,
    NotSharedPeriodSchema,
    NotSharedSchema,
    WholeNotSharedSchema,
)
from sharing.terms.records import (
    DecisionNotToShare,
    NewDecisionNotToShare,
    NotSharedCount,
    WholeDecision,
)

blueprint = Blueprint(
    "not_shared",
    __name__,
    url_prefix="/v1/decisions-not-to-share",
    description="What sources were asked for and decided not to share",
)


@blueprint.route("", endpoint="not_shared")
class DecisionsNotToShare(MethodView):
    """Recorded decisions not to share."""

    @requires("record.write")
    @blueprint.doc(operationId="listDecisionsNotToShare")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, NotSharedPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[DecisionNotToShare], dict[str, str]]:
        """List those of the caller's agency, the newest first."""
        window = window_of(asked)
        with reading(speaking_for=caller().agency) as session:
            rows = queries.decisions(session, after=after_of(window), limit=window.limit)
        return page_of(rows, window, lambda one: (one.id,))

    @requires("record.write")
    @blueprint.doc(operationId="recordDecisionNotToShare")
    @blueprint.arguments(NotSharedDraftSchema)
    @blueprint.response(201, NotSharedSchema)
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any]) -> DecisionNotToShare:
        """Record a decision not to share what was asked for."""
        who = caller()
        identifiers = tuple(body.pop("subject")["identifiers"])
        new = NewDecisionNotToShare(source=who.agency, by=who.client_id, **body)
        with transaction(speaking_for=who.agency) as session:
            return actions.record(session, subject_of(session, identifiers), new, now())


@blueprint.route("/all", endpoint="all_not_shared")
class EveryDecision(MethodView):
    """Decisions not to share, of every source."""

    @requires(WHOLE_LOG)
    @blueprint.doc(operationId="listEveryDecisionNotToShare")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, NotSharedPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[DecisionNotToShare], dict[str, str]]:
        """List all of them, for information governance leads."""
        window = window_of(asked)
        with reading_as_ig_lead() as session:
            rows = queries.decisions(session, after=after_of(window), limit=window.limit)
        return page_of(rows, window, lambda one: (one.id,))


@blueprint.route("/counts", endpoint="not_shared_counts")
class NotSharedCounts(MethodView):
    """How often sources decided not to share."""

    @requires("log.read")
    @blueprint.doc(operationId="countDecisionsNotToShare")
    @blueprint.arguments(NotSharedPeriodSchema, location="query")
    @blueprint.response(200, NotSharedCountsSchema)
    def get(self, asked: dict[str, Any]) -> dict[str, Sequence[NotSharedCount]]:
        """Count by source and reason: the caller's own, or all for who reads the whole log."""
        with reading_what_the_caller_may() as session:
            return {"counts": queries.counted(session, asked["since"], asked["until"])}


@blueprint.route("/<uuid:decision>", endpoint="one_not_shared")
class OneDecision(MethodView):
    """One decision not to share."""

    @requires("record.write")
    @blueprint.doc(operationId="readDecisionNotToShare")
    @blueprint.response(200, WholeNotSharedSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, decision: UUID) -> WholeDecision:
        """Read one of the caller's agency with its reason."""
        return _whole(decision, caller().agency)


@blueprint.route("/all/<uuid:decision>", endpoint="any_not_shared")
class AnyDecision(MethodView):
    """One decision not to share, of whatever source."""

    @requires(WHOLE_LOG)
    @blueprint.doc(operationId="readAnyDecisionNotToShare")
    @blueprint.response(200, WholeNotSharedSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, decision: UUID) -> WholeDecision:
        """Read one with its reason, for information governance leads."""
        with reading_as_ig_lead() as session:
            source = queries.source_of(session, decision)
        return _whole(decision, source or "")


def _whole(decision: UUID, source: str) -> WholeDecision:
    with reading(speaking_for=source) as session:
        found = queries.whole(session, decision)
    if found is None:
        raise NotAvailable
    return found
