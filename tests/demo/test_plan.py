import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from app.demo.files import new_people, people_json
from app.demo.world.plan import plan, unknown_numbers
from app.demo.world.stories import STORIES, subjects
from app.demo.world.terms import (
    Fact,
    Oddity,
    PlannedConflictOfInterest,
    PlannedConsent,
    PlannedEscalation,
    PlannedHousehold,
    PlannedNoSay,
    PlannedNotice,
    PlannedNotShared,
    PlannedRecord,
    PlannedRelationship,
    PlannedRequest,
    PlannedShield,
    PlannedWithhold,
    State,
    World,
)
from tests.demo.test_contacts import NAMED_IN_THE_DOCUMENTS

AT = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
LEAP_DAY = datetime(2028, 2, 29, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    return plan(AT)


def asked(world: World) -> list[PlannedRequest]:
    return [fact for fact in world.facts if isinstance(fact, PlannedRequest)]


def named_in(fact: Fact) -> set[str]:
    match fact:
        case PlannedRelationship() | PlannedNoSay():
            return {fact.child, fact.person}
        case PlannedHousehold():
            return {fact.child, *fact.members}
        case PlannedConsent():
            return {*fact.subjects, fact.given_by}
        case PlannedShield():
            return set(fact.subjects)
        case (
            PlannedRecord()
            | PlannedWithhold()
            | PlannedConflictOfInterest()
            | PlannedNotice()
            | PlannedEscalation()
            | PlannedNotShared()
        ):
            return {fact.subject}
        case _:
            return set()


def test_the_same_instant_and_seed_give_the_same_world(world: World) -> None:
    assert plan(AT) == world
    assert plan(AT, seed=8) != world
    assert plan(LEAP_DAY).families[0] == world.families[0]


def test_another_instant_moves_everything_with_it(world: World) -> None:
    week = timedelta(weeks=1)

    assert [fact.at + week for fact in world.facts] == [fact.at for fact in plan(AT + week).facts]


@pytest.mark.parametrize("at", [AT, LEAP_DAY])
def test_everything_happened_before_the_instant_and_in_order(at: datetime) -> None:
    world = plan(at)
    instants = [fact.at for fact in world.facts]

    assert instants == sorted(instants)
    assert instants[-1] < at
    assert all(person.born < person.at.date() for person in world.persons.values())


def test_there_are_forty_families_in_every_state(world: World) -> None:
    states = Counter(family.state for family in world.families)

    assert len(world.families) == 40
    assert set(states) == set(State) == set(STORIES)
    assert len({family.surname for family in world.families}) == 40


def test_nhs_numbers_are_of_the_test_range_with_right_check_digits(world: World) -> None:
    numbers = [
        value
        for person in world.persons.values()
        for scheme, value in person.identifiers
        if scheme == "nhs_number"
    ]

    assert len(numbers) == len(set(numbers)) == len(world.persons)
    for number in [*numbers, *unknown_numbers()]:
        weighted = sum(int(d) * w for d, w in zip(number, range(10, 0, -1), strict=True))
        assert number.startswith("999")
        assert len(number) == 10
        assert weighted % 11 == 0
    assert not set(numbers) & set(unknown_numbers())


def test_the_first_child_has_the_number_of_the_documentation(world: World) -> None:
    child = world.persons[world.families[0].child]

    assert ("nhs_number", "9990000018") in child.identifiers


def test_every_fact_is_about_someone_who_was_on_file_by_then(world: World) -> None:
    for fact in world.facts:
        for key in named_in(fact):
            assert world.persons[key].at <= fact.at


def test_a_consent_that_is_replaced_confirmed_or_withdrawn_was_recorded_before(
    world: World,
) -> None:
    recorded: set[str] = set()
    for fact in world.facts:
        earlier = getattr(fact, "replaces", None) or getattr(fact, "consent", None)
        assert earlier is None or earlier in recorded
        if isinstance(fact, PlannedConsent):
            recorded.add(fact.key)


def test_codes_of_agencies_purposes_and_categories_are_all_there(world: World) -> None:
    agencies = {agency.code for agency in world.agencies}
    clients = {client.client_id: client for client in world.clients}

    for agreement in world.agreements:
        assert set(agreement.members) <= agencies
        for flow in agreement.flows:
            assert {*flow.sources, *flow.recipients} <= set(agreement.members)
            assert set(flow.purposes) <= set(world.purposes)
            assert set(flow.categories) <= set(world.categories)
    for one in asked(world):
        assert one.client in clients
        assert one.source in agencies | {"*"}
        assert one.purpose in clients[one.client].purposes
        assert set(one.categories) <= set(world.categories)
    assert {client.agency for client in world.clients} <= agencies


def test_no_chart_is_empty(world: World) -> None:
    days = Counter((AT - one.at).days for one in asked(world))
    hours = [
        one.at.hour for one in asked(world) if one.oddity is None and one.at < AT - timedelta(1)
    ]

    assert 400 < len(asked(world)) < 700
    assert all(sum(days[day] for day in range(week, week + 7)) for week in range(0, 90, 7))
    assert set(hours) == set(range(8, 17))


def test_everything_that_a_lead_should_notice_is_there(world: World) -> None:
    odd = Counter(one.oddity for one in asked(world) if one.oddity is not None)
    texts = Counter(one.override for one in asked(world) if one.override is not None)

    assert set(odd) == set(Oddity)
    assert odd[Oddity.MANY_IN_AN_HOUR] > 20
    assert odd[Oddity.THREE_REFUSALS] == 3
    assert max(texts.values()) == 4
    assert min(texts.values()) == 1


def test_nobody_named_in_the_strategies_occurs(world: World) -> None:
    whole = json.dumps(asdict(world), default=str)

    assert not [name for name in NAMED_IN_THE_DOCUMENTS if name in whole]


def test_every_state_has_a_story_and_something_to_try(world: World) -> None:
    listed = subjects(world)

    assert len(listed) == len(State)
    clients = {client.client_id for client in world.clients}
    for subject in listed:
        assert subject["story"]
        assert subject["identifiers"][0]["scheme"] == "nhs_number"
        assert subject["relatives"].keys() >= {"mother", "father"}
        for one in subject["try"]:
            assert one["client_id"] in clients
            assert one["request"]["subject"]["identifiers"] == subject["identifiers"][:1]
            assert one["expect"]["status"] in {200, 403, 404}
    assert json.loads(json.dumps(listed)) == listed


def test_people_have_secrets_that_no_other_checkout_has() -> None:
    mine, yours = new_people(), new_people()
    assert new_people(mine) == mine
    assert new_people(mine[:1])[0] == mine[0]

    assert [one.username for one in mine] == [
        "ig-lead",
        "cluster-manager",
        "second-editor",
        "practitioner",
        "signatory",
    ]
    secrets = [{one.password, one.totp_secret} for one in mine + yours]
    assert len(set.union(*secrets)) == 20
    assert people_json(mine)[0].keys() == {"username", "password", "totp_secret", "role", "agency"}
