"""What falls due, with pencil and paper."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from consent.rules.due import Due, DueKind, disagreements, due_of, renewal_of
from consent.rules.periods import months_later
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


@pytest.mark.parametrize(
    ("at", "months", "later"),
    [
        (datetime(2026, 1, 31, 9, 30, tzinfo=UTC), 1, datetime(2026, 2, 28, 9, 30, tzinfo=UTC)),
        (datetime(2026, 3, 2, tzinfo=UTC), 12, datetime(2027, 3, 2, tzinfo=UTC)),
        (datetime(2026, 12, 2, tzinfo=UTC), 1, datetime(2027, 1, 2, tzinfo=UTC)),
        (datetime(2024, 2, 29, tzinfo=UTC), 48, datetime(2028, 2, 29, tzinfo=UTC)),
    ],
)
def test_months_end_on_the_day_they_began_or_the_last_there_is(
    at: datetime, months: int, later: datetime
) -> None:
    assert months_later(at, months) == later


@pytest.mark.parametrize(
    "consent",
    [
        replace(YES, valid_until=LATER),
        replace(YES, method=Method.VERBAL),
        replace(YES, withdrawn_at=AT),
        NO,
    ],
)
def test_what_ends_by_itself_or_is_no_yes_is_not_put_before_the_family_again(
    consent: Consent,
) -> None:
    assert list(renewal_of(consent, Policy(), AT)) == []


def test_rule_11_a_yes_without_an_end_is_due_after_the_months_that_were_signed_off() -> None:
    six = Policy(consent_renewal_months=6)
    on = months_later(EARLIER, 6)
    assert list(renewal_of(YES, six, AT)) == [Due(DueKind.RENEW, YES.id, on)]
    confirmed = replace(YES, method=Method.VERBAL, confirmed_at=AT, valid_from=AT)
    (one,) = renewal_of(confirmed, six, AT)
    assert one.on == months_later(AT, 6)
