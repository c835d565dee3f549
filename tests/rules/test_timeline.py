"""Who may see which line of a timeline, with pencil and paper."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from consent.terms import ConflictOfInterest, Period, Shield, ShieldMode, Subject
from sharing.rules.timeline import visible, wanted
from sharing.terms.timeline import Item, ItemKind, Viewer

AT = datetime(2026, 3, 2, tzinfo=UTC)
KID = Subject(UUID(int=1))
NOTICE = Item(
    id=UUID(int=2),
    kind=ItemKind.NOTICE,
    at=AT,
    source="police",
    what="domestic_abuse_incident",
    other="school",
    category="police_incidents",
    parties=frozenset({"police", "school"}),
)
WAITING = Item(
    id=UUID(int=3),
    kind=ItemKind.ESCALATION,
    at=AT - timedelta(days=1),
    source="csc",
    what="step_down.not_done",
    parties=frozenset({"csc"}),
)
SCHOOL, HUB, POLICE = Viewer("school"), Viewer("hub"), Viewer("police")
HIDDEN = Shield(UUID(int=9), ShieldMode.HIDDEN, Period(AT), frozenset({"police"}))
MASKED = replace(HIDDEN, mode=ShieldMode.MASKED, categories=frozenset({"police_incidents"}))


def sees(viewer: Viewer, *shields: Shield, item: Item = NOTICE) -> bool:
    return visible([item], replace(KID, shields=shields), viewer, AT) == [item]


def test_an_agency_sees_what_is_its_own_and_what_it_was_a_party_to() -> None:
    assert sees(POLICE)
    assert sees(SCHOOL)
    assert not sees(HUB)


def test_a_flow_that_carries_the_category_from_that_source_opens_a_line() -> None:
    assert sees(replace(HUB, opened=frozenset({("police", "police_incidents")})))
    assert not sees(replace(HUB, opened=frozenset({("csc", "police_incidents")})))
    assert not sees(replace(HUB, opened=frozenset({("police", "plan")})))


def test_what_no_flow_carries_is_seen_by_its_own_agency_alone() -> None:
    assert sees(Viewer("csc"), item=WAITING)
    assert not sees(replace(HUB, opened=frozenset({("csc", "plan")})), item=WAITING)


@pytest.mark.parametrize("shield", [HIDDEN, MASKED])
def test_a_shield_hides_from_a_party_what_it_was_told(shield: Shield) -> None:
    assert not sees(SCHOOL, shield)
    assert sees(POLICE, shield)
    assert sees(SCHOOL, replace(shield, unaffected=frozenset({"school"})))
    # The decision that opened this has looked at the shield: its flow pierces it.
    assert sees(replace(SCHOOL, opened=frozenset({("police", "police_incidents")})), shield)


def test_a_shield_leaves_an_agency_what_it_knows_itself() -> None:
    assert sees(Viewer("csc"), HIDDEN, item=WAITING)


def test_a_masked_category_hides_no_other() -> None:
    assert sees(SCHOOL, replace(MASKED, categories=frozenset({"contact"})))
    told = replace(WAITING, parties=frozenset({"csc", "school"}))
    assert sees(SCHOOL, MASKED, item=told)
    assert not sees(SCHOOL, HIDDEN, item=told)


def test_a_practitioner_with_a_conflict_of_interest_sees_nothing() -> None:
    kid = replace(KID, conflicts=(ConflictOfInterest("staff-9"),))
    assert visible([NOTICE], kid, replace(SCHOOL, practitioner="staff-9"), AT) == []
    assert visible([NOTICE], kid, replace(SCHOOL, practitioner="staff-1"), AT) == [NOTICE]


def test_lines_come_newest_first() -> None:
    later = replace(WAITING, id=UUID(int=4), at=AT + timedelta(days=1))
    found = visible([WAITING, NOTICE, later], KID, Viewer("csc"), AT)
    assert found == [later, WAITING]


def test_a_flow_is_wanted_for_what_others_know_alone() -> None:
    other = replace(NOTICE, category="plan")
    lines = [NOTICE, other, WAITING, replace(NOTICE, source="hub")]
    assert wanted(lines, "school") == {}
    assert wanted(lines, "mash") == {
        "police": frozenset({"police_incidents", "plan"}),
        "hub": frozenset({"police_incidents"}),
    }
