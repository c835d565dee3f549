"""Doors to agreements."""

from typing import Any

from flask import url_for
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint, body_up_to
from sharing.actions import agreements as actions
from sharing.actions.changing import hold_to
from sharing.actions.errors import UnknownAgreement
from sharing.queries import agreements as queries
from sharing.schemas.agreement_contents import VersionDraftSchema
from sharing.schemas.agreements import (
    LARGEST_DRAFT,
    AgreementDraftSchema,
    AgreementPageSchema,
    AgreementSchema,
    DepartureSchema,
    MemberSchema,
    TerminationSchema,
)
from sharing.terms.agreements import (
    AgreementLine,
    AgreementOnFile,
    Draft,
    MemberDraft,
    NewAgreement,
)
from sharing.terms.changing import Act, Ending

blueprint = Blueprint(
    "agreements", __name__, url_prefix="/v1/agreements", description="Who may tell whom what"
)
Answer = tuple[AgreementOnFile, dict[str, str]]


def _on_file(code: str) -> AgreementOnFile:
    with reading() as session:
        found = queries.agreement(session, code)
    if found is None:
        raise UnknownAgreement
    return found


def answer(code: str) -> Answer:
    """Return an agreement as it stands, and where it is."""
    return _on_file(code), {"Location": url_for("agreements.agreement", code=code)}


@blueprint.route("", endpoint="agreements")
class Agreements(MethodView):
    """The partnership's information sharing agreements."""

    @requires("agreement.read")
    @blueprint.doc(operationId="listAgreements")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, AgreementPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[AgreementLine], dict[str, str]]:
        """List agreements by code."""
        window = window_of(asked)
        after = str(window.after[0]) if window.after else None
        with reading() as session:
            rows = queries.agreements(session, after=after, limit=window.limit)
        return page_of(rows, window, lambda one: (one.code,))

    @requires("agreement.write")
    @blueprint.doc(operationId="draftAgreement")
    @body_up_to(LARGEST_DRAFT)
    @blueprint.arguments(AgreementDraftSchema)
    @blueprint.response(201, AgreementSchema)
    @blueprint.alt_response(409, reference(409))
    def post(self, new: NewAgreement) -> Answer:
        """Draft an agreement, whole or in part, or from a worked example.

        The caller's agency keeps it from then on: it alone changes it for all.
        """
        with transaction() as session:
            actions.draft_agreement(session, new, caller().agency, now())
        return answer(new.code)


@blueprint.route("/<code>", endpoint="agreement")
class OneAgreement(MethodView):
    """An agreement, through all its versions."""

    @requires("agreement.read")
    @blueprint.doc(operationId="readAgreement")
    @blueprint.response(200, AgreementSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, code: str) -> AgreementOnFile:
        """Read an agreement."""
        return _on_file(code)


@blueprint.route("/<code>/versions", endpoint="versions")
class Versions(MethodView):
    """The versions of an agreement."""

    @requires("agreement.write")
    @blueprint.doc(operationId="draftVersion")
    @body_up_to(LARGEST_DRAFT)
    @blueprint.arguments(VersionDraftSchema)
    @blueprint.response(201, AgreementSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    def post(self, draft: Draft, code: str) -> Answer:
        """Draft a new version."""
        with transaction() as session:
            at = hold_to(session, Act.VERSION, code, caller().agency, now)
            actions.draft_version(session, code, draft, at)
        return answer(code)


@blueprint.route("/<code>/versions/<int:number>", endpoint="version")
class OneVersion(MethodView):
    """A version that nobody has signed yet."""

    @requires("agreement.write")
    @blueprint.doc(operationId="reviseVersion")
    @body_up_to(LARGEST_DRAFT)
    @blueprint.arguments(VersionDraftSchema)
    @blueprint.response(200, AgreementSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def put(self, draft: Draft, code: str, number: int) -> AgreementOnFile:
        """Put other content in the place of a draft's; what was signed or activated is frozen."""
        with transaction() as session:
            at = hold_to(session, Act.VERSION, code, caller().agency, now)
            actions.revise(session, code, number, draft, at)
        return _on_file(code)


@blueprint.route("/<code>/termination", endpoint="termination")
class Termination(MethodView):
    """That an agreement ends before it expires."""

    @requires("agreement.write")
    @blueprint.doc(operationId="terminateAgreement")
    @blueprint.arguments(TerminationSchema)
    @blueprint.response(201, AgreementSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], code: str) -> Answer:
        """Terminate an agreement; who did, when and why stays on file with it."""
        with transaction() as session:
            who = caller()
            at = hold_to(session, Act.TERMINATE, code, who.agency, now)
            said = Ending(agency=who.agency, client=who.client_id, **body)
            actions.terminate(session, code, said, at)
        return answer(code)


@blueprint.route("/<code>/members", endpoint="members")
class Members(MethodView):
    """The agencies that are members."""

    @requires("agreement.write")
    @blueprint.doc(operationId="addMember")
    @blueprint.arguments(MemberSchema)
    @blueprint.response(201, AgreementSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, member: MemberDraft, code: str) -> Answer:
        """Make an agency a member; it counts once it has signed the version in force."""
        with transaction() as session:
            at = hold_to(session, Act.ADMIT, code, caller().agency, now)
            actions.join(session, code, member, at)
        return answer(code)


@blueprint.route("/<code>/members/<agency>/departure", endpoint="departure")
class Departure(MethodView):
    """That an agency leaves."""

    @requires("agreement.write")
    @blueprint.doc(operationId="endMembership")
    @blueprint.arguments(DepartureSchema)
    @blueprint.response(201, AgreementSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], code: str, agency: str) -> Answer:
        """End an agency's membership: its own, or another's by whoever keeps the agreement."""
        with transaction() as session:
            at = hold_to(session, Act.END_MEMBERSHIP, code, caller().agency, now, of=agency)
            actions.leave(session, code, agency, body["left"] or at)
        return answer(code)
