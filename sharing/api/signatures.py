"""Doors to what members sign, and to their signatures."""

from typing import Any, cast

from flask import Response, current_app
from flask.views import MethodView
from sqlalchemy.orm import Session

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from consent.queries.vocabulary import settings_at
from consent.rules.periods import months_later
from sharing.actions import signing as actions
from sharing.actions.agreements import hold
from sharing.actions.changing import hold_to
from sharing.actions.errors import NotAMember, SignatureInvalid, UnknownAgreement
from sharing.actions.signers import EXTENSION, NotSigned, Signers
from sharing.api.agreements import Answer, answer
from sharing.queries import agreements as queries
from sharing.schemas.agreement_contents import SignedContentSchema
from sharing.schemas.agreements import AgreementSchema, EmptySchema, NewReviewSchema
from sharing.schemas.signatures import (
    AgreementSignaturesSchema,
    AgreementSigningSchema,
    statement_in,
    statement_on,
    whole,
)
from sharing.terms.agreements import (
    Means,
    Proof,
    Review,
    SignatureOnFile,
    Statement,
)
from sharing.terms.changing import Act

blueprint = Blueprint(
    "signatures", __name__, url_prefix="/v1/agreements", description="Who signed what, word by word"
)


def _by_key(session: Session, body: dict[str, Any]) -> tuple[Statement, Proof]:
    compact = whole(body["jws"], body.get("statement"))
    signers = cast("Signers", current_app.extensions[EXTENSION])
    try:
        signed = signers.signed(session, caller().client_id, compact)
    except NotSigned as error:
        raise SignatureInvalid(f"The signature does not hold: {error}.", "#/jws") from error
    return statement_in(signed.claims), Proof(means=Means.KEY, jws=compact, key=signed.key)


def _read(
    session: Session, body: dict[str, Any], code: str, number: int
) -> tuple[Statement, Proof]:
    """Return what the caller's agency signed, and what shows it."""
    if ("jws" in body) == ("paper" in body):
        raise SignatureInvalid("Send jws or paper: the one or the other.")
    if "jws" in body:
        statement, proof = _by_key(session, body)
    else:
        paper = body["paper"]
        statement = statement_on(paper, code, number, caller().agency)
        proof = Proof(means=Means.PAPER, reference=paper["reference"])
    if (statement.agreement, statement.version) != (code, number):
        raise SignatureInvalid("What was signed speaks of another agreement or version.", "#/jws")
    if statement.agency != caller().agency:
        raise NotAMember("Each agency signs for itself.", "#/jws")
    return statement, proof


@blueprint.route("/<code>/versions/<int:number>/content", endpoint="content")
class Content(MethodView):
    """What a version says, to the byte."""

    @requires("agreement.read")
    @blueprint.doc(operationId="readVersionContent")
    @blueprint.response(200, SignedContentSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, code: str, number: int) -> Response:
        """Read the very bytes that members sign: their SHA-256 is the version's hash."""
        with reading() as session:
            content = queries.content(session, code, number)
        if content is None:
            raise UnknownAgreement("No content of such a version is on file.")
        return Response(content, mimetype="application/json")


@blueprint.route("/<code>/versions/<int:number>/signatures", endpoint="signatures")
class Signatures(MethodView):
    """The signatures under a version."""

    @requires("agreement.read")
    @blueprint.doc(operationId="listSignatures")
    @blueprint.response(200, AgreementSignaturesSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, code: str, number: int) -> dict[str, tuple[SignatureOnFile, ...]]:
        """List who signed a version, with what proves each signature."""
        with reading() as session:
            found = queries.agreement(session, code)
            signed = queries.signatures(session, code, number)
        if found is None or not any(one.version == number for one in found.versions):
            raise UnknownAgreement
        return {"items": signed}

    @requires("agreement.write")
    @blueprint.doc(operationId="signVersion")
    @blueprint.arguments(AgreementSigningSchema)
    @blueprint.response(201, AgreementSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], code: str, number: int) -> Answer:
        """Sign a version for the caller's own agency."""
        with transaction() as session:
            at = hold(session, code, now)
            statement, proof = _read(session, body, code, number)
            actions.sign(session, statement, proof, caller().client_id, at)
        return answer(code)


@blueprint.route("/<code>/versions/<int:number>/activation", endpoint="activation")
class Activation(MethodView):
    """That a version is frozen and in force from its date."""

    @requires("agreement.write")
    @blueprint.doc(operationId="activateVersion")
    @blueprint.arguments(EmptySchema)
    @blueprint.response(201, AgreementSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, _: dict[str, Any], code: str, number: int) -> Answer:
        """Activate a version that lacks nothing and that its members have signed."""
        with transaction() as session:
            at = hold_to(session, Act.ACTIVATE, code, caller().agency, now)
            actions.activate(session, code, number, at)
        return answer(code)


@blueprint.route("/<code>/reviews", endpoint="reviews")
class Reviews(MethodView):
    """That the version in force was looked at."""

    @requires("agreement.write")
    @blueprint.doc(operationId="reviewAgreement")
    @blueprint.arguments(NewReviewSchema)
    @blueprint.response(201, AgreementSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    def post(self, body: dict[str, Any], code: str) -> Answer:
        """Record a review, and when the next is due; what was signed stays as it is."""
        with transaction() as session:
            at = hold_to(session, Act.REVIEW, code, caller().agency, now)
            usual = months_later(at, settings_at(session, at).agreement_review_months)
            found = Review(**{"next_due": usual} | body)
            actions.review(session, code, found, caller().client_id, at)
        return answer(code)
