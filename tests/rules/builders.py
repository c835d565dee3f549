"""A small world in which everything is in order, and ways to put one thing out of order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.cases.as_terms import decided
from tests.cases.words import (
    EVERYTHING,
    OPEN,
    Agency,
    Agreement,
    Answer,
    Ask,
    Case,
    Client,
    Consent,
    Flow,
    Given,
    Joined,
    Override,
    Person,
    Record,
    Relative,
    Span,
    World,
)

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (
    datetime(2026, 3, day, 9, 30, tzinfo=UTC) for day in range(2, 7)
)
INSTANT = timedelta(microseconds=1)
TUESDAY_ON = Span(TUESDAY, None)
TUESDAY_TO_THURSDAY = Span(TUESDAY, THURSDAY)
UNTIL_THURSDAY = Span(None, THURSDAY)
CHILD = date(2016, 5, 10)

FLOW = Flow(
    "f1",
    sources=("hub", "clinic"),
    recipients=("school",),
    purposes=("support",),
    categories=("plan", "contact", "household", "involvement", "therapy"),
    kinds=("content", "pointer"),
    basis="public_task",
    requires="agreement",
    verbal=True,
    override=True,
)
STATUTE = replace(FLOW, id="f2", requires="none")
AGREEMENT = Agreement((Joined("hub"), Joined("school"), Joined("clinic")), (FLOW,))
PARENTS = (Relative("mum", (OPEN,)), Relative("dad", (OPEN,)))
WORLD = World(
    purposes=("support", "enquiry"),
    categories={
        "plan": False,
        "contact": False,
        "household": False,
        "involvement": False,
        "therapy": True,
    },
    agencies={
        "hub": Agency(),
        "school": Agency(),
        "clinic": Agency(sensitive_service=True),
        "stranger": Agency(),
    },
    clients={"mis": Client("school", ("support",), ("content", "pointer"), may_override=True)},
    agreements={"A": AGREEMENT},
    subjects={"kid": Person(CHILD, people=PARENTS), "sister": Person(CHILD)},
    households={"kid": (Joined("kid"), Joined("sister"))},
    records=tuple(
        Record("kid", source, category)
        for source in ("hub", "clinic")
        for category in FLOW.categories
    ),
)
OVERRIDE = Override("vital_interests", "The child is in danger tonight")


def said(by: str = "mum", at: datetime = MONDAY, **what: Any) -> Consent:
    """Somebody's written yes to everything an agreement can cover, for the school."""
    whole = Consent(
        id=f"{by}-{at.isoformat()}-{sorted(what)}",
        kind="agreement",
        subjects=("kid",),
        by=by,
        decision="given",
        recorded_at=at,
        recipients=("school",),
        purposes=("support",),
        categories=(EVERYTHING,),
    )
    return replace(whole, **what)


def refused(by: str = "mum", at: datetime = MONDAY, **what: Any) -> Consent:
    everything = dict.fromkeys(("recipients", "purposes", "categories"), (EVERYTHING,))
    return said(by, at, decision="refused", **everything | what)


def answer(world: World = WORLD, at: datetime = WEDNESDAY, **other: Any) -> Answer:
    """Decide on the plan that the hub holds; whatever is not told of is in order.

    What is named as a fact is one; the rest changes the request.
    """
    facts = {name: other.pop(name) for name in Given.__dataclass_fields__ if name in other}
    ask = Ask("mis", "kid", "hub", "support", "public_task", ("plan",), at)
    given = Given(**{name: tuple(value) for name, value in facts.items()})
    return decided(Case("built", "", world, given, ()), replace(ask, **other))


def with_flows(*flows: Flow) -> World:
    return replace(WORLD, agreements={"A": replace(AGREEMENT, flows=flows)})


def with_person(**what: Any) -> World:
    kid = replace(WORLD.subjects["kid"], **what)
    return replace(WORLD, subjects={**WORLD.subjects, "kid": kid})


def passes(told: Answer) -> bool:
    return told.outcome != "deny"
