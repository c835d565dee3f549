from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.kernel.named import DatesOutOfOrder, NotAvailable
from app.kernel.vault import Vault
from consent.actions import families, protection, subjects
from consent.actions.errors import (
    CategoriesMisplaced,
    IdentifierMalformed,
    IdentifierTaken,
    ShieldEnded,
    UnknownCategory,
    UnknownPartner,
    UnknownPurpose,
)
from consent.actions.families import Assessor, NewAssessment, NewNoSay, NewRelationship
from consent.actions.protection import NewShield
from consent.actions.subjects import GivenIdentifier, Name
from consent.actions.writing import Writer
from consent.terms import ShieldMode
from tests.consent.builders import (
    CHILD,
    HUB,
    MONDAY,
    OTHER,
    PARTNERS,
    PUPIL,
    TUESDAY,
    WEDNESDAY,
    family,
    registered,
)

NOBODY = UUID(int=1)


def looked_up(session: Session, *given: GivenIdentifier, agency: str = "oak-school") -> UUID:
    identifiers = subjects.read_identifiers(session, given, PARTNERS)
    return subjects.look_up(session, identifiers, agency, WEDNESDAY)


def hidden(*children: UUID) -> NewShield:
    unaffected = frozenset({"eh-hub"})
    return NewShield(
        frozenset(children), ShieldMode.HIDDEN, "why", "staff-1", MONDAY, unaffected=unaffected
    )


def test_a_subject_is_found_by_any_identifier_however_typed(session: Session) -> None:
    child = registered(session, CHILD, PUPIL)

    assert looked_up(session, GivenIdentifier("nhs_number", "999 000 0018")) == child
    assert looked_up(session, PUPIL, CHILD) == child


def test_an_identifier_added_later_finds_the_subject_too(session: Session) -> None:
    child = registered(session, CHILD)

    identifiers = subjects.read_identifiers(session, [OTHER], PARTNERS)
    subjects.add_identifiers(session, child, identifiers, HUB, TUESDAY)

    assert looked_up(session, OTHER) == child


def test_an_identifier_names_one_subject(session: Session) -> None:
    registered(session, CHILD)

    with pytest.raises(IdentifierTaken) as refused:
        registered(session, OTHER, CHILD)

    assert refused.value.errors[0]["pointer"] == "#/identifiers/1"


def test_nobody_and_the_hidden_are_not_available_alike(session: Session) -> None:
    child = registered(session, CHILD)
    protection.shield(session, hidden(child), PARTNERS, HUB, MONDAY)
    answers = []
    for identifier in (CHILD, OTHER):
        with pytest.raises(NotAvailable) as refused:
            looked_up(session, identifier)
        answers.append((str(refused.value), refused.value.errors))

    assert answers[0] == answers[1]
    assert looked_up(session, CHILD, agency="eh-hub") == child


def test_a_malformed_identifier_is_pointed_at_and_not_repeated(session: Session) -> None:
    with pytest.raises(IdentifierMalformed) as refused:
        registered(session, OTHER, GivenIdentifier("nhs_number", "9990000019"))

    (error,) = refused.value.errors
    assert error["pointer"] == "#/identifiers/1/value"
    assert "9990000019" not in str(refused.value)


def test_a_local_number_needs_an_agency_that_exists(session: Session) -> None:
    with pytest.raises(UnknownPartner) as refused:
        registered(session, GivenIdentifier("agency:nowhere", "17"))

    assert refused.value.errors[0]["pointer"] == "#/identifiers/0/scheme"


def test_nothing_about_a_person_is_readable_in_the_tables(session: Session) -> None:
    name = Name("Wilhelmina", "Testcase")
    registered(session, CHILD, PUPIL, born=date(2012, 7, 7), name=name, past_names=(name,))

    rows = [
        *session.execute(text("select * from subject order by id")).all(),
        *session.execute(text("select * from subject_identifier order by digest")).all(),
    ]

    on_disk = b"".join(
        value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row
    )
    for secret in (b"9990000018", b"Wilhelmina", b"Testcase", b"2012-07-07"):
        assert secret not in on_disk


