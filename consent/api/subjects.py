"""Doors to subjects and to who decides for them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask.views import MethodView
from sqlalchemy.orm import Session

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.wire import Blueprint
from consent.actions import families, holding, standing, subjects
from consent.actions.families import Assessor, NewAssessment, NewMember, NewNoSay, NewRelationship
from consent.actions.subjects import GivenIdentifier, Name, NewSubject
from consent.api.arriving import partners, writer
from consent.schemas.people import (
    FactIdSchema,
    HouseholdSchema,
    IdentifiersSchema,
    NewAssessmentSchema,
    NewNoSaySchema,
    NewRelationshipSchema,
    NewSubjectSchema,
    SubjectIdSchema,
)

blueprint = Blueprint(
    "subjects", __name__, url_prefix="/v1/subjects", description="Subjects and who decides for them"
)
Created = tuple[dict[str, Any], dict[str, str]]


def _given(body: dict[str, Any]) -> list[GivenIdentifier]:
    return [GivenIdentifier(**one) for one in body.pop("identifiers")]


def _held(session: Session, subject: UUID, naming: Iterable[UUID] = ()) -> datetime:
    """Lock a subject whom the caller's agency may change, and may bring together with these."""
    at = holding.hold_subjects(session, [subject], now)
    standing.check_works_with(session, subject, partners(), writer(), at)
    standing.check_may_name(session, naming, writer(), at)
    return at


def _created(path: str, **facts: Any) -> Created:  # noqa: ANN401  (what the answer holds)
    return facts, {"Location": f"/v1/subjects/{path}"}


@blueprint.route("")
class Subjects(MethodView):
    """Everyone whom information is about."""

    @requires("subject.write")
    @blueprint.doc(operationId="registerSubject")
    @blueprint.arguments(NewSubjectSchema)
    @blueprint.response(201, SubjectIdSchema)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any]) -> Created:
        """Register a subject."""
        given = _given(body)
        name = Name(**body.pop("name")) if "name" in body else None
        past = tuple(Name(**one) for one in body.pop("past_names", ()))
        new = NewSubject(name=name, past_names=past, **body)
        with transaction() as session:
            identifiers = subjects.read_identifiers(session, given, partners())
            at = holding.hold_new(session, (one.digest for one in identifiers), now)
            subject = subjects.register(session, new, identifiers, writer(), at)
        return _created(str(subject), id=subject)


@blueprint.route("/lookup")
class Lookup(MethodView):
    """Finding a subject; what names a person travels in a body, never in an address."""

    @requires("subject.read")
    @blueprint.doc(operationId="lookUpSubject")
    @blueprint.arguments(IdentifiersSchema)
    @blueprint.response(200, SubjectIdSchema)
    @blueprint.alt_response(404, success=False)
    def post(self, body: dict[str, Any]) -> dict[str, UUID]:
        """Find the id of the subject whom all the identifiers name."""
        with reading() as session:
            identifiers = subjects.read_identifiers(session, _given(body), partners())
            return {"id": subjects.look_up(session, identifiers, caller().agency, now())}


@blueprint.route("/<uuid:subject>/identifiers")
class Identifiers(MethodView):
    """What finds a subject."""

    @requires("subject.write")
    @blueprint.doc(operationId="addIdentifiers")
    @blueprint.arguments(IdentifiersSchema)
    @blueprint.response(201, SubjectIdSchema)
    @blueprint.alt_response(404, success=False)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any], subject: UUID) -> Created:
        """Let a subject be found by more identifiers."""
        with transaction() as session:
            identifiers = subjects.read_identifiers(session, _given(body), partners())
            digests = (one.digest for one in identifiers)
            at = holding.hold_subjects(session, [subject], now, digests)
            standing.check_may_number(
                session, subject, identifiers, partners=partners(), by=writer(), at=at
            )
            subjects.add_identifiers(session, subject, identifiers, writer(), at)
        return _created(str(subject), id=subject)


@blueprint.route("/<uuid:subject>/relationships")
class Relationships(MethodView):
    """What people are to a subject."""

    @requires("subject.write")
    @blueprint.doc(operationId="addRelationship")
    @blueprint.arguments(NewRelationshipSchema)
    @blueprint.response(201, FactIdSchema)
    @blueprint.alt_response(404, success=False)
    def post(self, body: dict[str, Any], subject: UUID) -> Created:
        """Say what a person is to a subject, and whether with parental responsibility."""
        new = NewRelationship(**body)
        with transaction() as session:
            at = _held(session, subject, naming=[new.person])
            made = families.relate(session, subject, new, writer(), at)
        return _created(f"{subject}/relationships/{made}", id=made, recorded_at=at)


@blueprint.route("/<uuid:subject>/relationships/<uuid:relationship>/no-say")
class NoSay(MethodView):
    """That an adult's word does not count."""

    @requires("subject.write")
    @blueprint.doc(operationId="endSay")
    @blueprint.arguments(NewNoSaySchema)
    @blueprint.response(201, FactIdSchema)
    @blueprint.alt_response(404, success=False)
    def post(self, body: dict[str, Any], subject: UUID, relationship: UUID) -> Created:
        """End an adult's say about a subject."""
        with transaction() as session:
            at = _held(session, subject)
            new = NewNoSay(relationship=relationship, **({"starts": at} | body))
            made = families.end_say(session, subject, new, writer(), at)
        path = f"{subject}/relationships/{relationship}/no-say/{made}"
        return _created(path, id=made, recorded_at=at)


@blueprint.route("/<uuid:subject>/household")
class Household(MethodView):
    """Who lives with a subject."""

    @requires("subject.write")
    @blueprint.doc(operationId="setHousehold")
    @blueprint.arguments(HouseholdSchema)
    @blueprint.response(200, HouseholdSchema)
    @blueprint.alt_response(404, success=False)
    def put(self, body: dict[str, Any], subject: UUID) -> dict[str, Any]:
        """Name everyone in a subject's household."""
        members = [NewMember(**one) for one in body["members"]]
        with transaction() as session:
            at = _held(session, subject, naming=[member.subject for member in members])
            families.set_household(session, subject, members, writer(), at)
        return body


@blueprint.route("/<uuid:subject>/competence-assessments")
class CompetenceAssessments(MethodView):
    """Whether a child can decide."""

    @requires("subject.write")
    @blueprint.doc(operationId="addCompetenceAssessment")
    @blueprint.arguments(NewAssessmentSchema)
    @blueprint.response(201, FactIdSchema)
    @blueprint.alt_response(404, success=False)
    def post(self, body: dict[str, Any], subject: UUID) -> Created:
        """Say whether a child was found able to decide on a purpose."""
        assessor = Assessor(**body.pop("assessor"))
        with transaction() as session:
            at = _held(session, subject)
            facts = {"assessed_at": at} | body
            new = NewAssessment(subject=subject, assessor=assessor, **facts)
            made = families.assess(session, new, partners(), writer(), at)
        return _created(f"{subject}/competence-assessments/{made}", id=made, recorded_at=at)
