"""What a version of an agreement says, its hash, and what it may not lack (rules 1 and 19)."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.rules.contents import canonical, document, draft_in, missing_parts, sha256_of
from sharing.rules.drafting import filled
from sharing.terms.agreements import (
    Draft,
    FlowDraft,
    Heading,
    MemberDraft,
    Party,
    Retention,
    Wording,
)
from sharing.terms.codes import Assurance, LawfulBasis, Requirement
from sharing.terms.worked.shelf import WORKED

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SENSITIVE = frozenset({"therapy"})
HEADING = Heading("A", "Early help", "Ring the hub", 1)
FLOW = FlowDraft(
    code="f1",
    sources=frozenset({"hub"}),
    recipients=frozenset({"school"}),
    purposes=frozenset({"support"}),
    categories=frozenset({"plan", "therapy"}),
    kinds=frozenset({"content"}),
    basis=LawfulBasis.PUBLIC_TASK,
    requires=Requirement.FAMILY_AGREEMENT,
    law="Children Act 2004, section 10",
    special_condition="UK GDPR, Article 9(2)(g)",
    verbal=True,
    override=False,
    pierces_shield=False,
    practitioner=Assurance.STATED,
)
WORDS = Wording(**{one.name: f"What it says of {one.name}." for one in fields(Wording)})
HUB, SCHOOL = (Party(one, "helper", f"dpo@{one}.test") for one in ("hub", "school"))
MEMBERS = {"hub": HUB, "school": SCHOOL}
WHOLE = Draft(
    effective_from=MONDAY,
    expires=MONDAY + timedelta(days=700),
    review_due=MONDAY + timedelta(days=365),
    flows=(FLOW,),
    wording=WORDS,
    retention=(Retention("plan", 72, "the closing"), Retention("therapy", 12, "the closing")),
    parties=(HUB, SCHOOL),
    signatories=frozenset({"hub", "school"}),
)


def without(name: str) -> Draft:
    return replace(WHOLE, wording=replace(WORDS, **{name: None}))


def lacking(draft: Draft, members: dict[str, Party] = MEMBERS) -> list[str]:
    return [one.pointer for one in missing_parts(draft, members, SENSITIVE)]


def hash_of(draft: Draft, heading: Heading = HEADING) -> str:
    return sha256_of(canonical(document(heading, draft)))


def test_a_whole_draft_lacks_nothing() -> None:
    assert lacking(WHOLE) == []


@pytest.mark.parametrize("name", [one.name for one in fields(Wording)])
def test_rule_19_each_sentence_that_is_missing_is_named(name: str) -> None:
    assert lacking(without(name)) == [f"#/{name}"]
    blank = replace(WHOLE, wording=replace(WORDS, **{name: " \n"}))
    assert lacking(blank) == [f"#/{name}"]


@pytest.mark.parametrize(
    ("draft", "pointer"),
    [
        (replace(WHOLE, flows=(replace(FLOW, law=None),)), "#/flows/0/law"),
        (
            replace(WHOLE, flows=(replace(FLOW, special_condition=None),)),
            "#/flows/0/special_condition",
        ),
        (replace(WHOLE, flows=()), "#/flows"),
        (replace(WHOLE, review_due=None), "#/review_due"),
        (replace(WHOLE, retention=WHOLE.retention[:1]), "#/retention"),
        (replace(WHOLE, retention=()), "#/retention"),
    ],
)
def test_rules_1_and_19_each_other_part_that_is_missing_is_named(
    draft: Draft, pointer: str
) -> None:
    assert lacking(draft) == [pointer]


def test_a_flow_without_sensitive_categories_needs_no_condition() -> None:
    plain = replace(FLOW, categories=frozenset({"plan"}), special_condition=None)
    assert lacking(replace(WHOLE, flows=(plain,))) == []


def test_rule_19_each_party_has_its_part_and_a_data_protection_contact() -> None:
    silent = replace(SCHOOL, data_protection_contact=None)
    assert lacking(WHOLE, {"hub": HUB, "school": silent}) == ["#/parties/1/data_protection_contact"]
    assert lacking(WHOLE, {"hub": replace(HUB, role=None)}) == ["#/parties/0/role"]
    newcomer = Party("clinic", None, None)
    assert lacking(WHOLE, {"clinic": newcomer}) == [
        "#/parties/role",
        "#/parties/data_protection_contact",
    ]
    assert lacking(WHOLE, {}) == ["#/parties"]


def test_all_that_is_missing_is_named_at_once() -> None:
    bare = Draft(effective_from=MONDAY, expires=None, review_due=None, flows=())
    assert set(lacking(bare)) >= {f"#/{one.name}" for one in fields(Wording)} | {
        "#/flows",
        "#/review_due",
    }


def test_a_document_says_everything_and_is_read_back_the_same() -> None:
    said = json.loads(canonical(document(HEADING, WHOLE)))
    assert draft_in(said) == WHOLE
    named = {one.name for one in fields(Draft)} - {"wording"} | {
        one.name for one in fields(Wording)
    }
    assert said.keys() == named | {"agreement", "title", "human_contact", "version"}


def test_the_order_in_which_members_are_named_is_no_difference() -> None:
    turned = replace(WHOLE, parties=(SCHOOL, HUB), retention=WHOLE.retention[::-1])
    assert hash_of(turned) == hash_of(WHOLE)


CHANGES: dict[type, Any] = {
    bool: lambda value: not value,
    int: lambda value: value + 1,
    str: lambda value: f"{value}x",
    Assurance: lambda _: Assurance.SIGNED,
    LawfulBasis: lambda _: LawfulBasis.CONSENT,
    Requirement: lambda _: Requirement.NONE,
    datetime: lambda value: value + timedelta(microseconds=1),
    frozenset: lambda value: value | {"more"},
    tuple: lambda value: value[:-1],
}


def variants(whole: Any) -> list[Any]:
    """What a dataclass is with one of its fields changed, for each of them."""
    return [
        replace(whole, **{one.name: CHANGES[type(value)](value)})
        for one in fields(whole)
        if type(value := getattr(whole, one.name)) in CHANGES
    ]


def test_the_hash_changes_with_every_part_of_the_content() -> None:
    drafts = [
        *variants(WHOLE),
        *(replace(WHOLE, wording=one) for one in variants(WORDS)),
        *(replace(WHOLE, flows=(one,)) for one in variants(FLOW)),
        *(replace(WHOLE, retention=(one, WHOLE.retention[1])) for one in variants(RETAINED)),
        *(replace(WHOLE, parties=(one, SCHOOL)) for one in variants(HUB)),
    ]
    hashes = [hash_of(WHOLE), *map(hash_of, drafts)]
    hashes += [hash_of(WHOLE, heading) for heading in variants(HEADING)]
    assert len(hashes) == 40
    assert len(set(hashes)) == len(hashes)


RETAINED = WHOLE.retention[0]
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1)


@given(TEXTS, TEXTS)
def test_other_words_are_another_hash_and_any_words_survive(one: str, other: str) -> None:
    first, second = (replace(WHOLE, wording=replace(WORDS, summary=text)) for text in (one, other))
    assert (hash_of(first) == hash_of(second)) == (one == other)
    assert draft_in(json.loads(canonical(document(HEADING, first)))) == first


def test_canonical_json_is_that_of_the_rfc() -> None:
    # RFC 8785, section 3.2.2.2 and 3.2.3, without numbers, of which there are whole ones only
    said = {"\u20ac": "Euro", "\r": "CR", "1": "One", "\u0080": "C", "q": '€$\u000f\nA\'B"\\\\"/'}
    assert canonical(said) == (
        '{"\\r":"CR","1":"One","q":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","\u0080":"C","€":"Euro"}'
    )


@pytest.mark.parametrize("code", WORKED)
def test_a_worked_example_with_members_lacks_an_assessment_and_nothing_else(code: str) -> None:
    template = WORKED[code]
    members = [
        MemberDraft(f"agency-{role}", role=role, data_protection_contact="dpo")
        for role in template.roles
    ]
    bare = Draft(effective_from=MONDAY, expires=None, review_due=None, flows=())
    made = filled(template, bare, members)
    parties = {one.agency: Party(one.agency, one.role, "dpo") for one in members}
    everything = frozenset(one for flow in made.flows for one in flow.categories)

    lack = [one.pointer for one in missing_parts(made, parties, everything & {"health_summary"})]

    assert lack == ["#/impact_assessment"]
    assert [one.code for one in made.flows] == [one.code for one in template.flows]


def test_a_worked_example_opens_no_flow_for_a_part_that_nobody_has() -> None:
    template = WORKED["early_help"]
    bare = Draft(effective_from=MONDAY, expires=None, review_due=None, flows=())
    made = filled(template, bare, [MemberDraft("hub", role="coordinator")])
    assert all(flow.sources == flow.recipients == {"hub"} for flow in made.flows)
    assert "health_needs" not in {flow.code for flow in made.flows}
    assert "health_summary" not in {one.category for one in made.retention}


def test_what_a_draft_says_itself_stands_before_the_example() -> None:
    own = replace(WHOLE, wording=Wording(purpose="Ours"))
    made = filled(WORKED["early_help"], own, [])
    assert made.wording.purpose == "Ours"
    assert made.wording.rights == WORKED["early_help"].wording.rights
    assert (made.flows, made.retention, made.review_due) == (
        own.flows,
        own.retention,
        own.review_due,
    )
