"""Everything that a decision needs to know of a subject, in one row of one statement.

Columns and JSON, not objects: building an object graph would cost more than all the rest of a
disclosure. The row has the same shape, and the statement the same plan, for a subject that nobody
knows. What was recorded after `at` is left out here where the terms do not say when it was.
"""

from datetime import datetime
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    Subquery,
    Table,
    Text,
    Uuid,
    and_,
    any_,
    case,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.kernel.db import Base, UtcDateTime
from consent.models.consents import (
    CompetenceAssessmentRow,
    ConsentEventRow,
    ConsentRow,
    ConsentSubjectRow,
)
from consent.models.protection import ConflictOfInterestRow, ShieldRow, ShieldSubjectRow
from consent.models.subjects import (
    HouseholdMemberRow,
    NoSayRow,
    RelationshipRow,
    SubjectIdentifierRow,
    SubjectRow,
)

Json = dict[str, Any]
At = BindParameter[datetime] | ColumnElement[datetime]


class FactsRow(Protocol):
    """The columns of `subject_facts`; for an unknown subject all are None or empty lists."""

    subject_id: UUID | None
    adult: bool
    born: bytes | None
    key_id: str
    wrapped_key: bytes
    starts: datetime | None
    ends: datetime | None
    responsible: list[Json]
    assessments: list[Json]
    consents: list[Json]
    shields: list[Json]
    conflicts: list[Json]
    household: list[Json]


def _table(row: type[Base]) -> Table:
    return cast("Table", row.__table__)


_subject = _table(SubjectRow)
_identifier = _table(SubjectIdentifierRow)
_relationship = _table(RelationshipRow)
_no_say = _table(NoSayRow)
_household = _table(HouseholdMemberRow)
_assessment = _table(CompetenceAssessmentRow)
_shield = _table(ShieldRow)
_shielded = _table(ShieldSubjectRow)
_conflict = _table(ConflictOfInterestRow)
_consent = _table(ConsentRow)
_about = _table(ConsentSubjectRow)
_event = _table(ConsentEventRow)


def subject_facts(digests: BindParameter[list[bytes]], at: At) -> Select[Any]:
    """Return the statement that yields one row for the subject whom these digests name.

    Digests that name two subjects name none: someone mistook one child for another.
    """
    return _facts(_asked(digests), at)


def facts_of(subjects: BindParameter[list[UUID]], at: At) -> Select[Any]:
    """Return the statement that yields such a row for each of these subjects, by id."""
    asked = select(func.unnest(subjects).column_valued("id").label("id")).subquery("asked")
    return _facts(asked, at).order_by(asked.c.id)


def facts_at(
    subjects: BindParameter[list[UUID]], instants: BindParameter[list[datetime]]
) -> Select[Any]:
    """Return the statement that yields such a row for each subject as of its own instant.

    Rows also have `n`, which counts from 1, and `at`.
    """
    listed = (
        func.unnest(subjects, instants)
        .table_valued(Column("id", Uuid), Column("at", UtcDateTime), with_ordinality="n")
        .render_derived(name="listed")
    )
    asked = select(listed.c.id, listed.c.at, listed.c.n).subquery("asked")
    # By its name alone, so that the subqueries do not each list the table anew.
    at: ColumnElement[datetime] = literal_column("asked.at", UtcDateTime)
    return _facts(asked, at).add_columns(asked.c.n, asked.c.at).order_by(asked.c.n)


def _facts(asked: Subquery, at: At) -> Select[Any]:
    alive = and_(_subject.c.id == asked.c.id, _subject.c.wrapped_key.is_not(None))
    return select(
        _subject.c.id.label("subject_id"),
        _subject.c.adult,
        _subject.c.born,
        _subject.c.key_id,
        _subject.c.wrapped_key,
        _subject.c.starts,
        _subject.c.ends,
        _responsible(at).label("responsible"),
        _assessments(at).label("assessments"),
        _consents(at).label("consents"),
        _shields_of(_subject.c.id, _subject, at).label("shields"),
        _conflicts(at).label("conflicts"),
        _members(at).label("household"),
    ).select_from(asked.outerjoin(_subject, alive))


def _asked(digests: BindParameter[list[bytes]]) -> Subquery:
    """Return a table of exactly one row: the subject, or null."""
    only_one = func.count(_identifier.c.subject_id.distinct()) == 1
    named = as_type(func.min(as_type(_identifier.c.subject_id, Text)), Uuid)
    return (
        select(case((only_one, named)).label("id"))
        .where(_identifier.c.digest == any_(digests))
        .subquery("asked")
    )


