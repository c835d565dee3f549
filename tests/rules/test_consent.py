"""Who decides, what they said, and whether it carries: one row, one fact, one answer."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from consent.rules.deciding import of_age
from tests.cases.words import (
    Competence,
    Relative,
    Settings,
)
from tests.rules.builders import (
    FLOW,
    FRIDAY,
    INSTANT,
    MONDAY,
    PARENTS,
    THURSDAY,
    TUESDAY,
    TUESDAY_ON,
    TUESDAY_TO_THURSDAY,
    WEDNESDAY,
    WORLD,
    answer,
    passes,
    refused,
    said,
    with_flows,
    with_person,
)


@pytest.mark.parametrize(
    ("lack", "consents"),
    [
        ("no_consent", []),
        ("no_consent", [said(by="uncle")]),
        ("no_consent", [said(by="kid")]),
        ("no_consent", [said(at=THURSDAY)]),
        ("no_consent", [said(valid_from=THURSDAY)]),
        ("no_consent", [said(subjects=("sister",))]),
        ("out_of_scope", [said(recipients=("hub",))]),
        ("out_of_scope", [said(recipients=("*",))]),
        ("out_of_scope", [said(purposes=("enquiry",))]),
        ("out_of_scope", [said(categories=("contact",))]),
        ("out_of_scope", [said(sources=("clinic",))]),
        ("expired", [said(valid_until=WEDNESDAY)]),
        ("expired", [said(valid_until=TUESDAY), said(recipients=("hub",), at=TUESDAY)]),
        ("refused", [refused()]),
        ("refused", [said(at=MONDAY), refused(at=TUESDAY)]),
        ("refused", [said(), refused()]),
        ("refused", [refused(kind="consent")]),
        ("withdrawn", [said(withdrawn_at=WEDNESDAY)]),
        ("withdrawn", [said(), said(at=TUESDAY, withdrawn_at=WEDNESDAY)]),
        ("withdrawn", [said(valid_from=FRIDAY, withdrawn_at=TUESDAY)]),
        ("withdrawn", [said(withdrawn_at=TUESDAY), refused(at=TUESDAY)]),
        ("conflict", [said(), refused(by="dad")]),
        ("conflict", [said(), said(by="dad", withdrawn_at=TUESDAY)]),
        (None, [said(purposes=("*",), sources=("hub",), categories=("plan",))]),
        (None, [said(kind="consent")]),
        (None, [said(by="dad"), refused(by="uncle"), refused(by="kid")]),
        (None, [refused(at=MONDAY), said(at=TUESDAY)]),
        (None, [said(), refused(categories=("contact",))]),
        (None, [said(), said(at=THURSDAY, withdrawn_at=FRIDAY)]),
        (None, [said(valid_until=TUESDAY), said(by="dad")]),
    ],
)
def test_what_was_said_is_enough_or_lacks_something(lack: str | None, consents: list) -> None:
    told = answer(consents=consents)
    assert (told.audit.reason, passes(told)) == (lack, lack is None)
    assert told.reason == (None if lack is None else "not_available")


def test_all_in_a_yes_leaves_out_sensitive_categories_and_services() -> None:
    named = {"categories": ("plan", "therapy"), "sources": ("hub", "clinic")}
    asked = {"source": "clinic", "categories": ("plan", "therapy")}
    everything = said(kind="consent", sources=("clinic",))
    assert answer(consents=[everything], **asked).categories == {"plan"}
    assert not passes(answer(consents=[replace(everything, sources=("*",))], **asked))
    assert answer(consents=[said(**named)], **asked).categories == {"plan", "therapy"}


def test_all_in_a_no_leaves_out_nothing() -> None:
    yes = said(categories=("therapy",), sources=("clinic",))
    told = answer(consents=[yes, refused(at=TUESDAY)], source="clinic", categories=("therapy",))
    assert told.audit.reason == "refused"


def test_agreeing_to_be_helped_is_no_data_consent() -> None:
    """Rule 3: the family's agreement and data consent are two kinds of record."""
    world = with_flows(replace(FLOW, requires="consent"))
    assert answer(world, consents=[said()]).audit.reason == "no_consent"
    assert answer(world, consents=[said(kind="consent")]).audit.ground == "consent"
    both = [said(kind="consent"), said(at=TUESDAY, withdrawn_at=WEDNESDAY)]
    assert answer(world, consents=both).audit.reason == "withdrawn"


def test_a_replaced_record_stops_counting_for_everyone_it_spoke_of() -> None:
    first = said()
    other = said(at=TUESDAY, subjects=("sister",), replaces=first.id)
    assert passes(answer(at=TUESDAY - INSTANT, consents=[first, other]))
    assert answer(at=TUESDAY, consents=[first, other]).audit.reason == "no_consent"


@pytest.mark.parametrize(
    ("confirmed_at", "days", "lack"),
    [
        (None, 14, None),
        (None, 3, None),
        (None, 2, "lapsed_verbal"),
        (WEDNESDAY, 2, None),
        (THURSDAY, 2, "lapsed_verbal"),
    ],
)
def test_a_verbal_yes_carries_for_its_days_of_grace(confirmed_at, days, lack) -> None:
    """Rule 9: what was only said lapses unless it is confirmed."""
    world = replace(WORLD, settings=Settings(verbal_grace_days=days))
    told = answer(world, consents=[said(method="verbal", confirmed_at=confirmed_at)])
    assert told.audit.reason == lack
    to_confirm = lack is None and confirmed_at is None
    assert told.obligations == ({"confirm_consent_in_writing"} if to_confirm else set())


