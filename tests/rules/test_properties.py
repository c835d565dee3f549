"""What must hold in every world, and no table can say."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.rules.deciding import decide
from sharing.terms.answers import Permit
from tests.cases.as_terms import answer_of, asked_of, decided, facts_of, id_of, terms_of
from tests.cases.words import (
    EVERYTHING,
    Answer,
    Ask,
    Case,
    Consent,
    NoAccess,
    Override,
    Shield,
    Withhold,
)
from tests.rules.worlds import (
    AGENCIES,
    CODES,
    DAYS,
    JUSTIFIED,
    Dice,
    a_consent,
    a_flow,
    an_agreement,
    any_case,
    family_case,
)

seeds = st.randoms(use_true_random=True)
in_many_worlds = settings(derandomize=True, deadline=None, database=None, max_examples=60)
BLOCKS = {
    "shields": Shield(("kid", "sister"), "hidden"),
    "withholds": tuple(Withhold(source, ("kid", "sister"), CODES) for source in AGENCIES),
    "no_access": NoAccess("kid", "aunt"),
}
REFUSAL = Consent(
    id="no",
    kind="agreement",
    subjects=("kid", "sister"),
    by="mum",
    decision="refused",
    recorded_at=DAYS[0],
    recipients=(EVERYTHING,),
    purposes=(EVERYTHING,),
    categories=(EVERYTHING,),
)


def disclosed(told: Answer) -> set[tuple[str, str]]:
    """Everything that an answer lets out, as pairs of category and source."""
    return {(code, source) for code in told.categories for source in told.sources or {"content"}}


def told_alike(one: Answer, other: Answer) -> bool:
    """Whether the asker cannot tell two answers apart."""
    silent = {"audit": Answer("").audit}
    return replace(one, **silent) == replace(other, **silent)


def with_facts(case: Case, **more) -> Case:
    facts = {
        name: (*getattr(case.given, name), *(facts if isinstance(facts, tuple) else (facts,)))
        for name, facts in more.items()
    }
    return replace(case, given=replace(case.given, **facts))


def either_case(seeded) -> tuple[Case, Ask]:
    return seeded.choice((any_case, family_case))(seeded)


@in_many_worlds
@given(seeds)
def test_the_order_in_which_things_are_listed_changes_no_answer(seeded) -> None:
    case, ask = either_case(seeded)

    def mixed(things):
        return tuple(seeded.sample(things, len(things)))

    agreements = {
        code: replace(one, flows=mixed(one.flows), members=mixed(one.members))
        for code, one in mixed(list(case.world.agreements.items()))
    }
    world = replace(case.world, agreements=agreements, records=mixed(case.world.records))
    facts = {name: mixed(getattr(case.given, name)) for name in case.given.__dataclass_fields__}
    other = decided(replace(case, world=world, given=replace(case.given, **facts)), ask)
    told = decided(case, ask)
    # Duties and grounds may differ: they follow the first flow that passes.
    assert told_alike(
        replace(told, obligations=frozenset()), replace(other, obligations=frozenset())
    )
    assert told.audit.reason == other.audit.reason


@in_many_worlds
@given(seeds)
def test_the_order_in_which_answers_were_taken_down_changes_nothing_at_all(seeded) -> None:
    case, ask = family_case(seeded)
    mixed = tuple(seeded.sample(case.given.consents, len(case.given.consents)))
    other = replace(case, given=replace(case.given, consents=mixed))
    assert decided(case, ask) == decided(other, ask)


@in_many_worlds
@given(seeds)
def test_a_block_or_a_no_never_opens_anything(seeded) -> None:
    case, ask = either_case(seeded)
    before = disclosed(decided(case, ask))
    no = replace(REFUSAL, by=seeded.choice(["mum", "dad", "kid"]), recorded_at=seeded.choice(DAYS))
    for name, facts in {**BLOCKS, "consents": no}.items():
        assert disclosed(decided(with_facts(case, **{name: facts}), ask)) <= before


@in_many_worlds
@given(seeds)
def test_another_flow_or_agreement_never_closes_anything(seeded) -> None:
    case, ask = either_case(seeded)
    dice = Dice(seeded)
    before = disclosed(decided(case, ask))
    held = case.world.agreements
    code, agreement = seeded.choice(list(held.items()))
    flows = list(agreement.flows)
    flows.insert(seeded.randint(0, len(flows)), a_flow(dice))
    for agreements in (
        {**held, code: replace(agreement, flows=tuple(flows))},
        {"NEW": an_agreement(dice), **held},
    ):
        world = replace(case.world, agreements=agreements)
        assert disclosed(decided(replace(case, world=world), ask)) >= before


@in_many_worlds
@given(seeds)
def test_nobody_can_tell_a_child_who_is_refused_from_one_who_is_not_known(seeded) -> None:
    case, ask = any_case(seeded)
    told, unknown = decided(case, ask), decided(case, replace(ask, subject="nobody"))
    assert unknown.outcome == "deny"
    if told.outcome == "deny":
        assert told_alike(told, unknown)
    else:
        assert unknown.reason == "not_available"
        others = {code for code, why in told.refused.items() if why == "not_available"}
        assert unknown.audit.withheld is not None
        if ask.kind == "content":
            assert set(unknown.audit.withheld) == told.categories | others


@in_many_worlds
@given(seeds)
def test_a_child_of_whom_nothing_is_on_file_is_one_who_is_not_known(seeded) -> None:
    case, ask = any_case(seeded)
    empty = replace(case, world=replace(case.world, records=()))
    assert told_alike(decided(empty, ask), decided(case, replace(ask, subject="nobody")))


@in_many_worlds
@given(seeds)
def test_what_rested_on_a_consent_alone_ends_with_its_withdrawal(seeded) -> None:
    case, ask = family_case(seeded)
    resting = rest_on(case, ask)
    for one in case.given.consents:
        alone = {
            pair for pair, consents in resting.items() if consents == (id_of(f"consent {one.id}"),)
        }
        withdrawn = replace(one, withdrawn_at=ask.at)
        others = tuple(withdrawn if other is one else other for other in case.given.consents)
        after = replace(case, given=replace(case.given, consents=others))
        assert alone.isdisjoint(rest_on(after, ask))


def rest_on(case: Case, ask: Ask) -> dict[tuple[str, str], tuple]:
    """What is disclosed, and the consents that it rests on."""
    asked, facts = asked_of(case.world, ask), facts_of(case.world, case.given, ask.subject, ask.at)
    decision = decide(asked, terms_of(case.world), facts, ask.at)
    if not isinstance(decision, Permit):
        return {}
    return {(one.source, one.category): one.consents for one in decision.grants}


@in_many_worlds
@given(seeds)
def test_when_all_have_withdrawn_nothing_rests_on_what_they_said(seeded) -> None:
    case, ask = family_case(seeded)
    withdrawn = tuple(replace(one, withdrawn_at=ask.at) for one in case.given.consents)
    after = replace(case, given=replace(case.given, consents=withdrawn))
    for at in (day for day in DAYS if day >= ask.at):
        assert decided(after, replace(ask, at=at)).outcome == "deny"


@in_many_worlds
@given(seeds)
def test_an_override_passes_no_block_and_no_boundary(seeded) -> None:
    case, ask = any_case(seeded)
    ask = replace(ask, override=Override("court_order", JUSTIFIED), practitioner="aunt")
    for name, facts in BLOCKS.items():
        told = decided(with_facts(blunt(case), **{name: facts}), replace(ask, subject="kid"))
        assert told.outcome == "deny"
    left = {code: replace(one, members=()) for code, one in case.world.agreements.items()}
    alone = replace(case, world=replace(case.world, agreements=left))
    assert decided(alone, ask).outcome == "deny"


def blunt(case: Case) -> Case:
    """Return the case with no flow that pierces a shield."""
    agreements = {
        code: replace(one, flows=tuple(replace(flow, pierces_shield=False) for flow in one.flows))
        for code, one in case.world.agreements.items()
    }
    return replace(case, world=replace(case.world, agreements=agreements))


@in_many_worlds
@given(seeds)
def test_a_yes_of_somebody_without_a_say_changes_nothing(seeded) -> None:
    case, ask = family_case(seeded)
    stranger = replace(a_consent(Dice(seeded), 9), by="neighbour", replaces=None)
    assert decided(with_facts(case, consents=stranger), ask) == decided(case, ask)


@in_many_worlds
@given(seeds)
def test_nothing_recorded_after_the_request_is_seen_by_it(seeded) -> None:
    case, ask = family_case(seeded)
    ask = replace(ask, at=min(ask.at, DAYS[-2]))
    when = seeded.choice([day for day in DAYS if day > ask.at])
    new = replace(a_consent(Dice(seeded), len(case.given.consents)), recorded_at=when)
    new = replace(new, confirmed_at=None, withdrawn_at=None)
    assert decided(with_facts(case, consents=new), ask) == decided(case, ask)


@in_many_worlds
@given(seeds)
def test_a_decision_says_the_same_when_it_is_asked_again(seeded) -> None:
    case, ask = any_case(seeded)
    asked, facts = asked_of(case.world, ask), facts_of(case.world, case.given, ask.subject, ask.at)
    terms = terms_of(case.world)
    first, second = (decide(asked, terms, facts, ask.at) for _ in range(2))
    assert first == second
    assert answer_of(first, {id_of(name): name for name in case.world.subjects}).outcome in {
        "permit",
        "partial",
        "deny",
    }
