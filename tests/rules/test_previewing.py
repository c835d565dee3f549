"""A preview says of each thing what the decision says of a request for it, and the true ground."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.rules.plain_words import why, why_code, why_given_up
from sharing.rules.previewing import anybody_of, as_told, may_preview, places, preview
from sharing.rules.screening import furthest, known_words
from sharing.terms.asking import Practitioner
from sharing.terms.codes import Assurance, Ground, Reason
from sharing.terms.facts import SubjectFacts
from sharing.terms.previewing import Previewer, Verdict, Wanted
from tests.cases.as_terms import asked_of, decided, facts_of, id_of, terms_of
from tests.cases.words import Answer, Ask, Audit, Case, Given, Shield, Step, differences
from tests.rules.builders import (
    FLOW,
    MONDAY,
    OVERRIDE,
    STATUTE,
    TUESDAY_ON,
    WEDNESDAY,
    WORLD,
    said,
    with_flows,
)
from tests.rules.test_decision_cases import STEPS
from tests.rules.worlds import any_case, family_case

seeds = st.randoms(use_true_random=True)
SEVERITY = list(Ground)
OFFICE = Previewer("ig-office", whole=True, client_id="ig-desk")
NAMED = Practitioner("", "", Assurance.SIGNED_IN)


def previewed(case: Case, ask: Ask) -> tuple[Verdict, ...]:
    """Preview exactly what is asked, with all of it named."""
    asked, terms = asked_of(case.world, ask), terms_of(case.world)
    wanted = Wanted(
        asker=asked.asker,
        recipient=asked.recipient,
        source=None if ask.source == "*" else ask.source,
        purpose=ask.purpose,
        kind=ask.kind,
        basis=ask.basis,
        categories=frozenset(ask.categories),
        practitioner=asked.practitioner,
        override=asked.override,
    )
    facts = facts_of(case.world, case.given, ask.subject, ask.at)
    return preview(wanted, terms, facts, ask.at)


def as_answer(verdicts: tuple[Verdict, ...], ask: Ask, redact: Any) -> Answer:
    """Put verdicts together as the header of the case file says that an answer is."""
    permitted = [one for one in verdicts if one.reason is None]
    refused = [one for one in verdicts if one.reason is not None]
    pointer = ask.kind == "pointer"
    withheld = {
        one.source if pointer else one.category: str(one.ground)
        for one in refused
        if one.ground is not None
    }
    if not permitted:
        reason = furthest([one.reason for one in refused if one.reason is not None])
        grounds = [one.ground for one in refused if one.ground is not None]
        worst = max(grounds, key=SEVERITY.index, default=None)
        ground = None if worst is None else str(worst)
        return Answer("deny", reason=str(reason), audit=Audit(reason=ground, withheld=withheld))
    told = {one.category for one in permitted}
    return Answer(
        "partial" if set(ask.categories) - told else "permit",
        frozenset(told),
        {one.category: str(one.reason) for one in refused if one.category not in told},
        obligations=frozenset(str(duty) for one in permitted for duty in one.obligations),
        sources=frozenset(one.source for one in permitted) if pointer else None,
        redact=redact,
        audit=Audit(
            ground=" and ".join(sorted({str(one.ground) for one in permitted})),
            withheld=withheld,
            flags=frozenset(str(flag) for one in permitted for flag in one.flags),
        ),
    )


def can_be_previewed(case: Case, ask: Ask) -> bool:
    """Whether the request speaks known words; the others are refused before any rule is asked."""
    return known_words(asked_of(case.world, ask), terms_of(case.world))


@pytest.mark.parametrize(("case", "step"), STEPS)
def test_a_preview_gives_the_true_ground_that_the_case_expects(case: Case, step: Step) -> None:
    if not can_be_previewed(case, step.ask):
        assert step.expect.reason == "request_invalid"
        return
    verdicts = previewed(case, step.ask)
    if not verdicts:  # a pointer to everybody that nobody's flow answers: there is nothing to list
        assert step.ask.source == "*"
        assert step.expect.outcome == "deny"
        return
    assert differences(step.expect, as_answer(verdicts, step.ask, step.expect.redact)) == []


@settings(derandomize=True, deadline=None, database=None, max_examples=300)
@given(seeds)
def test_in_every_world_a_preview_says_what_the_decision_says(seeded) -> None:
    case, ask = seeded.choice((any_case, family_case))(seeded)
    if not can_be_previewed(case, ask) or ask.source == "*":
        return
    real, verdicts = decided(case, ask), previewed(case, ask)
    if not verdicts:  # a pointer asks others, so that of one to itself there is nothing to list
        assert (ask.kind, real.outcome) == ("pointer", "deny")
        assert asked_of(case.world, ask).recipient == ask.source
        return
    assert differences(real, as_answer(verdicts, ask, real.redact)) == []


def seen(world: Any = WORLD, given: Given | None = None, **wanted: Any) -> tuple[Verdict, ...]:
    terms = terms_of(world)
    facts = facts_of(world, given or Given(), "kid", WEDNESDAY)
    whole = Wanted(anybody_of("school", terms), "school", practitioner=NAMED)
    return preview(replace(whole, **wanted), terms, facts, WEDNESDAY)


def test_all_that_flows_open_and_all_that_is_held_is_listed_with_its_rule() -> None:
    plan = replace(FLOW, categories=("plan", "involvement"), sources=("hub",))
    told = {
        (one.source, one.purpose, one.category, one.kind): one.ground or one.reason
        for one in seen(with_flows(plan), Given(consents=(said(),)))
    }
    stopped = ("contact", "household", "therapy")
    assert told == {
        ("hub", "support", "plan", "content"): Ground.AGREEMENT,
        ("hub", "support", "involvement", "content"): Ground.AGREEMENT,
        ("hub", "support", "involvement", "pointer"): Ground.AGREEMENT,
        **{("hub", None, one, "content"): Reason.FLOW_NOT_COVERED for one in stopped},
        **{
            ("clinic", None, one, "content"): Reason.FLOW_NOT_COVERED
            for one in (*stopped, "plan", "involvement")
        },
    }


def test_what_no_flow_opens_is_refused_alike_for_every_purpose() -> None:
    (closed,) = seen(with_flows(STATUTE), source="stranger", categories=frozenset({"plan"}))
    each = [
        seen(with_flows(STATUTE), source="stranger", categories=frozenset({"plan"}), purpose=one)
        for one in WORLD.purposes
    ]
    assert closed.purpose is None
    assert [replace(one, purpose=None) for (one,) in each] == [closed] * len(WORLD.purposes)


def test_a_permit_names_the_flow_and_the_yes_it_rests_on_and_a_refusal_those_tried() -> None:
    yes = said()
    plan = {"source": "hub", "categories": frozenset({"plan"})}
    (permitted,) = seen(given=Given(consents=(yes,)), **plan)
    (refused,) = seen(**plan)
    assert permitted.consents == (id_of(f"consent {yes.id}"),)
    for one in (permitted, refused):
        assert [(path.agreement.code, path.flow.code) for path in one.paths] == [("A", "f1")]
    assert refused.ground is Ground.NO_CONSENT


def test_of_several_bases_the_one_that_leads_furthest_counts() -> None:
    plan = {"source": "hub", "categories": frozenset({"plan"})}
    either = with_flows(FLOW, replace(STATUTE, basis="legal_obligation"))
    (one,) = seen(either, **plan)
    assert one.ground is Ground.STATUTORY
    asking = replace(FLOW, id="f3", basis="consent", requires="consent")
    spoken = Given(consents=(said(method="verbal", recorded_at=MONDAY - timedelta(days=20)),))
    for flows in ((FLOW, asking), (asking, FLOW)):
        (one,) = seen(with_flows(*flows), spoken, **plan)
        assert one.ground is Ground.LAPSED_VERBAL


def test_an_override_can_be_previewed() -> None:
    asked = asked_of(
        WORLD,
        Ask("mis", "kid", "hub", "support", "public_task", ("plan",), WEDNESDAY, override=OVERRIDE),
    )
    (one,) = seen(source="hub", categories=frozenset({"plan"}), override=asked.override)
    assert one.ground is Ground.OVERRIDE


def test_where_nothing_can_be_asked_nothing_is_listed() -> None:
    assert seen(replace(WORLD, purposes=(), agreements={})) == ()
    assert seen(with_flows(), kind="pointer", source="hub") == tuple(
        one
        for one in seen(with_flows(), kind="pointer", source="hub")
        if one.category == "involvement"
    )
    assert places(Wanted(anybody_of("hub", terms_of(WORLD)), "hub"), terms_of(WORLD)) == frozenset()


def told_to(agency: str, recipient: str = "school", **given: Any) -> dict[tuple[str, str], Any]:
    facts = facts_of(WORLD, Given(**given), "kid", WEDNESDAY)
    told = as_told(seen(given=Given(**given)), by(agency), recipient, facts, WEDNESDAY)
    return {(one.source, one.category): one for one in told if one.kind == "content"}


def by(agency: str) -> Previewer:
    return Previewer(agency, whole=False, client_id="desk")


def shield(*allow: str) -> Shield:
    return Shield(("kid",), "hidden", (), allow, TUESDAY_ON)


def test_an_agency_is_told_the_truth_of_what_it_holds_itself_alone() -> None:
    told = told_to("clinic", consents=(said(),))
    assert {source for source, _ in told} == {"clinic"}
    assert told["clinic", "therapy"].ground is Ground.OUT_OF_SCOPE


def test_a_recipient_is_told_what_a_request_would_be_told() -> None:
    told = told_to("school", consents=(said(),), shields=(shield("hub"),))
    assert {one.reason for one in told.values()} == {Reason.NOT_AVAILABLE}
    assert {one.ground for one in told.values()} == {None}
    assert {(one.consents, one.shields, one.withholds, one.flags) for one in told.values()} == {
        ((), (), (), ())
    }
    permitted = told_to("school", consents=(said(),))["hub", "plan"]
    assert (permitted.ground, permitted.consents) == (Ground.AGREEMENT, ())


def test_a_shield_is_not_named_to_an_agency_it_protects_from() -> None:
    hidden = told_to("clinic", shields=(shield("hub"),))["clinic", "plan"]
    named = told_to("clinic", shields=(shield("clinic"),))["clinic", "plan"]
    assert (hidden.reason, hidden.ground, hidden.shields) == (Reason.NOT_AVAILABLE, None, ())
    assert named.ground is Ground.SHIELDED
    assert len(named.shields) == 1


def test_whoever_reads_the_whole_log_is_told_everything() -> None:
    verdicts = seen(given=Given(shields=(shield("hub"),)))
    facts = SubjectFacts(None)
    assert as_told(verdicts, OFFICE, "school", facts, WEDNESDAY) == verdicts
    assert as_told(verdicts, by("stranger"), "school", facts, WEDNESDAY) == ()


@pytest.mark.parametrize(
    ("who", "recipient", "source", "may"),
    [
        (OFFICE, "school", "hub", True),
        (by("school"), "school", "hub", True),
        (by("hub"), "school", None, True),
        (by("hub"), "school", "hub", True),
        (by("hub"), "school", "clinic", False),
    ],
)
def test_who_may_preview_what(who, recipient, source, may) -> None:
    assert may_preview(who, recipient, source) is may


def test_every_rule_has_its_sentence() -> None:
    sentences = [why(None, one) for one in Ground] + [why(one, None) for one in Reason]
    assert len(set(sentences)) == len(Ground) + len(Reason)
    assert [why_code(one) for one in (*Ground, *Reason)] == sentences
    assert why_code("agreement, statutory") == "agreement, statutory"
    assert why(None, None) == why(Reason.NOT_AVAILABLE, None)


def test_what_was_given_up_says_by_what_and_what_to_do() -> None:
    said = why_given_up("WorkerDied")
    assert "the last time with WorkerDied, and was given up" in said
    assert "Ask for it again" in said
