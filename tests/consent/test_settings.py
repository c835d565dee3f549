from datetime import datetime, timedelta

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.kernel.db import UtcDateTime
from consent.actions import vocabulary as changing
from consent.actions.errors import CodeTaken, StartsInThePast
from consent.actions.vocabulary import NewValues, Signature
from consent.queries import vocabulary
from consent.queries.vocabulary import Category, Purpose, SettingsVersion
from consent.queries.words import policy_from, policy_in_force
from consent.terms import ParentsDisagree, Policy
from tests.consent.builders import HUB, MONDAY, THURSDAY, TUESDAY, WEDNESDAY


def signed(
    session: Session, values: NewValues, starts: datetime, at: datetime = MONDAY
) -> SettingsVersion:
    signature = Signature("head of service", "minute 17", starts)
    return changing.sign_settings(session, values, signature, HUB, at)


def policy(session: Session, at: datetime) -> Policy:
    asked = bindparam("at", at, type_=UtcDateTime)
    return policy_from(session.scalar(select(policy_in_force(asked))))


def test_the_defaults_hold_until_somebody_signs(session: Session) -> None:
    assert vocabulary.settings_at(session, MONDAY) == SettingsVersion()
    assert policy(session, MONDAY) == Policy()


def test_a_signature_changes_what_it_names_and_keeps_the_rest(session: Session) -> None:
    signed(session, NewValues(own_decision_age=14), MONDAY)
    signed(session, NewValues(verbal_grace_days=7), WEDNESDAY, TUESDAY)

    before, after = policy(session, TUESDAY), policy(session, WEDNESDAY)

    assert before == Policy(own_decision_age=14, version=1)
    assert after == Policy(own_decision_age=14, verbal_grace_days=7, version=2)
    versions = vocabulary.settings(session, THURSDAY).versions
    assert [one.version for one in versions] == [2, 1]


def test_a_later_signature_takes_the_place_of_a_change_still_to_come(session: Session) -> None:
    signed(session, NewValues(own_decision_age=14), THURSDAY)
    one_yes = NewValues(parents_disagree=ParentsDisagree.ONE_YES_SUFFICES, shield_review_months=3)
    signed(session, one_yes, WEDNESDAY, TUESDAY)

    found = vocabulary.settings_at(session, THURSDAY)

    assert (found.version, found.own_decision_age) == (2, 16)
    assert (found.parents_disagree, found.shield_review_months) == ("one_yes_suffices", 3)


def test_only_the_first_settings_may_start_in_the_past(session: Session) -> None:
    signed(session, NewValues(own_decision_age=14), MONDAY - timedelta(days=400))

    with pytest.raises(StartsInThePast):
        signed(session, NewValues(own_decision_age=16), MONDAY - timedelta(seconds=1))


def test_a_code_keeps_its_meaning(session: Session) -> None:
    changing.add_purpose(session, Purpose("evaluation", "Evaluation"), HUB, MONDAY)
    changing.add_category(session, Category("notes", "Notes", sensitive=True), HUB, MONDAY)

    with pytest.raises(CodeTaken):
        changing.add_purpose(session, Purpose("evaluation", "Marketing"), HUB, MONDAY)
    with pytest.raises(CodeTaken):
        changing.add_category(session, Category("notes", "Notes", sensitive=False), HUB, MONDAY)
    assert Category("notes", "Notes", sensitive=True) in vocabulary.categories(session, None, 10)
    assert vocabulary.purposes(session, "early_help_support", 1) == [
        Purpose("evaluation", "Evaluation")
    ]
