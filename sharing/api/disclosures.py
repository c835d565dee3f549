"""The door at which agencies ask. It answers after the entry is committed, and never before."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from uuid import UUID

from flask import Response, current_app, g, request
from flask.views import MethodView
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from app.kernel import idempotency
from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import transaction
from app.kernel.idempotency import KeyUsedDifferently, answered_once, once_for
from app.kernel.problem import extended, problem, reference
from app.kernel.wire import Blueprint
from directory.queries.contacts import human_ways
from sharing.actions.disclosing import disclose, log_undecided
from sharing.actions.log import ORIGIN, RECEIPTS
from sharing.actions.obligations import Closed, Closing, close_obligation
from sharing.api.waiting import proof_within, seconds_wished
from sharing.schemas.answers import STATUS_OF, permitted, refused
from sharing.schemas.disclosures import (
    DisclosureRequestSchema,
    DisclosureSchema,
    ObligationClosingSchema,
    ObligationSchema,
)
from sharing.terms.answers import Disclosure, Refused
from sharing.terms.asking import Asker, DisclosureRequest, Practitioner, Reader
from sharing.terms.codes import Assurance, Reason

if TYPE_CHECKING:
    from sharing.chain.notes import Signer

_TURNED_AWAY: Final = {
    403: "insufficient_scope",
    406: Reason.REQUEST_INVALID,
    422: Reason.REQUEST_INVALID,
}
View = TypeVar("View", bound=Callable[..., Any])

blueprint = Blueprint(
    "disclosures", __name__, url_prefix="/v1", description="Asking to be told, and being told"
)


class NotLogged(Exception):
    """The log could not be written: nothing is disclosed (503)."""


def logged_whatever_happens(view: View) -> View:
    """Log what is no request, or fails while it is decided, in a transaction of its own.

    The deciding transaction rolls back with such a request, and its line with it.
    """

    @wraps(view)
    def logging(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  (a view's own types)
        g.reached_the_view = True
        try:
            return view(*args, **kwargs)
        except (HTTPException, KeyUsedDifferently):
            _log_undecided(Reason.REQUEST_INVALID)
            raise
        except Exception:
            _log_undecided("fault")
            raise

    return cast("View", logging)


@blueprint.after_request
def log_what_was_turned_away(response: Response) -> Response:
    """Log a request of a known caller that was refused before the view saw it."""
    asked = request.endpoint == "disclosures.disclosures" and request.method == "POST"
    code = _TURNED_AWAY.get(response.status_code)
    if not asked or code is None or "caller" not in g or "reached_the_view" in g:
        return response
    if isinstance(request.get_json(silent=True), dict):
        try:
            _log_undecided(code)
        except NotLogged:
            return problem(503, "unavailable")
    return response


@blueprint.route("/disclosures", endpoint="disclosures")
class Disclosures(MethodView):
    """Requests to be told something."""

    @requires("disclosure.request")
    @blueprint.doc(operationId="requestDisclosure", parameters=[idempotency.PARAMETER])
    @logged_whatever_happens
    @blueprint.arguments(DisclosureRequestSchema)
    @blueprint.response(200, DisclosureSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(503, reference(503))
    def post(self, body: dict[str, Any]) -> Response:
        """Ask for a disclosure."""
        who = caller()
        with transaction() as session:
            answer = answered_once(
                session, once_for(who.client_id), now(), lambda: _decided(session, body)
            )
        if "code" in answer:
            code = answer["code"]
            refusal = problem(STATUS_OF[code], code)
            contacts = answer.get("contacts")
            return refusal if contacts is None else extended(refusal, contacts=contacts)
        wished = seconds_wished()
        if wished is not None:
            answer |= {"proof": proof_within(UUID(answer["id"]), wished)}
        told = Response(current_app.json.dumps(answer), 200, mimetype="application/json")
        if wished is not None:
            told.headers["Preference-Applied"] = "wait"
        return told


@blueprint.route("/disclosures/<uuid:entry>/obligations/<code>", endpoint="obligation")
class OneObligation(MethodView):
    """A duty that came with a disclosure."""

    @requires("disclosure.request")
    @blueprint.doc(operationId="closeObligation")
    @blueprint.arguments(ObligationClosingSchema)
    @blueprint.response(200, ObligationSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], entry: UUID, code: str) -> Closed:
        """Say how a duty was met."""
        who = caller()
        closing = Closing(body["outcome"], body["note"], who.client_id)
        with transaction(speaking_for=who.agency) as session:
            return close_obligation(session, entry, code, closing, now())


def _decided(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    """Decide and log within the open transaction; the answer is told after its commit."""
    outcome = disclose(session, _asked(body), now)
    if isinstance(outcome, Disclosure):
        signer: Signer = current_app.extensions[RECEIPTS]
        return permitted(outcome, current_app.extensions[ORIGIN], signer)
    answer = refused(outcome)
    if outcome.refusal.reason is Reason.NO_AGREEMENT:
        answer["contacts"] = _contacts(session, outcome)
    return answer


def _contacts(session: Session, outcome: Refused) -> list[dict[str, str | None]]:
    """Return whom to ring where no agreement opens a way (ICO: sharing in an emergency)."""
    ways = human_ways(session, now(), agency=outcome.refusal.asked.source)
    return [
        {
            "name": one.facts.name,
            "city": one.facts.city,
            "phone": None if one.facts.phone is None else one.facts.phone.as_published,
            "phone_fault": None if one.facts.phone is None else one.facts.phone.fault,
            "email": None if one.facts.email is None else one.facts.email.as_published,
            "email_fault": None if one.facts.email is None else one.facts.email.fault,
        }
        for one in ways
    ]


def asker_calling() -> Asker:
    """Return who asks, as the client is registered and, where it is signed, as its token says."""
    who = caller()
    asker = Asker(
        who.client_id, who.agency, who.purposes, who.kinds, who.may_override, who.token_id
    )
    if who.practitioner is None:
        return asker
    # The token speaks for one practitioner and one purpose; it can only narrow what is registered.
    purposes = who.purposes & {who.practitioner.purpose}
    return replace(asker, purposes=purposes, signed_as=who.practitioner.id)


def practitioner_calling(stated: dict[str, str] | None) -> Practitioner | None:
    """Return who stands behind a request, by its body and its token."""
    signed = caller().practitioner
    practitioner = None
    if stated is not None:
        practitioner = Practitioner(stated["id"], stated["role"], Assurance.STATED)
    if signed is not None:
        named = signed.id if practitioner is None else practitioner.id
        practitioner = Practitioner(named, signed.role, Assurance.SIGNED)
    return practitioner


def reader_calling(stated: dict[str, str] | None) -> Reader:
    """Return who reads, as the client is registered and as its body and token say."""
    signed = caller().practitioner
    narrowed_to = None if signed is None else signed.agreement
    return Reader(asker_calling(), practitioner_calling(stated), narrowed_to)


def _asked(body: dict[str, Any]) -> DisclosureRequest:
    asker, signed = asker_calling(), caller().practitioner
    return DisclosureRequest(
        asker=asker,
        recipient=body["recipient"] or asker.agency,
        source=body["source"],
        kind=body["kind"],
        purpose=body["purpose"],
        claimed_basis=body["lawful_basis"],
        categories=tuple(dict.fromkeys(body["categories"])),
        identifiers=tuple(body["subject"]["identifiers"]),
        practitioner=practitioner_calling(body["practitioner"]),
        override=body["override"],
        narrowed_to=None if signed is None else signed.agreement,
    )


def _log_undecided(code: str) -> None:
    try:
        with transaction(speaking_for=caller().agency) as session:
            log_undecided(session, asker_calling(), code, now())
    except SQLAlchemyError as error:
        raise NotLogged from error
