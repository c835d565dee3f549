from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from consent.actions import consents, families, protection
from consent.actions.families import Assessor, NewAssessment, NewMember, NewNoSay, NewRelationship
from consent.actions.protection import NewConflict, NewShield
from consent.queries.opened import household_from, opened_subject
from consent.rules.deciding import decides
from consent.terms import (
    CompetenceAssessment,
    ConflictOfInterest,
    Member,
    Method,
    ParentalResponsibility,
    Period,
    Policy,
    Shield,
    ShieldMode,
)
from tests.consent.builders import (
    CHILD,
    HUB,
    MONDAY,
    OTHER,
    PARTNERS,
    PUPIL,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    facts,
    family,
    known,
    recorded,
    registered,
)


def test_everything_on_file_arrives_in_one_row(session: Session) -> None:
    child = registered(session, CHILD, PUPIL, born=date(2012, 7, 7), starts=MONDAY)
    mother = registered(session, adult=True)
    families.relate(
        session, child, NewRelationship(mother, "mother", parental_responsibility=True), HUB, MONDAY
    )
    families.relate(
        session, child, NewRelationship(mother, "aunt", parental_responsibility=False), HUB, MONDAY
    )
    assessed = NewAssessment(
        child,
        "early_help_support",
        competent=True,
        assessor=Assessor("nurse", "A. N."),
        assessed_at=MONDAY,
    )
    families.assess(session, assessed, PARTNERS, HUB, MONDAY)
    said = recorded(session, child, mother, method=Method.VERBAL)
    consents.confirm(session, said.id, HUB, WEDNESDAY)
    shielded = NewShield(
        frozenset({child}),
        ShieldMode.MASKED,
        "why",
        "staff-1",
        MONDAY,
        None,
        frozenset({"contact"}),
        frozenset({"eh-hub"}),
    )
    shield = protection.shield(session, shielded, PARTNERS, HUB, MONDAY)
    protection.bar(session, NewConflict(child, "p-aunt", "family"), HUB, MONDAY)

    found = known(session, CHILD, PUPIL)

    assert found is not None
    assert (found.id, found.adult, found.born) == (child, False, date(2012, 7, 7))
    assert found.period == Period(MONDAY)
    assert found.responsible == (ParentalResponsibility(mother),)
    assert found.assessments == (
        CompetenceAssessment("early_help_support", competent=True, at=MONDAY),
    )
    assert found.conflicts == (ConflictOfInterest("p-aunt"),)
    assert found.shields == (
        Shield(
            shield.id,
            ShieldMode.MASKED,
            Period(MONDAY),
            frozenset({"eh-hub"}),
            frozenset({"contact"}),
            MONDAY,
        ),
    )
    (consent,) = found.consents
    assert (consent.id, consent.given_by, consent.method) == (said.id, mother, Method.VERBAL)
    assert (consent.recorded_at, consent.confirmed_at) == (TUESDAY, WEDNESDAY)
    assert (consent.withdrawn_at, consent.replaced_at) == (None, None)
    assert consent.recipients == {"oak-school"}
    assert consent.sources == {"*"}


def test_an_unknown_subject_has_a_row_of_the_same_shape(session: Session) -> None:
    family(session)

    unknown, there = facts(session, OTHER), facts(session, CHILD)

    assert unknown._fields == there._fields  # type: ignore[attr-defined]  # SQLAlchemy's Row
    assert unknown.subject_id is None
    assert unknown.consents == unknown.shields == unknown.household == unknown.responsible == []
    assert opened_subject(unknown, Vault.of(session)) is None
    assert household_from(unknown) == ()


def test_identifiers_of_two_subjects_name_nobody(session: Session) -> None:
    registered(session, CHILD)
    registered(session, OTHER)

    assert known(session, CHILD, OTHER) is None
    assert known(session, CHILD, PUPIL) is not None


def test_a_fact_recorded_later_is_not_seen_earlier(session: Session) -> None:
    child, mother = family(session)
    recorded(session, child, mother, at=WEDNESDAY)

    before, after = known(session, CHILD, at=TUESDAY), known(session, CHILD, at=WEDNESDAY)

    assert before is not None
    assert after is not None
    assert (before.consents, len(after.consents)) == ((), 1)


def test_a_say_can_be_lost_more_than_once(session: Session) -> None:
    child, father = registered(session, CHILD), registered(session, adult=True)
    new = NewRelationship(father, "father", parental_responsibility=True, ends=None)
    relationship = families.relate(session, child, new, HUB, MONDAY)
    days = [datetime(2026, 4, day, tzinfo=UTC) for day in range(1, 8)]
    for starts, ends in ((days[1], days[2]), (days[4], None)):
        lost = NewNoSay(relationship, starts, "order 17", ends)
        families.end_say(session, child, lost, HUB, MONDAY)

    found = known(session, CHILD, at=days[6])

    assert found is not None
    counts = [decides(found, father, "early_help_support", Policy(), day) for day in days]
    assert counts == [True, False, True, True, False, False, False]


def test_the_household_is_the_newest_list_with_what_protects_each(session: Session) -> None:
    child, sibling, gone = registered(session, CHILD), registered(session), registered(session)
    families.set_household(session, child, [NewMember(gone), NewMember(child)], HUB, MONDAY)
    members = [NewMember(child), NewMember(sibling), NewMember(gone, ends=TUESDAY)]
    families.set_household(session, child, members, HUB, TUESDAY)
    shielded = NewShield(frozenset({sibling}), ShieldMode.HIDDEN, "why", "staff-1", TUESDAY)
    shield = protection.shield(session, shielded, PARTNERS, HUB, TUESDAY)

    before = household_from(facts(session, CHILD, at=MONDAY))
    after = household_from(facts(session, CHILD, at=THURSDAY))

    assert {one.id for one in before} == {gone, child}
    protecting = Shield(shield.id, ShieldMode.HIDDEN, Period(TUESDAY), recorded_at=TUESDAY)
    assert set(after) == {Member(child), Member(sibling, (protecting,))}
