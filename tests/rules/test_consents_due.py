"""What falls due, with pencil and paper."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from consent.rules.due import Due, DueKind, disagreements, due_of
from consent.terms import (
    Answer,
    Consent,
    ConsentKind,
    Method,
    ParentalResponsibility,
    Period,
    Policy,
    Subject,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)
EARLIER, LATER = AT - timedelta(days=3), AT + timedelta(days=3)
CHILD, MUM, DAD, UNCLE = (UUID(int=n) for n in range(1, 5))
YES = Consent(
    UUID(int=10),
    ConsentKind.FAMILY_AGREEMENT,
    MUM,
    Answer.GIVEN,
    Method.WRITTEN,
    EARLIER,
    frozenset({"oak"}),
    frozenset({"support"}),
    frozenset({"plan"}),
)
NO = replace(
    YES,
    id=UUID(int=11),
    given_by=DAD,
    answer=Answer.REFUSED,
    recipients=frozenset({"*"}),
    recorded_at=AT,
)
FAMILY = Subject(CHILD, responsible=(ParentalResponsibility(MUM), ParentalResponsibility(DAD)))


def kinds(consent: Consent, members: tuple[str, ...] = ()) -> list[str]:
    return [one.kind.value for one in due_of(consent, members, Policy(), AT)]


@pytest.mark.parametrize(
    ("expected", "consent"),
    [
        ([], YES),
        (["confirm_in_writing"], replace(YES, method=Method.VERBAL)),
        ([], replace(YES, method=Method.VERBAL, confirmed_at=AT)),
        (["confirm_in_writing", "renew"], replace(YES, method=Method.VERBAL, valid_until=LATER)),
        (["renew"], replace(YES, method=Method.VERBAL, valid_until=AT)),
        ([], replace(YES, valid_until=LATER, withdrawn_at=AT)),
        (["renew"], replace(YES, valid_until=LATER, withdrawn_at=LATER)),
        ([], replace(YES, valid_until=LATER, replaced_at=AT)),
        ([], replace(NO, valid_until=LATER)),
        ([], replace(YES, valid_until=LATER, recorded_at=LATER)),
    ],
)
def test_what_a_consent_wants(expected: list[str], consent: Consent) -> None:
    assert kinds(consent) == expected


def test_grace_runs_from_the_start_where_that_is_later() -> None:
    spoken = replace(YES, method=Method.VERBAL, valid_from=LATER)
    (one,) = due_of(spoken, (), Policy(verbal_grace_days=7), AT)
    assert one == Due(DueKind.CONFIRM_IN_WRITING, YES.id, LATER + timedelta(days=7))


def test_only_who_is_not_named_yet_is_asked_about_and_of_a_yes_that_has_not_ended() -> None:
    assert kinds(YES, ("oak",)) == []
    (one,) = due_of(YES, ("oak", "elm"), Policy(), AT)
    assert one == Due(DueKind.ASK_ABOUT_NEW_AGENCIES, YES.id, AT, frozenset({"elm"}))
    assert kinds(replace(YES, valid_until=EARLIER), ("elm",)) == ["renew"]


@pytest.mark.parametrize(
    ("disagree", "yes", "no"),
    [
        (True, YES, NO),
        (True, YES, replace(NO, valid_until=EARLIER)),
        (False, YES, replace(NO, given_by=MUM)),
        (False, YES, replace(NO, given_by=UNCLE)),
        (False, YES, replace(NO, withdrawn_at=AT)),
        (False, YES, replace(NO, valid_from=LATER)),
        (False, replace(YES, valid_until=AT), NO),
        (False, YES, replace(NO, purposes=frozenset({"enquiry"}))),
        (False, YES, replace(NO, answer=Answer.GIVEN)),
    ],
)
def test_two_deciders_who_say_different_things_of_the_same_disagree(
    *, disagree: bool, yes: Consent, no: Consent
) -> None:
    for words in ((yes, no), (no, yes)):
        found = list(disagreements(replace(FAMILY, consents=words), Policy(), AT))
        expected = Due(DueKind.PARENTS_DISAGREE, yes.id, AT, beside=no.id)
        assert found == ([expected] if disagree else [])


def test_whose_say_is_lost_disagrees_with_nobody() -> None:
    lost = ParentalResponsibility(DAD, no_say=Period(EARLIER))
    subject = replace(FAMILY, responsible=(ParentalResponsibility(MUM), lost), consents=(YES, NO))
    assert list(disagreements(subject, Policy(), AT)) == []
