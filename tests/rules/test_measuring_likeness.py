"""When two writings mean the same, which numbers follow each other, and what a trial counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.terms import ParentalResponsibility, Period, Subject
from sharing.rules.access import lost_say
from sharing.rules.dry_run import MOST_EXAMPLES, changed_rules, dry_run
from sharing.rules.exporting import is_own, state_at
from sharing.rules.likeness import found_in, normal, surnames
from sharing.rules.own_side import sees_all, told_to_recipient
from sharing.rules.probing import in_sequence
from sharing.rules.review_words import ACTS, FLAGS, PRIORITIES, STATES, WHY
from sharing.terms.asking import Identifier
from sharing.terms.exporting import ExportRequest, ExportState, Openings
from sharing.terms.reviewing import Examiner, ReviewAct, ReviewState
from sharing.terms.scoring import (
    Look,
    Measures,
    Priority,
    RedFlag,
    ReviewSettings,
    Shared,
    ShieldTouch,
    Why,
)

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CHILD, MOTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("what", "one", "other"),
    [
        (Shared.SURNAME, "O'Hara", "o hara"),
        (Shared.SURNAME, "Smith-Jones", "SMITH JONES"),
        (Shared.ADDRESS, "1, Elm Row", "1 elm row"),
        (Shared.PHONE, "+44 7700 900123", "07700-900123"),
        (Shared.PHONE, "00447700900123", "07700 900 123"),
    ],
)
def test_two_ways_to_write_one_thing_are_one(what: Shared, one: str, other: str) -> None:
    assert normal(what, one) == normal(what, other) != ""


def test_surnames_are_all_that_somebody_bore() -> None:
    names = {"name": {"family": "Hart"}, "past_names": [{"family": "O'Hara"}, {"family": "--"}]}
    assert surnames(names) == {"hart", "ohara"}
    assert surnames({"name": None, "past_names": None}) == surnames({}) == frozenset()


def test_addresses_and_numbers_are_found_wherever_a_record_holds_them() -> None:
    content: dict[str, Any] = {
        "home": {"Address": {"line_1": "1 Elm Row", "n": 7}, "telephone": ["0113 496 0000"]},
        "postcode": "LS1 1AA",
        "note": "phone before nine",
    }
    assert found_in(Shared.ADDRESS, content) == {"1elmrow", "ls11aa"}
    assert found_in(Shared.PHONE, content) == {"01134960000"}
    deep: dict[str, Any] = {"address": "too deep"}
    for _ in range(9):
        deep = {"within": deep}
    assert found_in(Shared.ADDRESS, deep) == frozenset()


def asked(*values: str, scheme: str = "mosaic") -> list[Identifier]:
    return [Identifier(scheme, one) for one in values]


@pytest.mark.parametrize(
    ("now", "before", "run"),
    [
        (asked("500103"), asked("500101", "500102", "500105"), 3),
        (asked("500103"), asked("500102", "500104"), 3),
        (asked("500103"), asked("500103"), 1),
        (asked("500103"), asked("500102", scheme="liquidlogic"), 1),
        (asked("A-9", scheme="agency:oak"), asked("A-10", "B-10", scheme="agency:oak"), 2),
        (asked("9990000018", scheme="nhs_number"), asked("9990000026", scheme="nhs_number"), 2),
        (asked("nobody", scheme="agency:oak"), asked("nobody", scheme="agency:oak"), 0),
        ([], asked("500103"), 0),
    ],
)
def test_numbers_in_sequence_are_counted(
    now: list[Identifier], before: list[Identifier], run: int
) -> None:
    assert in_sequence(now, before) == run


@given(numbers=st.sets(st.integers(1, 60), min_size=1, max_size=40))
def test_a_run_is_as_long_as_its_neighbours_reach(numbers: set[int]) -> None:
    number = min(numbers)
    run = in_sequence(asked(str(number)), asked(*map(str, numbers - {number})))
    assert {number + step for step in range(run)} <= numbers
    assert number + run not in numbers


def looks(*measures: Measures, drawn: bool = False) -> list[Look]:
    return [Look(UUID(int=n), one, drawn) for n, one in enumerate(measures)]


def test_a_trial_counts_what_more_and_less_is_queued() -> None:
    stranger, shield = Measures(involved=False), Measures(shield=ShieldTouch.REFUSED)
    curious = Measures(public_interest=True)
    old, new = ReviewSettings(), ReviewSettings(queue_from=40, weights=_but(public_interest=0))
    run = dry_run(looks(stranger, shield, curious, Measures()), old, new)
    assert (run.looked_at, run.before, run.after, run.more, run.fewer) == (4, 2, 2, 1, 1)
    assert (run.examples_more, run.examples_fewer) == ([UUID(int=0)], [UUID(int=2)])
    told = {flag: (one.before, one.after) for flag, one in changed_rules(run).items()}
    assert told == {"not_involved": (0, 1), "shield": (1, 1), "public_interest": (1, 0)}


def test_a_trial_names_a_few_examples_and_leaves_the_draw_as_it_was() -> None:
    many = dry_run(
        looks(*[Measures(involved=False)] * 30), ReviewSettings(), ReviewSettings(queue_from=40)
    )
    assert (many.more, len(many.examples_more)) == (30, MOST_EXAMPLES)
    drawn = dry_run(looks(Measures(), drawn=True), ReviewSettings(), ReviewSettings(queue_from=40))
    assert (drawn.before, drawn.after, drawn.more) == (1, 1, 0)


def _but(**weights: int) -> dict[RedFlag, int]:
    return dict(ReviewSettings().weights) | {RedFlag(one): n for one, n in weights.items()}


def test_a_say_is_lost_while_it_is_ended_and_by_nobody_else() -> None:
    ended = Period(MONDAY)
    mother = ParentalResponsibility(MOTHER, no_say=ended)
    child = Subject(CHILD, responsible=(ParentalResponsibility(UUID(int=3)), mother))
    assert lost_say(child, MOTHER, MONDAY)
    assert not lost_say(child, MOTHER, MONDAY - timedelta(seconds=1))
    assert not lost_say(child, UUID(int=3), MONDAY)
    assert not lost_say(child, None, MONDAY)


def test_an_export_waits_is_approved_is_taken_or_expires() -> None:
    until = MONDAY + timedelta(hours=1)
    wanted = {"id": CHILD, "openings": Openings.FACTS, "reason": "", "agency": "hub"}
    wanted |= {"requested_by": "A.Lead", "requested_at": MONDAY, "expires_at": until}
    waiting = ExportRequest(**wanted)
    approved = ExportRequest(**wanted, approved_at=MONDAY)
    taken = ExportRequest(**wanted, approved_at=MONDAY, taken_at=MONDAY)
    told = [state_at(one, MONDAY) for one in (waiting, approved, taken)]
    assert told == [ExportState.WAITING, ExportState.APPROVED, ExportState.TAKEN]
    late = [state_at(one, until) for one in (waiting, approved, taken)]
    assert late == [ExportState.EXPIRED, ExportState.EXPIRED, ExportState.TAKEN]
    assert is_own(waiting, "a.lead")
    assert not is_own(waiting, "b.lead")


def test_every_word_of_review_has_a_name_for_people() -> None:
    for words, named in (
        (RedFlag, FLAGS),
        (Why, WHY),
        (Priority, PRIORITIES),
        (ReviewState, STATES),
        (ReviewAct, ACTS),
    ):
        assert set(named) == set(words)


def test_an_agency_sees_of_its_own_requests_what_it_could_have_measured_itself() -> None:
    secret = Measures(
        shared=(Shared.ADDRESS,),
        public_interest=True,
        shield=ShieldTouch.REFUSED,
        hours_since_withdrawal=1,
        agencies_in_week=9,
        plan=False,
        without_say=True,
    )
    known = replace(secret, involved=False, refusals=3, colleagues_trying=3, in_sequence=9)
    settings = ReviewSettings()
    assert told_to_recipient(secret, settings, drawn=False, told=True) is None
    for told, flags in (
        (True, {RedFlag.PROBING, RedFlag.NOT_INVOLVED, RedFlag.REPEATED_TRIES}),
        (False, {RedFlag.PROBING}),
    ):
        seen = told_to_recipient(known, settings, drawn=False, told=told)
        assert seen is not None
        assert {one.flag for one in seen.sightings} == flags
        assert seen.why == (Why.SCORE,)
    own, other = Examiner("oak", whole=False), Examiner("hub", whole=False)
    assert [sees_all(one, "oak") for one in (own, other, Examiner("oak", whole=True))] == [
        False,
        True,
        True,
    ]
