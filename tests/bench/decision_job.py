"""J2: the decision alone, in process, from facts that are loaded, with 100,000 flows on file."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sharing.rules.deciding import decide
from sharing.terms.answers import Permit
from tests.bench import cases
from tests.bench.cases import AT, OnFile, Way
from tests.bench.floor.deciding import permitted
from tests.bench.measure import Slice, Taken, WrongAnswer, interleaved, spread_of
from tests.bench.report import Row, a_second, number

FLOWS = 100_000
FEW_FLOWS = 1_000
DECISIONS = 2_000
CEDAR_DECISIONS = 100
GOAL_A_SECOND = 100_000
Ask = Callable[[], bool]

# One static policy, parsed once, and the facts passed in: by far the fastest way to ask Cedar. It
# is handed what our rules still have to work out: whose word counts, and which is the latest.
_POLICY = """
permit (principal, action == Action::"disclose", resource)
when {
  context.recipients.contains(principal) && context.sources.contains(resource) &&
  context.purposes.contains(context.purpose) && context.categories.contains(context.category) &&
  context.basis == "public_task" && context.held && !context.withheld && !context.barred &&
  !context.shielded && context.yes > 0 && context.no == 0
};
"""


def rows() -> Iterator[Row | str]:
    """Measure J2 and yield its rows, or why one is missing."""
    many, few = cases.on_file(FLOWS), cases.on_file(FEW_FLOWS)
    asked = {
        "ours": _ours(many, _spread_out(many.ways)),
        "plain": _plain(many, _spread_out(many.ways)),
        "few": _ours(few, _spread_out(few.ways)),
    }
    cedar = _cedar(_spread_out(many.ways)[:CEDAR_DECISIONS])
    if cedar is not None:
        asked["cedar"] = cedar
    gc.collect()
    gc.freeze()  # or the collector walks 100,000 flows again and again, whoever is measured
    taken = interleaved({name: _taking(asks) for name, asks in asked.items()}, slices=7)
    reached = [rate / GOAL_A_SECOND for rate in taken.each_round("ours", _rate)]
    ours, plain = _shown(taken, "ours"), _shown(taken, "plain")
    wanted = f"J2 decisions a CPU second, of {number(GOAL_A_SECOND)}"
    yield Row(wanted, ours, plain, spread_of(reached), 1.0, at_least=True)
    if cedar is None:
        yield "J2 beside cedarpy: left out, cedarpy cannot be installed on this machine"
    else:
        faster = taken.ratio("ours", "cedar", _rate)
        yield Row("J2 beside cedarpy", ours, _shown(taken, "cedar"), faster, 20.0, at_least=True)
        floor = taken.ratio("plain", "cedar", _rate)
        yield f"J2: the plain function itself is {number(floor.middle)} x as fast as cedarpy here"
    longer = taken.ratio("few", "ours", _rate)
    beside = f"J2 time, beside {number(FEW_FLOWS)} flows on file"
    yield Row(beside, ours, _shown(taken, "few"), longer, 1.3, at_least=False)


def _shown(taken: Taken, name: str) -> str:
    return a_second(taken.spread(name, _rate))


def _rate(cut: Slice) -> float:
    return cut.rate


def _spread_out(ways: Sequence[Way]) -> list[Way]:
    """Return ways from all over, so that none is found because it has just been looked up."""
    return [ways[number * 7919 % len(ways)] for number in range(DECISIONS)]


def _taking(asks: Sequence[Ask]) -> Callable[[], Slice]:
    """Return what asks all of them once, by the CPU's own clock: neighbours do not count."""

    def take() -> Slice:
        began = time.process_time()
        permits = [ask() for ask in asks]
        used = time.process_time() - began
        if not all(permits):
            raise WrongAnswer("what is permitted was refused")
        return Slice(len(asks) / used)

    return take


def _ours(flows: OnFile, ways: Sequence[Way]) -> list[Ask]:
    def ask(way: Way) -> Ask:
        asked, facts = cases.asked_by(way), cases.facts_for(way)

        def answer() -> bool:
            terms = flows.index[asked.source, asked.recipient, asked.purpose]
            return isinstance(decide(asked, terms, facts, AT), Permit)

        return answer

    return [ask(way) for way in ways]


def _plain(flows: OnFile, ways: Sequence[Way]) -> list[Ask]:
    def ask(way: Way) -> Ask:
        asked, facts = cases.plainly(way)
        source, recipient, purpose = way

        def answer() -> bool:
            terms = {
                "flows": flows.plain[source, recipient, purpose],
                "categories": {"plan": False},
                "agencies": {source: False, recipient: False},
                "policy": None,
            }
            return permitted(asked, terms, facts, AT) is not None

        return answer

    return [ask(way) for way in ways]


def _cedar(ways: Sequence[Way]) -> list[Ask] | None:
    try:
        import cedarpy  # noqa: PLC0415  (there are machines without it)
    except ImportError:
        return None
    policy = cedarpy.PolicySet.from_str(_POLICY)

    def ask(way: Way) -> Ask:
        request = _cedar_request(way)
        return lambda: bool(cedarpy.is_authorized(request, policy, []).allowed)

    return [ask(way) for way in ways]


def _cedar_request(way: Way) -> dict[str, Any]:
    source, recipient, purpose = way
    context = {
        "recipients": [{"__entity": {"type": "Agency", "id": recipient}}],
        "sources": [{"__entity": {"type": "Agency", "id": source}}],
        "purposes": [purpose],
        "purpose": purpose,
        "categories": ["plan", "contact"],
        "category": "plan",
        "basis": "public_task",
        "held": True,
        "withheld": False,
        "barred": False,
        "shielded": False,
        "yes": 2,
        "no": 0,
    }
    return {
        "principal": f'Agency::"{recipient}"',
        "action": 'Action::"disclose"',
        "resource": f'Agency::"{source}"',
        "context": context,
    }
