"""A door for families: who has seen this, when, why, under which agreement."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead
from app.kernel.named import NotAvailable
from app.kernel.paging import Page, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from consent.queries.vocabulary import policy_at, titles
from directory.queries.agencies import agencies
from sharing.actions.taking_part import check_takes_part
from sharing.queries import seeing as queries
from sharing.rules.seeing import in_plain_words, may_ask, veil
from sharing.schemas.seeing import SeenPageSchema, SeenQuerySchema
from sharing.terms.seeing import Seen, Told

blueprint = Blueprint(
    "seeing", __name__, url_prefix="/v1/subjects", description="Who was told about a subject"
)


@blueprint.route("/<uuid:subject>/disclosures", endpoint="seen")
class WhoHasSeen(MethodView):
    """What was told of a subject, for those whom it is about."""

    @requires("subject.read")
    @blueprint.doc(operationId="listWhoHasSeen")
    @blueprint.arguments(SeenQuerySchema, location="query")
    @blueprint.response(200, SeenPageSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    def get(self, asked: dict[str, Any], subject: UUID) -> tuple[Page[Seen], dict[str, str]]:
        """List who has seen what, the newest first, in plain words.

        An agency that helps the family asks for one of them; whoever may not know, and whoever
        nobody knows, get one answer.
        """
        window, at = window_of(asked), now()
        person = asked["asked_by"] or subject
        _check(subject, person, at)
        after = UUID(str(window.after[0])) if window.after else None
        with reading_as_ig_lead() as session:
            told = queries.told_about(session, subject, after)
        rows = _shown(told, at, to_themselves=person == subject)
        return page_of(rows[: window.limit], window, lambda one: (one.id,))


def _check(subject: UUID, person: UUID, at: datetime) -> None:
    agency = caller().agency
    with reading(speaking_for=agency) as session:
        check_takes_part(session, agency, at)
        known = queries.subject_of(session, subject, at)
        policy = policy_at(session, at)
        helps = queries.helps(session, agency, subject, at)
    if known is None or not helps or not may_ask(known, person, policy, at):
        raise NotAvailable


def _shown(told: list[Told], at: datetime, *, to_themselves: bool) -> list[Seen]:
    with reading() as session:
        partners = agencies(session)
        words = titles(session, {one.code: one.name for one in partners})
    sensitive = frozenset(one.code for one in partners if one.sensitive_service)
    return [
        in_plain_words(one, words.agencies, words.purposes, words.categories)
        for one in told
        if veil(one, sensitive, at, to_themselves=to_themselves) is None
    ]
