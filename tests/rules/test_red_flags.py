"""Each of the fifteen red flags: what puts it up, what just does not, and what it says."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.rules.measuring import (
    LEAST,
    MOST,
    changed,
    kept_measures,
    kept_settings,
    measures_in,
    settings_in,
)
from sharing.rules.scoring import FLAGS, FULL, judge, sightings
from sharing.terms.scoring import (
    ColleagueTie,
    Measures,
    Priority,
    RedFlag,
    ReviewSettings,
    Shared,
    ShieldTouch,
    Thresholds,
    Why,
)

COUNTS = st.integers(0, 400)
MEASURES = st.builds(
    Measures,
    shared=st.lists(st.sampled_from(Shared), unique=True, max_size=4).map(tuple),
    colleague=st.none() | st.sampled_from(ColleagueTie),
    public_interest=st.booleans(),
    involved=st.booleans(),
    days_since_involved=st.none() | COUNTS,
    children_in_hour=COUNTS,
    children_usual=COUNTS.map(float),
    role_looks=COUNTS,
    role_at_this_hour=COUNTS,
    role_for_this_purpose=COUNTS,
    refusals=COUNTS,
    colleagues_trying=COUNTS,
    in_sequence=COUNTS,
    pointers_in_hour=COUNTS,
    override=st.booleans(),
    overrides_before=COUNTS,
    same_words_before=COUNTS,
    shield=st.none() | st.sampled_from(ShieldTouch),
    hours_since_refusal=st.none() | COUNTS,
    hours_since_withdrawal=st.none() | COUNTS,
    days_silent=st.none() | COUNTS,
    new_client=st.booleans(),
    agencies_in_week=COUNTS,
    plan=st.booleans(),
    without_say=st.booleans(),
)
WEIGHTS = st.fixed_dictionaries({flag: st.integers(0, FULL) for flag in RedFlag})
SETTINGS = st.builds(
    ReviewSettings,
    weights=WEIGHTS,
    thresholds=st.builds(Thresholds, tries=COUNTS, dormant_days=COUNTS),
    queue_from=st.integers(1, FULL),
    sample_by_agency=st.dictionaries(st.sampled_from(["oak", "elm"]), COUNTS),
)
FEW = settings(max_examples=40)
BUSY = {"role_looks": 100, "role_at_this_hour": 50, "role_for_this_purpose": 50}
UP: list[tuple[RedFlag, dict[str, Any], int, str]] = [
    (RedFlag.SHARED_DETAILS, {"shared": (Shared.SURNAME,)}, 1, "share: surname."),
    (
        RedFlag.SHARED_DETAILS,
        {"shared": (Shared.ADDRESS, Shared.PHONE, Shared.RELATIVE)},
        3,
        "address, phone number, declared relative",
    ),
    (RedFlag.COLLEAGUE, {"colleague": ColleagueTie.THEMSELVES}, 1, "works for the agency"),
    (RedFlag.COLLEAGUE, {"colleague": ColleagueTie.RELATIVE}, 1, "relative of somebody at"),
    (RedFlag.PUBLIC_INTEREST, {"public_interest": True}, 1, "public interest"),
    (RedFlag.NOT_INVOLVED, {"involved": False}, 1, "no involvement"),
    (RedFlag.NOT_INVOLVED, {"involved": False, "days_since_involved": 15}, 1, "ended 15 days"),
    (RedFlag.MANY_CHILDREN, {"children_in_hour": 10}, 1, "10 different people"),
    (
        RedFlag.MANY_CHILDREN,
        {"children_in_hour": 31, "children_usual": 10.25},
        1,
        "usual number is 10.25",
    ),
    (RedFlag.UNUSUAL_HOURS, BUSY | {"role_at_this_hour": 1}, 1, "Of 100 requests"),
    (RedFlag.REPEATED_TRIES, {"refusals": 3}, 1, "refused 3 times"),
    (RedFlag.REPEATED_TRIES, {"refusals": 3, "colleagues_trying": 3}, 2, "3 people of the agency"),
    (RedFlag.PROBING, {"in_sequence": 3}, 1, "3 numbers in sequence"),
    (RedFlag.PROBING, {"in_sequence": 3, "pointers_in_hour": 20}, 2, "of 20 people"),
    (RedFlag.OVERRIDE, {"override": True}, 1, "passed over"),
    (RedFlag.OVERRIDE, {"override": True, "overrides_before": 2}, 2, "2 times in the 30 days"),
    (
        RedFlag.OVERRIDE,
        {"override": True, "overrides_before": 2, "same_words_before": 1},
        3,
        "same words",
    ),
    (RedFlag.SHIELD, {"shield": ShieldTouch.PIERCED}, 1, "pierced"),
    (RedFlag.SHIELD, {"shield": ShieldTouch.REFUSED}, 1, "refused"),
    (RedFlag.SHIELD, {"shield": ShieldTouch.LOOKED_UP}, 1, "looked up"),
    (RedFlag.SOON_AFTER_NO, {"hours_since_refusal": 0}, 1, "1 hours after a refusal"),
    (
        RedFlag.SOON_AFTER_NO,
        {"hours_since_refusal": 23, "hours_since_withdrawal": 2},
        2,
        "after a withdrawal",
    ),
    (RedFlag.DORMANT_OR_NEW, {"days_silent": 90}, 1, "nothing for 90 days"),
    (RedFlag.DORMANT_OR_NEW, {"days_silent": 90, "new_client": True}, 2, "this system"),
    (RedFlag.MANY_AGENCIES, {"agencies_in_week": 3, "plan": False}, 1, "no misconduct"),
    (RedFlag.WITHOUT_SAY, {"without_say": True}, 1, "say had ended"),
    (RedFlag.UNUSUAL_PURPOSE, BUSY | {"role_for_this_purpose": 0}, 1, "this purpose"),
]
DOWN: list[tuple[RedFlag, dict[str, Any]]] = [
    (RedFlag.NOT_INVOLVED, {"involved": False, "days_since_involved": 14}),
    (RedFlag.MANY_CHILDREN, {"children_in_hour": 9}),
    (RedFlag.MANY_CHILDREN, {"children_in_hour": 30, "children_usual": 10.0}),
    (RedFlag.UNUSUAL_HOURS, BUSY | {"role_at_this_hour": 2}),
    (RedFlag.UNUSUAL_HOURS, {"role_looks": 49, "role_for_this_purpose": 49}),
    (RedFlag.UNUSUAL_PURPOSE, {"role_looks": 49, "role_at_this_hour": 49}),
    (RedFlag.REPEATED_TRIES, {"refusals": 2, "colleagues_trying": 2}),
    (RedFlag.PROBING, {"in_sequence": 2, "pointers_in_hour": 19}),
    (RedFlag.OVERRIDE, {"overrides_before": 9, "same_words_before": 9}),
    (RedFlag.SOON_AFTER_NO, {"hours_since_refusal": 24, "hours_since_withdrawal": 24}),
    (RedFlag.DORMANT_OR_NEW, {"days_silent": 89}),
    (RedFlag.MANY_AGENCIES, {"agencies_in_week": 2, "plan": False}),
    (RedFlag.MANY_AGENCIES, {"agencies_in_week": 9}),
]


def test_every_flag_of_the_domain_is_looked_for_and_put_up_by_a_case() -> None:
    assert list(FLAGS) == list(RedFlag)
    assert len(FLAGS) == 15
    assert {flag for flag, *_ in UP} == set(RedFlag)


@pytest.mark.parametrize(("flag", "seen", "times", "because"), UP)
def test_a_flag_is_up(flag: RedFlag, seen: dict[str, Any], times: int, because: str) -> None:
    weights = dict.fromkeys(RedFlag, 7)
    (found,) = sightings(Measures(**seen), ReviewSettings(weights=weights))
    assert (found.flag, found.score) == (flag, 7 * times)
    assert because in found.because


@pytest.mark.parametrize(("flag", "seen"), DOWN)
def test_a_flag_is_just_not_up(flag: RedFlag, seen: dict[str, Any]) -> None:
    found = sightings(Measures(**seen), ReviewSettings())
    assert flag not in {one.flag for one in found}


def test_what_is_usual_puts_no_flag_up_and_is_not_kept() -> None:
    assert sightings(Measures(), ReviewSettings()) == ()
    assert kept_measures(Measures()) == {}


@FEW
@given(measures=MEASURES)
def test_measures_are_the_same_when_they_come_back(measures: Measures) -> None:
    kept = measures_in(kept_measures(measures) | {"of_a_later_version": 1})
    assert measures_in(kept_measures(kept)) == kept
    # What is left out could put no flag up, by any settings that can be signed.
    most = {"rare_percent": MOST["rare_percent"], "hours_after_no": MOST["hours_after_no"]}
    for limits in (Thresholds(), Thresholds(role_looks=1, **LEAST, **most)):
        settings = ReviewSettings(thresholds=limits)
        assert sightings(kept, settings) == sightings(measures, settings)


@FEW
@given(signed=SETTINGS)
def test_settings_are_the_same_when_they_come_back(signed: ReviewSettings) -> None:
    assert settings_in(kept_settings(signed)) == signed
    assert changed(signed, {}) == signed


def test_a_change_leaves_what_it_does_not_name() -> None:
    old = ReviewSettings(sample_by_agency={"oak": 5})
    new = changed(old, {"weights": {"shield": 1}, "thresholds": {"tries": 9}, "queue_from": 60})
    assert new.weights == dict(old.weights) | {RedFlag.SHIELD: 1}
    assert (new.thresholds.tries, new.thresholds.dormant_days) == (9, 90)
    assert (new.queue_from, new.high_from) == (60, 70)
    hours = changed(old, {"hours": {"urgent": 4}, "sample_by_agency": {}})
    assert (hours.hours[Priority.URGENT], hours.hours[Priority.LOW]) == (4, 672)
    assert hours.sample_by_agency == {}


@FEW
@given(measures=MEASURES, signed=SETTINGS, drawn=st.booleans())
def test_overrides_and_shields_are_always_looked_at(
    measures: Measures, signed: ReviewSettings, *, drawn: bool
) -> None:
    judged = judge(measures, signed, drawn=drawn)
    must = measures.override or measures.shield is not None or drawn
    assert judged is not None or not must
    if judged is None:
        return
    assert (Why.OVERRIDE in judged.why) == measures.override
    assert (Why.SHIELD in judged.why) == (measures.shield is not None)
    assert (Why.SAMPLE in judged.why) == drawn
    assert (Why.SCORE in judged.why) == (judged.score >= signed.queue_from)
    assert 0 <= judged.score <= FULL
    assert [one.score for one in judged.sightings] == sorted(
        (one.score for one in judged.sightings), reverse=True
    )
    if measures.shield is not None:
        assert judged.priority is Priority.URGENT


@FEW
@given(measures=MEASURES, signed=SETTINGS, flag=st.sampled_from(RedFlag))
def test_a_greater_weight_never_scores_less(
    measures: Measures, signed: ReviewSettings, flag: RedFlag
) -> None:
    heavier = changed(signed, {"weights": {flag: FULL}})
    before = judge(measures, signed, drawn=True)
    after = judge(measures, heavier, drawn=True)
    assert before is not None
    assert after is not None
    assert after.score >= before.score
    assert set(after.why) >= set(before.why)