def test_what_is_sealed_opens_with_the_key_of_the_subject(session: Session) -> None:
    child = registered(session, CHILD, name=Name("Wilhelmina", "Testcase"))

    sealed = session.scalar(text("select names from subject"))

    names = subjects.key_of(session, child).open(sealed, "subject", child, "names")
    assert names == b'{"name": {"given": "Wilhelmina", "family": "Testcase"}, "past_names": []}'
    assert Vault.of(session)


@pytest.mark.parametrize(
    "wrong", [{"born": date(2026, 3, 3)}, {"starts": TUESDAY, "ends": TUESDAY}]
)
def test_dates_must_make_sense(session: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(DatesOutOfOrder):
        registered(session, CHILD, **wrong)


def test_facts_about_nobody_are_not_available(session: Session) -> None:
    child, mother = family(session)
    relate = NewRelationship(NOBODY, "uncle", parental_responsibility=False)
    with pytest.raises(NotAvailable):
        families.relate(session, child, relate, HUB, MONDAY)
    with pytest.raises(NotAvailable):
        families.set_household(session, NOBODY, [], HUB, MONDAY)
    with pytest.raises(NotAvailable):
        families.end_say(session, child, NewNoSay(NOBODY, MONDAY, "order 17"), HUB, MONDAY)
    with pytest.raises(NotAvailable):
        protection.shield(session, hidden(child, NOBODY), PARTNERS, HUB, MONDAY)
    with pytest.raises(NotAvailable):
        protection.end_shield(session, NOBODY, MONDAY, HUB, MONDAY)
    assert mother


def test_an_assessment_names_a_known_purpose_and_agency(session: Session) -> None:
    child = registered(session, CHILD)
    found = NewAssessment(
        child, "early_help_support", competent=True, assessor=Assessor("nurse"), assessed_at=MONDAY
    )

    with pytest.raises(UnknownPurpose):
        families.assess(session, replace(found, purpose="gossip"), PARTNERS, HUB, MONDAY)
    elsewhere = Assessor("nurse", agency="nowhere")
    with pytest.raises(UnknownPartner):
        families.assess(session, replace(found, assessor=elsewhere), PARTNERS, HUB, MONDAY)


def test_a_shield_ends_once_and_by_whoever_set_it(session: Session) -> None:
    child = registered(session, CHILD)
    shield = protection.shield(session, hidden(child), PARTNERS, HUB, MONDAY)
    with pytest.raises(NotAvailable):
        protection.end_shield(session, shield.id, TUESDAY, Writer("oak", "oak-school"), TUESDAY)

    ended = protection.end_shield(session, shield.id, TUESDAY, HUB, TUESDAY)

    assert ended == replace(shield, ends=TUESDAY)
    assert looked_up(session, CHILD) == child
    with pytest.raises(ShieldEnded):
        protection.end_shield(session, shield.id, WEDNESDAY, HUB, WEDNESDAY)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"categories": frozenset({"plan"})}, CategoriesMisplaced),
        ({"mode": ShieldMode.MASKED}, CategoriesMisplaced),
        ({"mode": ShieldMode.MASKED, "categories": frozenset({"gossip"})}, UnknownCategory),
        ({"unaffected": frozenset({"nowhere"})}, UnknownPartner),
    ],
)
def test_a_shield_says_clearly_what_it_covers(
    session: Session, wrong: dict[str, object], refusal: type[Exception]
) -> None:
    child = registered(session, CHILD)

    with pytest.raises(refusal):
        protection.shield(session, replace(hidden(child), **wrong), PARTNERS, HUB, MONDAY)  # type: ignore[arg-type]  # what is wrong is the point


@pytest.mark.parametrize(
    "forbidden",
    [
        "update consent set answer = 'given'",
        "delete from consent",
        "update consent_event set recorded_at = now()",
        "delete from consent_event",
        "update competence_assessment set competent = true",
        "update no_say set ends = now()",
        "delete from shield",
        "update subject set adult = true",
        "truncate consent cascade",
    ],
)
def test_the_web_process_cannot_rewrite_what_was_recorded(session: Session, forbidden: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text(forbidden))
