"""Doors to services that may be one: the pairs, and what somebody decides of each."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.actions import duplicates as actions
from directory.api.acting import actor, viewer
from directory.queries import duplicates as queries
from directory.queries.duplicates import DuplicateSeen, Place
from directory.schemas.exchange import (
    DuplicateDecisionSchema,
    DuplicatePageSchema,
    DuplicateQuerySchema,
    DuplicateSchema,
    Stand,
)
from directory.terms.records import Authorship, Origin

blueprint = Blueprint(
    "duplicates", __name__, url_prefix="/v1", description="Services that may be there twice"
)


@blueprint.route("/directory/duplicates", endpoint="duplicates")
class Duplicates(MethodView):
    """Pairs of services that may be one."""

    @requires("directory.read")
    @blueprint.doc(operationId="listPossibleDuplicates")
    @blueprint.arguments(DuplicateQuerySchema, location="query")
    @blueprint.response(200, DuplicatePageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Any], dict[str, str]]:
        """List pairs, the likeliest first; of each the caller may see both."""
        window = window_of(asked)
        after: Place | None = None
        if window.after is not None:
            score, one = window.after
            after = int(str(score)), UUID(str(one))
        decided = asked["state"] is Stand.DECIDED
        with reading() as session:
            rows = queries.duplicates(
                session, viewer(), decided=decided, after=after, limit=window.limit
            )
        page, headers = page_of(rows, window, lambda one: one.place)
        return Page([_told(one) for one in page.items], page.page), headers


@blueprint.route("/directory/duplicates/<uuid:duplicate>", endpoint="duplicate")
class OneDuplicate(MethodView):
    """A pair of services that may be one."""

    @requires("directory.read")
    @blueprint.doc(operationId="readPossibleDuplicate")
    @blueprint.response(200, DuplicateSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, duplicate: UUID) -> dict[str, Any]:
        """Say why two services may be one, and what was decided."""
        with reading() as session:
            return _told(queries.duplicate(session, duplicate, viewer()))


@blueprint.route("/directory/duplicates/<uuid:duplicate>/decision", endpoint="duplicate_decision")
class Decision(MethodView):
    """What somebody decides of a pair."""

    @requires("directory.write")
    @blueprint.doc(operationId="decidePossibleDuplicate")
    @blueprint.arguments(DuplicateDecisionSchema)
    @blueprint.response(200, DuplicateSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], duplicate: UUID) -> dict[str, Any]:
        """Decide whether two records are one service; of one service, the other record ends."""
        decision = actions.Decision(body["decision"], body["keep"], body["note"])
        by = Authorship(actor().id, Origin.EDITED, agency=actor().agency)
        with transaction() as session:
            return _told(actions.decide(session, duplicate, decision, by, now()))


def _told(seen: DuplicateSeen) -> dict[str, Any]:
    pair = seen.duplicate.pair
    return {
        "id": seen.duplicate.id,
        "score": pair.score,
        "reasons": list(pair.reasons),
        "found_at": seen.duplicate.found_at,
        "services": [seen.one, seen.other],
        "decision": seen.duplicate.decision,
        "decided_at": seen.duplicate.decided_at,
        "note": seen.duplicate.note,
    }
