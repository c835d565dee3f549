from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.kernel.named import DatesOutOfOrder, NamedProblem, NotAvailable
from consent.actions import consents, families, subjects
from consent.actions.errors import (
    AlreadyConfirmed,
    AlreadyReplaced,
    AlreadyWithdrawn,
    AlreadyWritten,
    GiverHasNoSay,
    NothingGiven,
    RecipientsNotNamed,
    ReplacementDiffers,
    UnknownAgreement,
    UnknownCategory,
    UnknownPartner,
    UnknownPurpose,
)
from consent.actions.families import NewRelationship
from consent.queries.consents import evidence_of
from consent.terms import Answer, Method
from tests.consent.builders import (
    CHILD,
    HUB,
    MONDAY,
    OTHER,
    TUESDAY,
    WEDNESDAY,
    family,
    known,
    recorded,
    registered,
)

EVERYTHING = frozenset({"*"})
REFUSED = {"answer": Answer.REFUSED, "recipients": EVERYTHING, "purposes": EVERYTHING}


def test_an_answer_is_recorded_as_it_was_said(session: Session) -> None:
    child, mother = family(session)

    said = recorded(session, child, mother, evidence="form 17, signed", valid_until=WEDNESDAY)

    assert said.subjects == {child}
    assert said.given_by == mother
    assert said.notice.language == "en"
    assert (said.recorded_at, said.recorded_by) == (TUESDAY, "eh-hub")
    assert (said.confirmed_at, said.withdrawn_at, said.replaced_by) == (None, None, None)
    assert evidence_of(session, said.id, subjects.key_of(session, mother)) == "form 17, signed"


def test_a_no_by_somebody_without_standing_is_a_fact_and_a_yes_is_not_taken(
    session: Session,
) -> None:
    child, stranger = registered(session, CHILD), registered(session, OTHER, adult=True)

    assert recorded(session, child, stranger, answer=Answer.REFUSED).given_by == stranger
    with pytest.raises(GiverHasNoSay):
        recorded(session, child, stranger)


@pytest.mark.parametrize("answer", list(Answer))
def test_all_partners_means_the_members_of_that_day(session: Session, answer: Answer) -> None:
    """Rule 6: "all partners" is expanded when it is recorded."""
    child, mother = family(session)
    to_all = {"answer": answer, "recipients": frozenset({"agreement:EH-ISA", "csc"})}

    on_tuesday = recorded(session, child, mother, TUESDAY, **to_all)
    on_wednesday = recorded(session, child, mother, WEDNESDAY, **to_all)

    assert on_tuesday.recipients == {"eh-hub", "oak-school", "csc"}
    assert on_wednesday.recipients == on_tuesday.recipients | {"elm-school"}


def test_a_refusal_may_speak_of_everything(session: Session) -> None:
    """Rule 8: a refusal and its scope are facts."""
    child, mother = family(session)

    assert recorded(session, child, mother, **REFUSED).recipients == EVERYTHING


@pytest.mark.parametrize(
    ("wrong", "refusal", "pointer"),
    [
        ({"recipients": EVERYTHING}, RecipientsNotNamed, "#/recipients"),
        ({"recipients": frozenset({"agreement:EMPTY"})}, RecipientsNotNamed, "#/recipients"),
        ({"recipients": frozenset({"agreement:NONE"})}, UnknownAgreement, "#/recipients"),
        ({"recipients": frozenset({"nowhere"})}, UnknownPartner, "#/recipients"),
        ({"sources": frozenset({"nowhere"})}, UnknownPartner, "#/sources"),
        ({"purposes": frozenset({"gossip"})}, UnknownPurpose, "#/purposes"),
        ({"categories": frozenset({"*", "gossip"})}, UnknownCategory, "#/categories"),
        ({"valid_from": TUESDAY, "valid_until": TUESDAY}, DatesOutOfOrder, "#/valid_until"),
    ],
)
def test_what_is_wrong_is_named_and_pointed_at(
    session: Session, wrong: dict[str, object], refusal: type[NamedProblem], pointer: str
) -> None:
    child, mother = family(session)

    with pytest.raises(refusal) as refused:
        recorded(session, child, mother, **wrong)

    assert refused.value.errors[0]["pointer"] == pointer


