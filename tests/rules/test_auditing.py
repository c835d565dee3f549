"""Entries as FHIR AuditEvents, read by a library that others wrote."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from sharing.chain.leaves import EntryKind
from sharing.rules.auditing import PROFILE, audit_event, bundle
from sharing.terms.auditing import Event, Person

ORIGIN = "rightshare.test/log"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CHILD, ERASURE = UUID(int=7), UUID(int=8)
FACTS: dict[str, Any] = {
    "client": "oak-mis",
    "outcome": "partial",
    "purpose": "early_help_support",
    "basis": "public_task",
    "categories": ["plan", "assessment"],
    "disclosed": ["plan"],
    "sources": ["eh-hub"],
    "override": None,
    "grounds": [{"agreement": "EH-ISA", "version": 3, "ground": "agreement"}],
}
ABOUT: dict[str, Any] = {
    "subject": str(CHILD),
    "practitioner": {"id": "Zoë ☃ 7", "role": "designated_safeguarding_lead"},
}
TOLD = Event(
    UUID(int=1), AT, "decision", "oak-school", "eh-hub", "partial", FACTS, Person(ABOUT, None)
)
REFUSED = replace(
    TOLD,
    outcome="deny",
    facts={"client": "oak-mis", "categories": ["plan"], "code": "not_available"},
    person=Person({"subject": None, "practitioner": None}),
)
# FHIR's string: not blank, and no control characters (R4, 2.24.0.1).
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=20)


def read(event: Event) -> Any:
    """Have the library read what is sent; it raises where FHIR is broken."""
    return AuditEvent.model_validate_json(json.dumps(audit_event(event, ORIGIN)))


def typed(event: Any) -> dict[str, Any]:
    return {one.type.coding[0].code: one for one in event.agent}


def people(event: Any) -> list[Any]:
    return [one.what for one in event.entity if one.type.code == "1"]


def test_a_disclosure_follows_the_profile_of_ihe() -> None:
    event = read(TOLD)

    assert [str(one) for one in event.meta.profile] == [PROFILE]
    assert (event.type.code, event.subtype[0].code, event.action) == ("110106", "disclose", "R")
    assert (event.outcome, event.outcomeDesc) == ("0", "partial")
    agents = typed(event)
    assert agents["110153"].who == event.source.observer  # BALP: val-audit-source
    assert agents["110153"].network.address == "rightshare.test"
    assert [str(one) for one in agents["110153"].policy] == ["urn:rightshare:agreement:EH-ISA:3"]
    assert agents["110152"].who.identifier.value == "oak-school"
    assert agents["110152"].network.type == "5"
    assert agents["159541003"].who.identifier.value == "eh-hub"
    assert agents["IRCP"].who.display == "Zoë ☃ 7"
    assert [str(one.reference) for one in people(event)] == [f"urn:uuid:{CHILD}"]
    assert [one.what.display for one in event.entity if one.role.code == "3"] == ["plan"]
    assert event.purposeOfEvent[0].coding[0].code == "early_help_support"


def test_a_pointer_has_a_custodian_for_each_source() -> None:
    event = audit_event(replace(TOLD, facts=FACTS | {"sources": ["elm", "hub"]}), ORIGIN)

    kept = [one for one in event["agent"] if one["type"]["coding"][0]["code"] == "CST"]
    assert [one["who"]["display"] for one in kept] == ["elm", "hub"]


def test_an_override_is_a_purpose_that_other_programs_know() -> None:
    event = read(replace(TOLD, facts=FACTS | {"override": "court_order"}))

    assert [one.code for one in event.purposeOfEvent[1].coding] == ["BTG", "court_order"]


@pytest.mark.parametrize(("code", "outcome"), [("not_available", "4"), ("fault", "8")])
def test_a_refusal_is_a_failure_and_claims_no_disclosure(code: str, outcome: str) -> None:
    event = read(replace(REFUSED, facts=REFUSED.facts | {"code": code}))

    assert (event.meta, event.outcome, people(event)) == (None, outcome, [])
    assert code in {one.valueString for one in event.entity[-1].detail}


@pytest.mark.parametrize(
    ("by", "said"), [(ERASURE, f"erased by entry {ERASURE}"), (None, "missing from the log")]
)
def test_of_an_erased_opening_it_says_what_became_of_it(by: UUID | None, said: str) -> None:
    event = read(replace(TOLD, person=Person(None, by)))

    assert [one.display for one in people(event)] == [said]
    assert "IRCP" not in typed(event)


def test_who_may_not_learn_of_whom_learns_of_nobody() -> None:
    event = read(replace(TOLD, person=None))

    assert (event.meta, people(event), "IRCP" in typed(event)) == (None, [], False)


@pytest.mark.parametrize("kind", [*EntryKind, "of a later version"])
def test_every_kind_of_entry_is_an_event(kind: str) -> None:
    bare = replace(REFUSED, kind=kind, source=None, outcome="read", facts={}, person=Person({}))

    assert read(bare).outcome == "0"
    assert read(replace(bare, facts={"grounds": {"no_consent": 2}})).agent[0].policy is None


def test_a_page_is_a_bundle_and_an_empty_one_too() -> None:
    held = Bundle.model_validate_json(json.dumps(bundle([TOLD, REFUSED], ORIGIN)))
    nothing = Bundle.model_validate_json(json.dumps(bundle([], ORIGIN)))

    assert [one.resource.id for one in held.entry] == [str(TOLD.id), str(REFUSED.id)]
    assert nothing.entry is None


@given(
    recipient=WORDS,
    source=st.none() | WORDS,
    facts=st.fixed_dictionaries(
        {},
        optional={
            "client": WORDS,
            "purpose": WORDS,
            "override": st.none() | WORDS,
            "categories": st.lists(WORDS, max_size=3),
            "disclosed": st.lists(WORDS, max_size=3),
            "sources": st.lists(WORDS, max_size=3),
            "grounds": st.lists(
                st.fixed_dictionaries({"agreement": WORDS, "version": st.integers(1, 9)})
            ),
            "code": WORDS,
        },
    ),
    practitioner=st.none() | st.fixed_dictionaries({"id": WORDS, "role": WORDS}),
)
def test_whatever_an_entry_says_is_fhir(
    recipient: str,
    source: str | None,
    facts: dict[str, Any],
    practitioner: dict[str, str] | None,
) -> None:
    person = Person({"subject": str(CHILD), "practitioner": practitioner})
    changed = {"recipient": recipient, "source": source, "facts": facts, "person": person}

    assert read(replace(TOLD, **changed)).id == str(TOLD.id)