@pytest.mark.parametrize(
    ("method", "confirmed_at", "lack"),
    [
        ("written", None, None),
        ("verbal", None, "verbal_not_accepted"),
        ("verbal", WEDNESDAY, None),
        ("verbal", THURSDAY, "verbal_not_accepted"),
    ],
)
def test_where_a_flow_wants_it_in_writing_a_verbal_yes_waits(method, confirmed_at, lack) -> None:
    world = with_flows(replace(FLOW, verbal=False))
    told = answer(world, consents=[said(method=method, confirmed_at=confirmed_at)])
    assert told.audit.reason == lack


def test_one_written_yes_beside_a_verbal_one_needs_no_confirming() -> None:
    consents = [said(method="verbal"), said(by="dad")]
    assert answer(consents=consents).obligations == set()
    assert answer(consents=consents[:1]).obligations == {"confirm_consent_in_writing"}


@pytest.mark.parametrize(
    ("setting", "opens"), [("any_no_blocks", False), ("one_yes_suffices", True)]
)
def test_parents_who_disagree_are_a_matter_of_the_councils_setting(setting, opens) -> None:
    world = replace(WORLD, settings=Settings(parents_disagree=setting))
    told = answer(world, consents=[said(), refused(by="dad")])
    assert passes(told) is opens
    if opens:
        assert told.audit.flags == {"refusal_on_file"}
    assert answer(world, consents=[refused(), refused(by="dad")]).audit.reason == "refused"


def test_a_say_that_was_lost_comes_back_with_its_end() -> None:
    """Rule 18: a say ends from a date, and until one if there is any."""
    people = (PARENTS[0], replace(PARENTS[1], no_say=TUESDAY_TO_THURSDAY))
    world = with_person(people=people)
    consents = [said(), refused(by="dad")]
    outcomes = [
        passes(answer(world, at, consents=consents))
        for at in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)
    ]
    assert outcomes == [False, True, True, False]


def test_a_withdrawal_counts_by_who_had_a_say_when_it_was_made() -> None:
    late = (PARENTS[0], Relative("dad", (TUESDAY_ON,)))
    withdrawn = said(by="dad", withdrawn_at=TUESDAY)
    told = answer(with_person(people=late), consents=[said(), withdrawn])
    assert told.audit.reason == "conflict"


ABLE = Competence("kid", "support", competent=True, at=MONDAY)


@pytest.mark.parametrize(
    ("assessments", "counts"),
    [
        ([], False),
        ([ABLE], True),
        ([replace(ABLE, purpose="enquiry")], False),
        ([replace(ABLE, at=TUESDAY)], False),
        ([replace(ABLE, until=WEDNESDAY)], False),
        ([replace(ABLE, until=THURSDAY)], True),
        ([ABLE, replace(ABLE, competent=False)], False),
        ([ABLE, replace(ABLE, at=TUESDAY, competent=False)], False),
        ([replace(ABLE, competent=False), replace(ABLE, at=TUESDAY)], False),
        ([ABLE, replace(ABLE, until=TUESDAY)], False),
    ],
)
def test_a_child_decides_who_was_found_able_to_then_and_is_now(assessments, counts) -> None:
    """Rule 14: competence is of one purpose and date, and asked about again at each request."""
    assert passes(answer(consents=[said(by="kid")], competence=assessments)) is counts


@pytest.mark.parametrize(
    ("child", "parent", "reason"),
    [
        (said(by="kid"), refused(), None),
        (refused(by="kid"), said(), "refused"),
        (said(by="kid", withdrawn_at=TUESDAY), said(), "withdrawn"),
        (said(by="kid", valid_until=TUESDAY), said(), None),
        (said(by="kid", categories=("contact",)), said(), None),
        (said(by="kid", valid_until=TUESDAY), refused(), "refused"),
    ],
)
def test_a_competent_childs_word_settles_it(child, parent, reason) -> None:
    assert answer(consents=[parent, child], competence=[ABLE]).audit.reason == reason


def test_an_adult_decides_for_themselves_alone() -> None:
    """Rule 16: each adult is a subject of their own."""
    world = with_person(adult=True, born=None)
    assert not passes(answer(world, consents=[said()]))
    assert passes(answer(world, consents=[said(by="kid"), refused()]))


@pytest.mark.parametrize(
    ("born", "years", "comes_of_age"),
    [
        (date(2010, 2, 1), 16, (2026, 2, 1)),
        (date(2010, 12, 31), 16, (2026, 12, 31)),
        (date(2008, 2, 29), 16, (2024, 2, 29)),
        (date(2008, 2, 29), 18, (2026, 3, 1)),
        (date(2084, 2, 29), 16, (2100, 3, 1)),
    ],
)
def test_a_birthday_begins_at_midnight_and_29_february_is_1_march(born, years, comes_of_age):
    midnight = datetime(*comes_of_age, tzinfo=UTC)
    assert of_age(born, years, midnight)
    assert not of_age(born, years, midnight - INSTANT)
    assert not of_age(None, years, midnight)


def test_the_age_at_which_a_young_person_decides_is_a_setting() -> None:
    """Rule 15: from a set age the young person decides."""
    world = with_person(born=date(2010, 3, 3))  # 16 on Tuesday
    assert answer(world, MONDAY, consents=[said()]).outcome == "permit"
    assert answer(world, WEDNESDAY, consents=[said()]).audit.reason == "no_consent"
    later = replace(world, settings=Settings(own_decision_age=17))
    assert answer(later, WEDNESDAY, consents=[said()]).outcome == "permit"
