"""What falls due, with pencil and paper."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from consent.rules.deciding import of_age
from consent.rules.due import (
    Due,
    DueKind,
    birthday,
    coming_of_age,
    disagreements,
    due_of,
    each_once,
    not_asked_about,
    renewal_of,
    still_about,
)
from consent.rules.history import steps_of
from consent.rules.periods import days_later, months_later
from consent.terms import (
    Answer,
    Became,
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
ALONE = frozenset({YES.id})
SENSITIVE = frozenset({"health"})
FAMILY = Subject(CHILD, responsible=(ParentalResponsibility(MUM), ParentalResponsibility(DAD)))


def quarrels(*words: Consent) -> list[Due]:
    return list(disagreements(replace(FAMILY, consents=words), Policy(), SENSITIVE, AT))


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
    assert one == Due(DueKind.CONFIRM_IN_WRITING, YES.id, LATER + timedelta(days=7), consents=ALONE)


def test_only_who_is_not_named_yet_is_asked_about_and_of_a_yes_that_has_not_ended() -> None:
    assert kinds(YES, ("oak",)) == []
    (one,) = due_of(YES, ("oak", "elm"), Policy(), AT)
    assert one == Due(
        DueKind.ASK_ABOUT_NEW_AGENCIES, YES.id, AT, frozenset({"elm"}), consents=ALONE
    )
    assert kinds(replace(YES, valid_until=EARLIER), ("elm",)) == ["renew"]


@pytest.mark.parametrize(
    ("disagree", "yes", "no"),
    [
        (True, YES, NO),
        (True, YES, replace(NO, valid_until=EARLIER)),
        (False, YES, replace(NO, given_by=MUM)),
        (False, YES, replace(NO, given_by=UNCLE)),
        (False, YES, replace(NO, replaced_at=AT)),
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
        both = frozenset({yes.id, no.id})
        expected = Due(DueKind.PARENTS_DISAGREE, yes.id, AT, beside=no.id, consents=both)
        assert quarrels(*words) == ([expected] if disagree else [])


def test_whose_say_is_lost_disagrees_with_nobody() -> None:
    lost = ParentalResponsibility(DAD, no_say=Period(EARLIER))
    subject = replace(FAMILY, responsible=(ParentalResponsibility(MUM), lost), consents=(YES, NO))
    assert list(disagreements(subject, Policy(), SENSITIVE, AT)) == []


def test_rule_17_one_quarrel_is_one_thing_to_do_however_many_words_are_in_it() -> None:
    """Two yeses of one and two noes of the other that all meet are a single item."""
    other = frozenset({"assessment"})
    both = frozenset({"plan", "assessment"})
    yes = replace(YES, id=UUID(int=20), categories=other, recorded_at=AT - timedelta(days=1))
    no = replace(NO, id=UUID(int=21), recipients=frozenset({"oak"}), categories=both)
    apart = replace(YES, id=UUID(int=22), purposes=frozenset({"enquiry"}))
    against = replace(NO, id=UUID(int=23), purposes=frozenset({"enquiry"}))
    found = quarrels(YES, yes, no, replace(NO, recorded_at=EARLIER), apart, against)
    assert [one.consents for one in found] == [
        frozenset({YES.id, yes.id, no.id}),
        frozenset({apart.id, against.id}),
    ]
    assert (found[0].consent, found[0].beside, found[0].on) == (yes.id, no.id, AT)


@pytest.mark.parametrize(
    ("settled", "later"),
    [
        (True, {}),
        (True, {"categories": frozenset({"*"})}),
        (True, {"answer": Answer.REFUSED, "given_by": MUM, "recipients": frozenset({"*"})}),
        (False, {"categories": frozenset({"assessment"})}),
        (False, {"given_by": UNCLE}),
        (False, {"replaced_at": AT}),
        (False, {"recorded_at": EARLIER}),
    ],
)
def test_who_has_since_spoken_of_the_same_disagrees_no_more(
    *, settled: bool, later: dict[str, Any]
) -> None:
    no = replace(NO, recorded_at=EARLIER)
    word = replace(YES, id=UUID(int=30), **{"given_by": DAD, "recorded_at": AT} | later)
    assert bool(quarrels(YES, no, word)) is not settled


def test_a_yes_that_was_taken_back_is_a_no_beside_the_other_parents() -> None:
    taken = replace(YES, id=UUID(int=31), given_by=DAD, withdrawn_at=AT)
    (one,) = quarrels(YES, taken)
    assert (one.consent, one.beside, one.on) == (YES.id, taken.id, AT)


@pytest.mark.parametrize(
    ("still", "word"),
    [
        (False, {}),
        (False, {"kind": ConsentKind.DATA_CONSENT}),
        (False, {"answer": Answer.REFUSED, "recipients": frozenset({"*"})}),
        (False, {"withdrawn_at": AT}),
        (True, {"recorded_at": EARLIER}),
        (True, {"valid_from": LATER}),
        (True, {"recipients": frozenset({"elm"})}),
        (True, {"purposes": frozenset({"enquiry"})}),
        (True, {"categories": frozenset({"plan", "contact"})}),
        (True, {"categories": frozenset({"*"})}),
        (False, {"categories": frozenset({"*", "health"})}),
        (True, {"sources": frozenset({"hub"})}),
        (True, {"given_by": DAD}),
    ],
)
def test_rule_9_a_spoken_yes_is_done_with_once_the_same_is_said_again(
    *, still: bool, word: dict[str, Any]
) -> None:
    spoken = replace(YES, method=Method.VERBAL, categories=frozenset({"plan", "health"}))
    again = replace(spoken, id=UUID(int=40), method=Method.WRITTEN, recorded_at=AT)
    about = frozenset({CHILD, DAD})
    words = [(CHILD, spoken), (CHILD, replace(again, **word)), (UNCLE, again)]
    left = still_about(spoken, words, about, SENSITIVE, AT)
    assert left == (about if still else frozenset({DAD}))


def test_a_family_agreement_does_not_repeat_a_data_consent_and_a_no_is_a_no_to_both() -> None:
    data = replace(YES, kind=ConsentKind.DATA_CONSENT)
    later = replace(YES, id=UUID(int=41), recorded_at=AT)
    about = frozenset({CHILD})
    assert still_about(data, [(CHILD, later)], about, SENSITIVE, AT) == about
    no = replace(later, answer=Answer.REFUSED)
    assert still_about(data, [(CHILD, no)], about, SENSITIVE, AT) == frozenset()
    at_once = replace(no, recorded_at=EARLIER)
    assert still_about(data, [(CHILD, at_once)], about, SENSITIVE, AT) == frozenset()


@pytest.mark.parametrize(
    ("named", "again", "still"),
    [
        (frozenset({"camhs"}), frozenset({"*"}), True),
        (frozenset({"camhs"}), frozenset({"*", "camhs"}), False),
        (frozenset({"*", "camhs"}), frozenset({"camhs"}), True),
    ],
)
def test_a_yes_to_all_sources_takes_in_none_that_was_named(
    named: frozenset[str], again: frozenset[str], *, still: bool
) -> None:
    first = replace(YES, sources=named)
    later = replace(YES, id=UUID(int=42), sources=again, recorded_at=AT)
    left = still_about(first, [(CHILD, later)], frozenset({CHILD}), SENSITIVE, AT)
    assert bool(left) is still


def test_rule_10_who_was_asked_about_a_newcomer_alone_is_not_asked_again() -> None:
    newcomers = ("elm", "ash")
    elm = replace(YES, id=UUID(int=43), recipients=frozenset({"elm"}), recorded_at=AT)
    both = frozenset({CHILD, DAD})
    some = not_asked_about(YES, newcomers, [(CHILD, elm)], both, sensitive=SENSITIVE, at=AT)
    assert some == {"elm", "ash"}, "of the other child nothing was said"
    words = [(CHILD, elm), (DAD, replace(elm, answer=Answer.REFUSED))]
    left = not_asked_about(YES, newcomers, words, both, sensitive=SENSITIVE, at=AT)
    assert left == {"ash"}


def test_the_same_about_twins_is_one_thing_to_do() -> None:
    due = Due(DueKind.COMING_OF_AGE, YES.id, AT, consents=ALONE)
    other = replace(due, on=LATER)
    listed = each_once(
        (due, frozenset({CHILD})), (other, frozenset({CHILD})), (due, frozenset({MUM}))
    )
    assert listed == [(due, frozenset({CHILD, MUM})), (other, frozenset({CHILD}))]


COMING = replace(FAMILY, born=date(2010, 3, 5), consents=(YES,))
SIXTEEN = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("about", "subject"),
    [
        ({YES.id}, COMING),
        ({YES.id}, replace(COMING, born=date(2010, 3, 1))),
        (set(), replace(COMING, born=None)),
        (set(), replace(COMING, adult=True)),
        (set(), replace(COMING, consents=())),
        (set(), replace(COMING, consents=(replace(YES, valid_until=SIXTEEN),))),
        (set(), replace(COMING, consents=(replace(YES, withdrawn_at=AT),))),
        (set(), replace(COMING, consents=(replace(YES, answer=Answer.REFUSED),))),
        ({YES.id}, replace(COMING, consents=(YES, replace(NO, given_by=CHILD)))),
        (
            set(),
            replace(COMING, born=date(2010, 3, 1), consents=(YES, replace(NO, given_by=CHILD))),
        ),
        (set(), replace(COMING, consents=(replace(YES, given_by=CHILD),))),
    ],
)
def test_rule_15_a_birthday_ahead_is_due_where_others_said_yes_until_the_young_person_speaks(
    about: set[UUID], subject: Subject
) -> None:
    found = list(coming_of_age(subject, Policy(), AT))
    assert {one for due in found for one in due.consents} == about
    if found and subject.born == COMING.born:
        assert found == [Due(DueKind.COMING_OF_AGE, YES.id, SIXTEEN, consents=ALONE)]


@pytest.mark.parametrize(
    ("born", "years", "on"),
    [
        (date(2010, 3, 5), 16, SIXTEEN),
        (date(2012, 2, 29), 16, datetime(2028, 2, 29, tzinfo=UTC)),
        (date(2012, 2, 29), 15, datetime(2027, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_birthday_is_the_day_from_which_somebody_is_of_age(
    born: date, years: int, on: datetime
) -> None:
    assert birthday(born, years) == on
    assert of_age(born, years, on)
    assert not of_age(born, years, on - timedelta(seconds=1))


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


def test_nothing_comes_after_the_last_day_of_the_calendar() -> None:
    """A client that means "for ever" sends it; the service must not fall over that."""
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert days_later(last, 14) == datetime.max.replace(tzinfo=UTC)
    assert days_later(AT, 3) == LATER
    assert months_later(last, 12) == last
    spoken = replace(YES, method=Method.VERBAL, valid_from=last)
    assert [one.kind for one in due_of(spoken, (), Policy(), AT)] == [DueKind.CONFIRM_IN_WRITING]
    assert [became for _, became in steps_of(spoken, Policy(), AT)] == [Became.GIVEN]


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
    assert list(renewal_of(YES, six, AT)) == [Due(DueKind.RENEW, YES.id, on, consents=ALONE)]
    confirmed = replace(YES, method=Method.VERBAL, confirmed_at=AT, valid_from=AT)
    (one,) = renewal_of(confirmed, six, AT)
    assert one.on == months_later(AT, 6)
