"""A request is put together again from its entry, and both answers are the decision's own."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from consent.terms import ALWAYS
from sharing.rules.deciding import decide
from sharing.rules.replaying import (
    as_told,
    change_of,
    concerns,
    in_force,
    looked_for_nobody,
    opened_by,
    present,
    replayed,
    with_draft,
)
from sharing.rules.telling import about_of, facts_of
from sharing.terms.agreements import Draft, FlowDraft
from sharing.terms.asking import DisclosureRequest
from sharing.terms.codes import Assurance, LawfulBasis, Requirement
from sharing.terms.facts import SubjectFacts, Terms
from sharing.terms.replaying import (
    Answer,
    Change,
    Changed,
    Difference,
    Logged,
    NotReplayed,
    Part,
    Tally,
)
from tests.cases.as_terms import asked_of, terms_of
from tests.cases.as_terms import facts_of as on_file
from tests.cases.words import Ask, Case, Given
from tests.rules.builders import FLOW, MONDAY, STATUTE, WEDNESDAY, WORLD, said, with_flows
from tests.rules.worlds import Dice, any_case, family_case
from tests.rules.worlds import an_agreement as any_agreement

seeds = st.randoms(use_true_random=True)
in_many_worlds = settings(derandomize=True, deadline=None, database=None, max_examples=150)
ENTRY, SUBJECT = UUID(int=1), UUID(int=2)


def logged(asked: DisclosureRequest, terms: Terms, facts: SubjectFacts, at: Any) -> Logged:
    """The entry of a decision, as it comes back from the database."""
    decision = decide(asked, terms, facts, at)
    kept = json.loads(json.dumps(facts_of(decision, terms, 0)))
    about = json.loads(json.dumps(about_of(decision, SUBJECT, ())))
    return Logged(ENTRY, at, asked.recipient, kept, about, SUBJECT)


def an_entry(case: Case, ask: Ask) -> tuple[Logged, DisclosureRequest, Terms, SubjectFacts]:
    asked, terms = asked_of(case.world, ask), terms_of(case.world)
    facts = on_file(case.world, case.given, ask.subject, ask.at)
    return logged(asked, terms, facts, ask.at), asked, terms, facts


@in_many_worlds
@given(seeds)
def test_what_was_answered_is_answered_again_and_a_draft_changes_what_it_would(seeded) -> None:
    case, ask = seeded.choice((any_case, family_case))(seeded)
    entry, asked, terms, facts = an_entry(case, ask)
    same = replayed(entry, terms, terms, facts)
    assert isinstance(same, Changed)
    assert (same.change, same.difference) == (Change.SAME, None)

    other = terms_of(replace(case.world, agreements={"A": any_agreement(Dice(seeded))}))
    drafted = with_draft(terms, other.agreements[0])
    found = replayed(entry, terms, drafted, facts)
    assert isinstance(found, Changed)
    before, after = (decide(asked, one, facts, ask.at) for one in (terms, drafted))
    told = [{(g.source, g.category) for g in getattr(d, "grants", ())} for d in (before, after)]
    newly = (found.change is Change.NEWLY_PERMITTED, found.change is Change.NEWLY_REFUSED)
    assert newly == (bool(told[1]) > bool(told[0]), bool(told[1]) < bool(told[0]))
    if found.change is Change.SAME:
        assert told[0] == told[1]


def a_request(**changes: Any) -> Ask:
    return replace(
        Ask("mis", "kid", "hub", "support", "public_task", ("plan",), WEDNESDAY), **changes
    )


CASE = Case("built", "", WORLD, Given(consents=(said(),)), ())


def test_an_erased_entry_is_not_replayed_and_one_settled_before_any_agreement_stays() -> None:
    entry, _, terms, facts = an_entry(CASE, a_request())
    assert replayed(replace(entry, about=None), terms, terms, facts) is NotReplayed.ERASED
    invalid, *_ = an_entry(CASE, a_request(purpose="curiosity"))
    assert replayed(replace(invalid, about=None), terms, terms, facts) == Changed(
        Change.SAME, "request_invalid", "request_invalid"
    )


def test_an_entry_that_the_facts_no_longer_bear_out_proves_nothing() -> None:
    entry, _, terms, facts = an_entry(CASE, a_request())
    changed = [
        (entry, SubjectFacts(None)),
        (replace(entry, facts=entry.facts | {"disclosed": ["contact"]}), facts),
        (
            an_entry(replace(CASE, given=Given()), a_request())[0],
            SubjectFacts(None),
        ),
    ]
    for one, known in changed:
        assert replayed(one, terms, terms, known) is NotReplayed.FACTS_CHANGED


def test_an_entry_concerns_members_by_its_source() -> None:
    entry, *_ = an_entry(CASE, a_request())
    everybody = replace(entry, facts=entry.facts | {"source": "*"})
    undecided = replace(entry, facts={"client": "mis", "code": "fault"})
    members = frozenset({"hub", "school"})
    assert [concerns(one, members) for one in (entry, everybody, undecided)] == [True, True, False]
    assert not concerns(entry, frozenset({"clinic", "school"}))
    refused, *_ = an_entry(replace(CASE, world=with_flows()), a_request())
    assert (looked_for_nobody(refused), looked_for_nobody(entry)) == (True, False)


DRAFT = Draft(
    effective_from=MONDAY,
    expires=None,
    review_due=None,
    flows=(
        FlowDraft(
            code="d1",
            sources=frozenset({"hub"}),
            recipients=frozenset({"school"}),
            purposes=frozenset({"support"}),
            categories=frozenset({"plan", "contact"}),
            kinds=frozenset({"content"}),
            basis=LawfulBasis.PUBLIC_TASK,
            requires=Requirement.NONE,
            law=None,
            special_condition=None,
            verbal=True,
            override=False,
            pierces_shield=False,
            practitioner=Assurance.NONE,
        ),
    ),
)


def test_a_draft_stands_where_the_versions_of_its_agreement_stood() -> None:
    terms = terms_of(WORLD)
    (first,) = terms.agreements
    other = replace(first, code="B")
    draft = in_force("A", 3, DRAFT, ["hub", "school"])
    assert draft.period == ALWAYS
    assert draft.members == {"hub": (ALWAYS,), "school": (ALWAYS,)}
    history = replace(terms, agreements=(first, replace(first, version=2), other))
    assert with_draft(history, draft).agreements == (draft, other)
    assert with_draft(replace(terms, agreements=(other,)), draft).agreements == (other, draft)


def test_the_present_is_asked_of_what_is_held_alone() -> None:
    terms = terms_of(with_flows(replace(FLOW, categories=("plan", "health")), STATUTE))
    draft = in_force("A", 2, DRAFT, ["hub", "school"])
    after = with_draft(terms, draft)
    opened = opened_by("A", (terms, after), ["hub", "school"], WEDNESDAY)
    assert {one.category for one in opened["school"]} >= {"plan", "contact", "health"}
    assert opened["hub"] == frozenset()
    assert opened_by("B", (terms, after), ["school"], WEDNESDAY) == {"school": frozenset()}
    facts = on_file(WORLD, Given(), "kid", WEDNESDAY)
    only_plan = replace(facts, holdings=facts.holdings[:1])
    (one,) = present(opened, terms, after, only_plan, WEDNESDAY)
    assert one.change is Change.SAME
    asked = terms_of(with_flows(FLOW))
    (one,) = present(
        opened_by("A", (after,), ["school"], WEDNESDAY), asked, after, only_plan, WEDNESDAY
    )
    assert one.difference is not None
    assert (one.change, one.before, one.after) == (
        Change.NEWLY_PERMITTED,
        "no_consent",
        "statutory",
    )
    assert (one.difference.part, one.difference.told_after) == (Part.SUBJECTS, ("plan",))
    assert list(present(opened, terms, after, SubjectFacts(None), WEDNESDAY)) == []


def test_every_kind_of_change_has_its_name() -> None:
    def answer(*told: str, code: str = "agreement") -> Answer:
        return Answer(frozenset(told), code)

    nothing = answer(code="no_consent")
    assert change_of(answer("plan"), answer("plan")) is Change.SAME
    assert change_of(answer("plan"), answer("plan", code="statutory")) is Change.OTHER_REASON
    assert change_of(nothing, answer("plan")) is Change.NEWLY_PERMITTED
    assert change_of(answer("plan"), nothing) is Change.NEWLY_REFUSED
    assert change_of(answer("plan"), answer("contact")) is Change.OTHER_CATEGORIES


def test_a_refusal_is_told_to_agencies_as_a_preview_tells_it() -> None:
    one = Difference(
        part=Part.SUBJECTS,
        change=Change.OTHER_REASON,
        at=MONDAY,
        recipient="school",
        source="hub",
        purpose="support",
        kind="content",
        before="no_consent, shielded",
        after="flow_not_covered",
        told_before=(),
        told_after=(),
    )
    told = {agency: as_told(one, agency) for agency in ("hub", "school")}
    assert {agency: (one.before, one.after) for agency, one in told.items()} == {
        "hub": ("no_consent, not_available", "flow_not_covered"),
        "school": ("not_available", "flow_not_covered"),
    }
    permitted = replace(one, before="agreement, statutory")
    assert as_told(permitted, "school") == permitted


def test_a_tally_counts_changes_by_reason_and_what_could_not_be_replayed() -> None:
    tally = Tally()
    for _ in range(2):
        tally.counted(Part.REQUESTS, Changed(Change.NEWLY_REFUSED, "agreement", "no_agreement"))
    tally.counted(Part.SUBJECTS, Changed(Change.SAME, "agreement", "agreement"))
    tally.skipped(NotReplayed.ERASED)
    assert tally.requests == {"newly_refused": 2}
    assert tally.subjects == {"same": 1}
    assert tally.groups == {"requests": {"agreement": {"no_agreement": 2}}}
    assert tally.not_replayed == {"erased": 1}
