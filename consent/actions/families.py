"""Who decides for a subject, who lives with them, and whether a child can decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder, NotAvailable
from consent.actions.errors import AdultDecides, OwnRelative, UnknownPartner, UnknownPurpose
from consent.actions.partners import Partners
from consent.actions.subjects import key_of, keys_of
from consent.actions.writing import Writer, in_order
from consent.models.consents import CompetenceAssessmentRow
from consent.models.subjects import HouseholdMemberRow, NoSayRow, RelationshipRow
from consent.queries import subjects, vocabulary
from consent.queries.opened import subjects_at
from consent.rules.giving import is_adult


@dataclass(frozen=True, slots=True)
class NewRelationship:
    """What a person is to a subject; without `starts` it always was so."""

    person: UUID
    kind: str
    parental_responsibility: bool
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewMember:
    """That a subject is to be named in a household."""

    subject: UUID
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assessor:
    """Who judged a child's competence."""

    role: str
    name: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """Whether somebody found a child able to decide on a purpose (Gillick)."""

    subject: UUID
    purpose: str
    competent: bool
    assessor: Assessor
    assessed_at: datetime
    until: datetime | None = None


def relate(session: Session, subject: UUID, new: NewRelationship, by: Writer, at: datetime) -> UUID:
    """Enter what a person is to a subject; return the relationship's id."""
    in_order(new.starts, new.ends)
    if new.person == subject:
        raise OwnRelative(pointer="#/person")
    keys_of(session, {subject, new.person})
    relationship = new_id(at)
    session.execute(
        insert(RelationshipRow).values(
            id=relationship,
            subject_id=subject,
            person_id=new.person,
            kind=new.kind,
            parental_responsibility=new.parental_responsibility,
            starts=new.starts,
            ends=new.ends,
            **by.stamp(at),
        )
    )
    return relationship


@dataclass(frozen=True, slots=True)
class NewNoSay:
    """From when an adult's word stops counting, and what that rests on."""

    relationship: UUID
    starts: datetime
    evidence: str
    ends: datetime | None = None


def end_say(session: Session, subject: UUID, new: NewNoSay, by: Writer, at: datetime) -> UUID:
    """Let an adult's word about a subject stop counting; return the id of that fact."""
    in_order(new.starts, new.ends)
    key, no_say = key_of(session, subject), new_id(at)
    if not subjects.has_relationship(session, subject, new.relationship):
        raise NotAvailable
    session.execute(
        insert(NoSayRow).values(
            id=no_say,
            relationship_id=new.relationship,
            starts=new.starts,
            ends=new.ends,
            evidence=key.seal(new.evidence.encode(), "no_say", no_say, "evidence"),
            **by.stamp(at),
        )
    )
    return no_say


def set_household(
    session: Session, subject: UUID, members: Sequence[NewMember], by: Writer, at: datetime
) -> None:
    """Let exactly these be named in a subject's household from now on."""
    for member in members:
        in_order(member.starts, member.ends)
    keys_of(session, {subject, *(member.subject for member in members)})
    session.execute(
        update(HouseholdMemberRow)
        .where(HouseholdMemberRow.subject_id == subject, HouseholdMemberRow.replaced_at.is_(None))
        .values(replaced_at=at)
    )
    rows = [
        {
            "id": new_id(at),
            "subject_id": subject,
            "member_id": member.subject,
            "starts": member.starts,
            "ends": member.ends,
            **by.stamp(at),
        }
        for member in members
    ]
    if rows:
        session.execute(insert(HouseholdMemberRow), rows)


def assess(
    session: Session, new: NewAssessment, partners: Partners, by: Writer, at: datetime
) -> UUID:
    """Enter whether a child was found able to decide on a purpose; return the assessment's id."""
    in_order(new.assessed_at, new.until, named=("assessed_at", "until"))
    if new.assessed_at > at:
        detail = "Record an assessment once it was made: assessed_at cannot be later than now."
        raise DatesOutOfOrder(detail, "#/assessed_at")
    key, assessment = key_of(session, new.subject), new_id(at)
    if any(is_adult(one, new.assessed_at) for one in subjects_at(session, {new.subject}, at)):
        raise AdultDecides
    if vocabulary.unknown_purposes(session, frozenset({new.purpose})):
        raise UnknownPurpose(pointer="#/purpose")
    agency, name = new.assessor.agency, new.assessor.name
    if agency is not None and partners.unknown(session, frozenset({agency})):
        raise UnknownPartner(pointer="#/assessor/agency")
    where = ("competence_assessment", assessment, "assessor_name")
    session.execute(
        insert(CompetenceAssessmentRow).values(
            id=assessment,
            subject_id=new.subject,
            purpose=new.purpose,
            competent=new.competent,
            assessed_at=new.assessed_at,
            until=new.until,
            assessor_name=None if name is None else key.seal(name.encode(), *where),
            assessor_role=new.assessor.role,
            assessor_agency=agency,
            **by.stamp(at),
        )
    )
    return assessment