def _object(**columns: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a JSON object; its names are literals, as each parameter would be sent every time."""
    parts: list[ColumnElement[Any]] = []
    for name, column in columns.items():
        parts += (literal_column(f"'{name}'"), column)
    return func.json_build_object(*parts)


def _gathered(
    what: ColumnElement[Any],
    within: FromClause,
    outer: FromClause,
    *where: ColumnElement[bool],
    by: tuple[ColumnElement[Any], ...],
) -> ScalarSelect[Any]:
    """Return a JSON list of what belongs to the outer row, in order; empty, never null."""
    listed = func.json_agg(aggregate_order_by(what, *by))
    empty: ColumnElement[Any] = literal_column("'[]'::json")
    found = select(func.coalesce(listed, empty)).select_from(within).where(*where)
    return found.correlate(outer).scalar_subquery()


def _responsible(at: At) -> ScalarSelect[Any]:
    no_says = _gathered(
        _object(starts=_no_say.c.starts, ends=_no_say.c.ends),
        _no_say,
        _relationship,
        _no_say.c.relationship_id == _relationship.c.id,
        _no_say.c.recorded_at <= at,
        by=(_no_say.c.starts, _no_say.c.id),
    )
    return _gathered(
        _object(
            person=_relationship.c.person_id,
            starts=_relationship.c.starts,
            ends=_relationship.c.ends,
            no_says=no_says,
        ),
        _relationship,
        _subject,
        _relationship.c.subject_id == _subject.c.id,
        _relationship.c.parental_responsibility,
        _relationship.c.recorded_at <= at,
        by=(_relationship.c.id,),
    )


def _assessments(at: At) -> ScalarSelect[Any]:
    one = _assessment.c
    return _gathered(
        _object(purpose=one.purpose, competent=one.competent, at=one.assessed_at, until=one.until),
        _assessment,
        _subject,
        one.subject_id == _subject.c.id,
        one.recorded_at <= at,
        by=(one.id,),
    )


def _consents(at: At) -> ScalarSelect[Any]:
    one = _consent.c
    confirmed, withdrawn = _event.alias("confirmed"), _event.alias("withdrawn")
    joined = _about.join(_consent, one.id == _about.c.consent_id)
    for event in (confirmed, withdrawn):
        kind: ColumnElement[str] = literal_column(f"'{event.name}'")
        happened = and_(event.c.consent_id == one.id, event.c.kind == kind)
        joined = joined.outerjoin(event, happened)
    later = _consent.alias("later")
    joined = joined.outerjoin(later, later.c.replaces == one.id)
    return _gathered(
        _object(
            id=one.id,
            kind=one.kind,
            given_by=one.given_by,
            answer=one.answer,
            method=one.method,
            recorded_at=one.recorded_at,
            recipients=one.recipients,
            purposes=one.purposes,
            categories=one.categories,
            sources=one.sources,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            confirmed_at=confirmed.c.recorded_at,
            withdrawn_at=withdrawn.c.recorded_at,
            replaced_at=later.c.recorded_at,
        ),
        joined,
        _subject,
        _about.c.subject_id == _subject.c.id,
        one.recorded_at <= at,
        by=(one.recorded_at, one.id),
    )


def _shields_of(subject: ColumnElement[Any], outer: FromClause, at: At) -> ScalarSelect[Any]:
    one = _shield.c
    return _gathered(
        _object(
            id=one.id,
            mode=one.mode,
            starts=one.starts,
            ends=one.ends,
            unaffected=one.unaffected,
            categories=one.categories,
            recorded_at=one.recorded_at,
        ),
        _shielded.join(_shield, one.id == _shielded.c.shield_id),
        outer,
        _shielded.c.subject_id == subject,
        one.recorded_at <= at,
        by=(one.id,),
    )


def _conflicts(at: At) -> ScalarSelect[Any]:
    one = _conflict.c
    return _gathered(
        _object(practitioner=one.practitioner, starts=one.starts, ends=one.ends),
        _conflict,
        _subject,
        one.subject_id == _subject.c.id,
        one.recorded_at <= at,
        by=(one.id,),
    )


def _members(at: At) -> ScalarSelect[Any]:
    one = _household.c
    return _gathered(
        _object(id=one.member_id, shields=_shields_of(one.member_id, _household, at)),
        _household,
        _subject,
        one.subject_id == _subject.c.id,
        one.recorded_at <= at,
        or_(one.replaced_at.is_(None), one.replaced_at > at),
        or_(one.starts.is_(None), one.starts <= at),
        or_(one.ends.is_(None), one.ends > at),
        by=(one.member_id, one.id),
    )
