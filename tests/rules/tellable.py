"""Random cases as the API would take them: what a person at the desk is turned away with, goes."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.cases.words import EVERYTHING, Ask, Case, Consent, Given, Span, Step, World
from tests.rules.oracle import Oracle
from tests.rules.oracle_consent import Said
from tests.rules.worlds import Dice, a_world, an_ask, what_is_given


def tellable_case(seeded: Any, name: str, asks: int) -> Case:
    """A case with so many steps, each of which expects what the oracle answers."""
    dice = Dice(seeded)
    world = _world(a_world(dice))
    given = _given(what_is_given(dice), world)
    steps = []
    for _ in range(asks):
        ask = an_ask(dice)
        steps.append(Step(ask, Oracle(world, given, ask).answer()))
    return Case(name, "", world, given, tuple(steps))


def _span(span: Span) -> Span:
    forwards = span.starts is None or span.ends is None or span.starts < span.ends
    return span if forwards else Span(span.ends, span.starts if span.starts != span.ends else None)


def _spanned(thing: Any) -> Any:
    return replace(thing, span=_span(thing.span))


def _apart(stays: tuple[Any, ...]) -> tuple[Any, ...]:
    """Leave one stay of each: two at one time are a clash."""
    return tuple({one.name: _spanned(one) for one in stays}.values())


def _world(world: World) -> World:
    return replace(
        world,
        agencies={
            code: replace(
                one, active=one.active if len(one.active) < 2 else (_span(one.active[0]),)
            )
            for code, one in world.agencies.items()
        },
        agreements={
            code: replace(
                _spanned(one),
                members=_apart(one.members),
                flows=tuple(replace(flow, id=f"f{n}") for n, flow in enumerate(one.flows)),
            )
            for code, one in world.agreements.items()
        },
        subjects={
            name: replace(
                _spanned(one),
                people=tuple(
                    replace(
                        relative,
                        responsible=tuple(_span(span) for span in relative.responsible),
                        no_say=None if relative.no_say is None else _span(relative.no_say),
                    )
                    for relative in one.people
                ),
            )
            for name, one in world.subjects.items()
        },
        households={name: _apart(stays) for name, stays in world.households.items()},
        records=tuple(_spanned(one) for one in world.records),
    )


def _given(given: Given, world: World) -> Given:
    taken: list[Consent] = []
    competence = tuple(
        replace(one, until=None if one.until is not None and one.until <= one.at else one.until)
        for one in given.competence
    )
    given = replace(given, competence=competence)
    for one in sorted(given.consents, key=lambda one: one.recorded_at):
        if one.decision == "given" and not _is_taken(one, given, world):
            continue
        taken.append(_consent(one, taken))
    return replace(
        given,
        consents=tuple(taken),
        shields=tuple(
            replace(_spanned(one), categories=one.categories if one.mode == "masked" else ())
            for one in given.shields
        ),
        withholds=tuple(_spanned(one) for one in given.withholds),
        no_access=tuple(_spanned(one) for one in given.no_access),
    )


def _is_taken(one: Consent, given: Given, world: World) -> bool:
    """Whether a yes names somebody, comes from a decider, and is one that a flow waits for."""
    told = _consent(one, [])
    counts_from = max(told.recorded_at, told.valid_from or told.recorded_at)
    return (
        _names_someone(one, world)
        and _heard(told, given, world, counts_from)
        and (told.kind != "consent" or _waited_for(told, world, counts_from))
    )


def _heard(one: Consent, given: Given, world: World, at: datetime) -> bool:
    assessed = {each.purpose for each in given.competence if each.at <= one.recorded_at}
    purposes = {*one.purposes, *(assessed if EVERYTHING in one.purposes else ())}
    client = next(iter(world.clients))
    return any(
        Said(world, given, Ask(client, subject, "", purpose, "", (), at)).decides(one.by, at)
        for subject in one.subjects
        for purpose in purposes
    )


def _waited_for(one: Consent, world: World, at: datetime) -> bool:
    ask = Ask(next(iter(world.clients)), one.subjects[0], "", "", "", (), at)
    named = Said(world, Given(), ask).recipients(one)
    return any(
        source != recipient
        for agreement in world.agreements.values()
        if agreement.in_force(at)
        for flow in agreement.flows
        if flow.requires != "none"
        and _meet(one.purposes, flow.purposes)
        and _meet(one.categories, flow.categories)
        for source in agreement.members_at(at) & set(flow.sources)
        if source in one.sources or EVERYTHING in one.sources
        for recipient in agreement.members_at(at) & set(flow.recipients) & named
    )


def _meet(named: tuple[str, ...], carried: tuple[str, ...]) -> bool:
    return EVERYTHING in named or bool(set(named) & set(carried))


def _names_someone(one: Consent, world: World) -> bool:
    if "agreement:A" in one.recipients:
        return bool(world.agreements["A"].members_at(one.recorded_at))
    return EVERYTHING not in one.recipients


def _consent(one: Consent, before: list[Consent]) -> Consent:
    confirmed, withdrawn = one.confirmed_at, one.withdrawn_at
    if one.decision == "refused":
        confirmed = withdrawn = None
    if one.method == "written" or (confirmed and withdrawn and withdrawn <= confirmed):
        confirmed = None
    valid = _span(Span(one.valid_from, one.valid_until))
    return replace(
        one,
        recipients=one.recipients if "agreement:A" not in one.recipients else ("agreement:A",),
        valid_from=valid.starts,
        valid_until=valid.ends,
        confirmed_at=confirmed,
        withdrawn_at=withdrawn,
        replaces=None,
    )
