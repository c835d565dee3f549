"""Doors to replays: what would a draft of an agreement change."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions.errors import PreviewNotYours, UnknownAgreement, UnknownPreview
from sharing.actions.previewing import problem_of
from sharing.actions.replaying import begin, may_replay
from sharing.api.log import reading_what_the_caller_may
from sharing.api.previewing import previewer
from sharing.queries import agreements
from sharing.queries import replaying as queries
from sharing.rules.replaying import as_told
from sharing.schemas.replaying import (
    DifferencePageSchema,
    ReplayPageSchema,
    ReplayRequestSchema,
    ReplaySchema,
)
from sharing.terms.previewing import NotPreviewed
from sharing.terms.replaying import Difference, Replay, ReplayPlan

blueprint = Blueprint(
    "replays",
    __name__,
    url_prefix="/v1/agreements",
    description="What a draft of an agreement would change",
)
_AT = "/<code>/versions/<int:number>/preview"


def _check(code: str) -> None:
    """Refuse an agency that has no part in the agreement."""
    with reading() as session:
        if agreements.agreement(session, code) is None:
            raise UnknownAgreement
        if not may_replay(session, code, previewer(), now()):
            raise PreviewNotYours


def _found(code: str, number: int, preview: UUID) -> Replay:
    _check(code)
    with reading() as session:
        found = queries.replay(session, code, number, preview)
    if found is None:
        raise UnknownPreview
    return _as_told(found)


def _as_told(found: Replay) -> Replay:
    """Return a replay with the reasons that the caller may know."""
    by = previewer()
    if not by.whole:
        with reading(speaking_for=by.agency) as session:
            found.tally.groups = queries.groups_shown(session, found.id, by.agency)
    return found


@blueprint.route(_AT, endpoint="replays")
class Replays(MethodView):
    """Replays of what was asked against a draft."""

    @requires("disclosure.preview")
    @blueprint.doc(operationId="replayDraft")
    @blueprint.arguments(ReplayRequestSchema)
    @blueprint.response(202, ReplaySchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    @blueprint.alt_response(503, reference(503))
    def post(self, body: dict[str, Any], code: str, number: int) -> tuple[Replay, dict[str, str]]:
        """Have a draft replayed: the requests of the past days, and every subject as of now.

        Both by the decision itself, with the draft in the place of the version in force. It leaves
        an entry in the log now and one with the result. Follow the address in Location until
        `state` is `done`.
        """
        with transaction() as session:
            made = begin(session, ReplayPlan(code, number, **body), previewer(), now)
        if isinstance(made, NotPreviewed):
            raise problem_of(made)
        where = url_for("replays.replay", code=code, number=number, preview=made)
        return _found(code, number, made), {"Location": where}

    @requires("disclosure.preview")
    @blueprint.doc(operationId="listReplays")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, ReplayPageSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    def get(
        self, asked: dict[str, Any], code: str, number: int
    ) -> tuple[Page[Replay], dict[str, str]]:
        """List the replays of a version, the newest first."""
        window = window_of(asked)
        after = UUID(str(window.after[0])) if window.after else None
        _check(code)
        with reading() as session:
            rows = queries.replays(session, code, number, after=after, limit=window.limit)
        page, headers = page_of(rows, window, lambda one: (one.id,))
        return Page([_as_told(one) for one in page.items], page.page), headers


@blueprint.route(f"{_AT}/<uuid:preview>", endpoint="replay")
class OneReplay(MethodView):
    """A replay."""

    @requires("disclosure.preview")
    @blueprint.doc(operationId="readReplay")
    @blueprint.response(200, ReplaySchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    def get(self, code: str, number: int, preview: UUID) -> Replay:
        """Say how far a replay is, and what it found so far."""
        return _found(code, number, preview)


@blueprint.route(f"{_AT}/<uuid:preview>/differences", endpoint="differences")
class Differences(MethodView):
    """What a draft would change."""

    @requires("disclosure.preview")
    @blueprint.doc(operationId="listDifferences")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, DifferencePageSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    def get(
        self, asked: dict[str, Any], code: str, number: int, preview: UUID
    ) -> tuple[Page[tuple[int, Difference]], dict[str, str]]:
        """List each answer that would be another, with the rule before and after.

        An agency is shown requests that it made or was asked, and of the present what it holds
        itself, with such reasons as a preview tells it; with `log.audit` all of them. Counts of
        changes are of all, groups by reason of what is shown.
        """
        _found(code, number, preview)
        by = previewer()
        window = window_of(asked)
        after = int(str(window.after[0])) if window.after else 0
        with reading_what_the_caller_may() as session:
            rows = queries.differences(session, preview, after=after, limit=window.limit)
        told = rows if by.whole else [(number, as_told(one, by.agency)) for number, one in rows]
        return page_of(told, window, lambda one: (one[0],))
