"""Who may know who was told what, with pencil and paper."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from consent.terms import (
    CompetenceAssessment,
    ParentalResponsibility,
    Period,
    Policy,
    Shield,
    ShieldMode,
    Subject,
)
from sharing.rules.seeing import (
    POLICE_DELAY,
    SAFEGUARDING_DELAY,
    in_plain_words,
    may_ask,
    veil,
)
from sharing.terms.seeing import Told, Veil

AT = datetime(2026, 3, 2, tzinfo=UTC)
EARLIER, LATER = AT - timedelta(days=1), AT + timedelta(days=1)
CHILD, MUM, UNCLE = (UUID(int=n) for n in range(1, 4))
KID = Subject(CHILD, born=date(2016, 5, 10), responsible=(ParentalResponsibility(MUM),))
ABLE = CompetenceAssessment("early_help_support", competent=True, at=EARLIER)
HIDDEN = Shield(UUID(int=9), ShieldMode.HIDDEN, Period(EARLIER))
MASKED = replace(HIDDEN, mode=ShieldMode.MASKED)


def asks(person: UUID, subject: Subject = KID, **more: Any) -> bool:
    return may_ask(replace(subject, **more), person, Policy(), AT)


def test_a_young_child_leaves_the_asking_to_a_parent_who_has_a_say() -> None:
    assert asks(MUM)
    assert not asks(CHILD)
    assert not asks(UNCLE)
    lost = ParentalResponsibility(MUM, no_say=Period(EARLIER))
    assert not asks(MUM, responsible=(lost,))
    regained = ParentalResponsibility(MUM, no_say=Period(EARLIER, AT))
    assert asks(MUM, responsible=(regained,))
    assert not asks(MUM, responsible=(ParentalResponsibility(MUM, Period(LATER)),))


@pytest.mark.parametrize(
    ("may", "assessment"),
    [
        (True, ABLE),
        (True, replace(ABLE, until=LATER)),
        (False, replace(ABLE, until=AT)),
        (False, replace(ABLE, competent=False)),
        (False, replace(ABLE, at=LATER)),
    ],
)
def test_a_child_found_able_asks_for_themselves(
    *, may: bool, assessment: CompetenceAssessment
) -> None:
    assert asks(CHILD, assessments=(assessment,)) is may


def test_from_the_own_decision_age_only_the_person_asks() -> None:
    for grown in ({"born": date(2009, 1, 1)}, {"adult": True}):
        assert asks(CHILD, **grown)
        assert not asks(MUM, **grown)


def test_while_somebody_is_hidden_no_parent_is_told_of_them() -> None:
    assert not asks(MUM, shields=(HIDDEN,))
    assert asks(MUM, shields=(MASKED,))
    assert asks(CHILD, shields=(HIDDEN,), adult=True)


def told(days: int = 0, ground: str = "agreement", **facts: Any) -> Told:
    grounds = [{"ground": ground, "agreement": "EH-ISA", "version": 3}]
    rest = {"sources": ["hub"], "purpose": "support", "disclosed": ["plan"], "grounds": grounds}
    return Told(UUID(int=5), AT - timedelta(days=days), "oak", rest | facts)


@pytest.mark.parametrize(
    ("hidden_by", "one"),
    [
        (None, told()),
        (Veil.PROTECTED_PERSON, told(flags=["shield_pierced"])),
        (Veil.POLICE_ENQUIRY, told(days=POLICE_DELAY.days - 1, override="serious_crime")),
        (Veil.POLICE_ENQUIRY, told(override="court_order")),
        (None, told(days=POLICE_DELAY.days, override="court_order")),
        (Veil.SAFEGUARDING_ENQUIRY, told(days=29, override="vital_interests")),
        (None, told(days=SAFEGUARDING_DELAY.days, override="vital_interests")),
        (Veil.SAFEGUARDING_ENQUIRY, told(ground="statutory")),
        (None, told(days=30, ground="statutory")),
    ],
)
def test_what_would_endanger_or_warn_is_veiled(hidden_by: Veil | None, one: Told) -> None:
    assert veil(one, frozenset(), AT, to_themselves=True) is hidden_by


def test_a_sensitive_service_is_named_to_the_person_alone() -> None:
    for agency in ("oak", "hub"):
        assert veil(told(), frozenset({agency}), AT, to_themselves=False) is Veil.SENSITIVE_SERVICE
        assert veil(told(), frozenset({agency}), AT, to_themselves=True) is None


def test_a_disclosure_is_told_in_plain_words() -> None:
    seen = in_plain_words(told(), {"oak": "Oak School"}, {"support": "Early help"}, {})
    assert (seen.recipient, seen.sources, seen.purpose) == ("Oak School", ("hub",), "Early help")
    assert (seen.categories, seen.why) == (("plan",), "the family agreed to help")
    assert seen.agreements == ("EH-ISA version 3",)


def test_a_reading_that_told_nothing_of_others_is_not_listed() -> None:
    assert veil(told(disclosed=[]), frozenset(), AT, to_themselves=True) is Veil.NOTHING_TOLD
    assert veil(told(), frozenset(), AT, to_themselves=True) is None