def test_nobody_can_neither_consent_nor_be_consented_for(session: Session) -> None:
    child, mother = family(session)
    nobody = UUID(int=1)

    for about, by in ((child, nobody), (nobody, mother)):
        with pytest.raises(NotAvailable):
            recorded(session, about, by)
    for act in (consents.confirm, consents.withdraw):
        with pytest.raises(NotAvailable):
            act(session, nobody, HUB, TUESDAY)


def test_a_withdrawal_is_one_act_and_happens_once(session: Session) -> None:
    """Rule 7: withdrawing needs no reason."""
    child, mother = family(session)
    said = recorded(session, child, mother)

    withdrawn = consents.withdraw(session, said.id, HUB, WEDNESDAY)

    assert withdrawn == replace(said, withdrawn_at=WEDNESDAY)
    for act in (consents.withdraw, consents.confirm):
        with pytest.raises(AlreadyWithdrawn):
            act(session, said.id, HUB, WEDNESDAY)


def test_only_a_verbal_yes_is_confirmed_and_only_once(session: Session) -> None:
    child, mother = family(session)
    spoken = recorded(session, child, mother, method=Method.VERBAL)
    written = recorded(session, child, mother)
    refused = recorded(session, child, mother, **REFUSED)

    assert consents.confirm(session, spoken.id, HUB, WEDNESDAY).confirmed_at == WEDNESDAY
    for consent, refusal in (
        (spoken, AlreadyConfirmed),
        (written, AlreadyWritten),
        (refused, NothingGiven),
    ):
        with pytest.raises(refusal):
            consents.confirm(session, consent.id, HUB, WEDNESDAY)


def test_a_refusal_is_not_withdrawn(session: Session) -> None:
    child, mother = family(session)
    refused = recorded(session, child, mother, **REFUSED)

    with pytest.raises(NothingGiven):
        consents.withdraw(session, refused.id, HUB, WEDNESDAY)


def test_a_consent_is_replaced_once_and_what_replaced_it_is_named(session: Session) -> None:
    child, mother = family(session)
    first = recorded(session, child, mother, MONDAY)

    second = recorded(session, child, mother, TUESDAY, replaces=first.id)

    for late in (
        lambda: recorded(session, child, mother, WEDNESDAY, replaces=first.id),
        lambda: consents.withdraw(session, first.id, HUB, WEDNESDAY),
    ):
        with pytest.raises(AlreadyReplaced, match=str(second.id)):
            late()
    found = known(session, CHILD)
    assert found is not None
    assert [one.replaced_at for one in found.consents] == [TUESDAY, None]


def test_a_yes_may_be_replaced_for_fewer_but_a_no_only_for_all(session: Session) -> None:
    child, mother = family(session)
    sibling = registered(session, OTHER)
    both = frozenset({child, sibling})
    yes = recorded(session, child, mother, MONDAY, subjects=both)
    no = recorded(session, child, mother, MONDAY, subjects=both, **REFUSED)

    narrower = recorded(session, child, mother, replaces=yes.id)

    assert narrower.replaces == yes.id
    with pytest.raises(ReplacementDiffers):
        recorded(session, child, mother, replaces=no.id)
    assert recorded(session, child, mother, subjects=both, replaces=no.id).replaces == no.id


def test_nobody_replaces_another_persons_word(session: Session) -> None:
    child, mother = family(session)
    father = registered(session, adult=True)
    new = NewRelationship(father, "father", parental_responsibility=True)
    families.relate(session, child, new, HUB, MONDAY)
    said = recorded(session, child, mother)

    with pytest.raises(ReplacementDiffers):
        recorded(session, child, father, replaces=said.id)
    with pytest.raises(NotAvailable):
        recorded(session, child, father, replaces=UUID(int=1))


def test_a_consent_is_read_by_whom_it_concerns(session: Session) -> None:
    child, mother = family(session)
    said = recorded(session, child, mother)

    assert consents.readable(session, said.id, "eh-hub") == said
    assert consents.readable(session, said.id, "oak-school") == said
    with pytest.raises(NotAvailable):
        consents.readable(session, said.id, "csc")
