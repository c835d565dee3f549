"""How soon an item is due, what is drawn, who may close it, and what the file says."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.rules.reviewing import breach_deadline, reconcile, why_not
from sharing.rules.sampling import commitment, is_drawn, month_of, next_month
from sharing.rules.scoring import due_at, judge
from sharing.terms.reviewing import OUTCOMES, Hindrance, Involvement, ReviewState, Standing
from sharing.terms.scoring import (
    Measures,
    Priority,
    RedFlag,
    ReviewSettings,
    Shared,
    ShieldTouch,
    Why,
)

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SEEDS = st.binary(min_size=32, max_size=32)
TWO = (Shared.SURNAME, Shared.ADDRESS)


@pytest.mark.parametrize(
    ("measures", "drawn", "why", "priority"),
    [
        ({"shield": ShieldTouch.LOOKED_UP}, False, (Why.SCORE, Why.SHIELD), "urgent"),
        ({"shared": TWO}, False, (Why.SCORE,), "urgent"),
        ({"without_say": True}, False, (Why.SCORE,), "high"),
        ({"override": True}, False, (Why.SCORE, Why.OVERRIDE), "high"),
        ({"shared": TWO[:1]}, True, (Why.SCORE, Why.SAMPLE), "normal"),
        ({"involved": False}, True, (Why.SAMPLE,), "low"),
        ({}, True, (Why.SAMPLE,), "low"),
    ],
)
def test_what_puts_an_entry_into_the_queue_says_how_soon_it_is_due(
    measures: dict[str, object], *, drawn: bool, why: tuple[Why, ...], priority: str
) -> None:
    judged = judge(Measures(**measures), ReviewSettings(), drawn=drawn)
    assert judged is not None
    assert (judged.why, judged.priority) == (why, priority)


def test_what_scores_too_little_is_not_queued() -> None:
    assert judge(Measures(involved=False), ReviewSettings(), drawn=False) is None
    light = ReviewSettings(weights=dict.fromkeys(RedFlag, 0), queue_from=0)
    assert judge(Measures(), light, drawn=False) is None


def test_each_priority_has_its_time() -> None:
    settings = ReviewSettings()
    hours = [(due_at(one, MONDAY, settings) - MONDAY) // timedelta(hours=1) for one in Priority]
    assert hours == [24, 72, 168, 672]


@given(seed=SEEDS, entry=st.uuids(), low=st.integers(0, 1000), high=st.integers(0, 1000))
def test_anybody_with_the_seed_repeats_the_draw(
    seed: bytes, entry: UUID, low: int, high: int
) -> None:
    number = int(hmac.new(seed, entry.bytes, hashlib.sha256).hexdigest()[:16], 16)
    assert is_drawn(seed, entry, low) == (number * 1000 < low * 2**64)
    assert not is_drawn(seed, entry, 0)
    assert is_drawn(seed, entry, 1000)
    if low <= high and is_drawn(seed, entry, low):
        assert is_drawn(seed, entry, high)


def test_about_as_many_are_drawn_as_the_rate_says() -> None:
    drawn = sum(is_drawn(bytes(32), UUID(int=n), 50) for n in range(10_000))
    assert 400 < drawn < 600


def test_a_commitment_is_of_its_seed_alone() -> None:
    told = commitment(bytes(32))
    assert told == hashlib.sha256(b"rightshare review sample v1\n" + bytes(32)).digest()
    assert told != commitment(bytes(31) + b"\1")


def test_months_follow_each_other() -> None:
    assert month_of(MONDAY) == datetime(2026, 3, 1, tzinfo=UTC)
    month, seen = datetime(2027, 12, 1, tzinfo=UTC), []
    for _ in range(4):
        month = next_month(month)
        seen.append((month.year, month.month, month.day))
    assert seen == [(2028, 1, 1), (2028, 2, 1), (2028, 3, 1), (2028, 4, 1)]


def in_review(**known: bool) -> Standing:
    return Standing(**({"state": ReviewState.IN_REVIEW, "opened": True} | known))


@pytest.mark.parametrize(
    ("standing", "hindrance"),
    [
        (in_review(), None),
        (Standing(state=ReviewState.NEW, opened=False), Hindrance.NOT_OPENED),
        (in_review(opened=False), Hindrance.NOT_OPENED),
        (in_review(concerned=True), Hindrance.CONCERNED),
        (in_review(concerned=True, opened=False), Hindrance.CONCERNED),
        (in_review(own_client=True), Hindrance.OWN_CLIENT),
        (in_review(own_line=True), Hindrance.OWN_LINE),
        (in_review(breach_said=True, breach_said_by_them=True), Hindrance.BREACH_SAID),
        (in_review(breach_said=True), None),
        (Standing(state=ReviewState.EXPLAINED, opened=True), Hindrance.CLOSED),
        (Standing(state=ReviewState.BREACH, opened=True), Hindrance.CLOSED),
    ],
)
@pytest.mark.parametrize("outcome", [ReviewState.EXPLAINED, ReviewState.INAPPROPRIATE])
def test_rule_47_nobody_closes_an_item_on_their_own_request(
    standing: Standing, hindrance: Hindrance | None, outcome: ReviewState
) -> None:
    assert why_not(standing, outcome) is hindrance


def test_a_breach_takes_two() -> None:
    assert why_not(in_review(), ReviewState.BREACH) is Hindrance.ANOTHER_NEEDED
    assert why_not(in_review(breach_said=True), ReviewState.BREACH) is None
    own = in_review(breach_said=True, breach_said_by_them=True)
    assert {why_not(own, one) for one in OUTCOMES} == {Hindrance.BREACH_SAID}
    assert breach_deadline(MONDAY) == MONDAY + timedelta(days=3)


def test_what_is_on_file_explains_a_request_or_leaves_a_question() -> None:
    nothing = reconcile("oak", [], MONDAY, 14)
    assert nothing.proposed is ReviewState.INAPPROPRIATE
    assert "no open involvement" in nothing.note
    assert "2 March 2026" in nothing.note
    found = [
        Involvement("referral", MONDAY - timedelta(days=30), MONDAY - timedelta(days=3)),
        Involvement("record", MONDAY - timedelta(days=60)),
    ]
    explained = reconcile("oak", found, MONDAY, 14)
    assert explained.proposed is ReviewState.EXPLAINED
    assert explained.note == (
        "Checked against the file: on 2 March 2026 oak was part of a referral (from"
        " 31 January 2026 to 27 February 2026); held a record of the subject (from"
        " 1 January 2026)."
    )
