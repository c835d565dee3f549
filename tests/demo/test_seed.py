from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.demo.world.stories import STORIES, subjects
from app.demo.world.terms import Oddity, PlannedRequest, State, World
from app.kernel.db import Database
from directory.queries.contacts import human_ways
from sharing.actions.disclosing import disclose
from sharing.terms.answers import Disclosure, Refused
from sharing.terms.asking import Asker, DisclosureRequest, Identifier, Override, Practitioner
from sharing.terms.codes import Assurance
from tests.demo.conftest import AT

pytestmark = pytest.mark.long


def as_asked(world: World, client_id: str, body: dict[str, Any]) -> DisclosureRequest:
    client = next(one for one in world.clients if one.client_id == client_id)
    practitioner, override = body.get("practitioner"), body.get("override")
    return DisclosureRequest(
        asker=Asker(
            client_id,
            client.agency,
            frozenset(client.purposes),
            frozenset(client.kinds),
            client.may_override,
        ),
        recipient=client.agency,
        source=body["source"],
        kind=body["kind"],
        purpose=body["purpose"],
        claimed_basis=body["lawful_basis"],
        categories=tuple(body["categories"]),
        identifiers=tuple(Identifier(**one) for one in body["subject"]["identifiers"]),
        practitioner=practitioner and Practitioner(**practitioner, assurance=Assurance.STATED),
        override=override and Override(**override),
    )


def told(outcome: Disclosure | Refused, expect: dict[str, Any]) -> dict[str, Any]:
    """What an answer says, as far as the expectation speaks of it."""
    if isinstance(outcome, Refused):
        reason = outcome.refusal.reason.value
        return {"status": 404 if reason == "not_available" else 403, "code": reason}
    permit = outcome.permit
    said = {
        "status": 200,
        "outcome": "partial" if permit.refused else "permit",
        "categories": sorted({grant.category for grant in permit.grants}),
        "obligations": sorted(permit.obligations),
        "refused": {category: reason.value for category, reason in permit.refused.items()},
        "sources": sorted({grant.source for grant in permit.grants}),
    }
    return {name: value for name, value in said.items() if name in expect or name == "status"}


@pytest.mark.parametrize("state", State)
def test_what_is_to_be_tried_turns_out_as_the_story_says(
    seeded: Database, world: World, state: State
) -> None:
    story = next(one for one in subjects(world) if one["story"] == STORIES[state].text)
    for one in story["try"]:
        with seeded.transaction() as session:
            asked = as_asked(world, one["client_id"], one["request"])
            outcome = disclose(session, asked, lambda: AT)
            session.rollback()

        assert told(outcome, one["expect"]) == one["expect"], one


def test_every_request_of_the_plan_is_logged_at_its_own_instant(
    everything: Connection, world: World
) -> None:
    planned = [fact.at for fact in world.facts if isinstance(fact, PlannedRequest)]

    asked = text(
        "select at from log_entry where not convert_from(facts, 'utf8')::jsonb ? 'act' order by at"
    )
    logged = everything.execute(asked).scalars().all()

    assert [at.astimezone(AT.tzinfo) for at in logged] == sorted(planned)


def test_the_log_shows_every_kind_of_answer(everything: Connection) -> None:
    counted = text("select outcome, count(*) from log_entry group by outcome order by outcome")
    codes = text("select distinct convert_from(facts, 'utf8')::jsonb ->> 'code' from log_entry")

    outcomes = {row.outcome: row.count for row in everything.execute(counted)}

    assert outcomes.keys() == {"permit", "partial", "deny"}
    assert outcomes["permit"] > 150
    assert set(everything.execute(codes).scalars()) >= {
        "not_available",
        "flow_not_covered",
        "basis_not_accepted",
        "no_agreement",
        "agency_not_active",
    }


def test_notices_handovers_and_a_decision_not_to_share_are_there(everything: Connection) -> None:
    def all_of(statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in everything.execute(text(statement), {"at": AT}).all()]

    assert all_of("select done, read_at is null from notice order by sent_at") == [
        ("support_offered", False),
        (None, True),
    ]
    late = all_of("select count(*) from notice where read_at is null and deadline < :at")
    assert late == [(1,)]
    assert all_of(
        "select direction, completed_at is null, declined_at from escalation order by recorded_at"
    ) == [("step_up", False, None), ("step_down", False, None), ("step_down", True, None)]
    assert all_of("select source, because from decision_not_to_share") == [
        ("oak-school", "risk_of_harm")
    ]
    assert all_of("select count(*) from record where retain_until is null") == [(0,)]


def test_overrides_in_the_same_words_still_wait_for_review(
    everything: Connection, world: World
) -> None:
    asked = [fact for fact in world.facts if isinstance(fact, PlannedRequest)]
    same = {one.at for one in asked if one.oddity is Oddity.SAME_OVERRIDE_TEXT}
    waiting = text(
        "select at from obligation join log_entry on log_entry.id = entry_id"
        " where code = 'ig_review' and closed_at is null"
    )

    assert same <= {at.astimezone(AT.tzinfo) for at in everything.execute(waiting).scalars()}


def test_whom_to_ring_is_on_file_for_the_invented_hub_and_the_three_cities(
    seeded: Database,
) -> None:
    with seeded.reading() as session:
        own = human_ways(session, AT, agency="eh-hub")
        leeds = human_ways(session, AT, city="Leeds")

    assert [one.facts.code for one in own] == ["meresby-hub"]
    assert [one.facts.code for one in leeds] == [
        "leeds-hub-east",
        "leeds-hub-south",
        "leeds-hub-west",
        "leeds-duty-and-advice",
    ]
