"""What the tallies of the log become in a report, month by month.

1. Nothing is read but the counts of months, which were made as entries came; what goes on changing
   after its entry (a review, a notice) is counted when it is asked for.
2. A flow that nobody used in the months asked for is one that the agreement may do without: data
   minimisation, UK GDPR, Article 5(1)(c).
3. What was refused for want of a flow or an agreement shows where one may be missing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final

from sharing.terms.lines import Tally
from sharing.terms.reports import MOST_MONTHS, Bar, Chart, FlowInForce, Report, Span, Table, Tallied

COUNTED: Final = {
    Report.REQUESTS: (Tally.OUTCOME,),
    Report.ANSWERS: (Tally.OUTCOME, Tally.CODE),
    Report.OVERRIDES: (Tally.OVERRIDE,),
    Report.SOURCES: (Tally.ASKED,),
    Report.GAPS: (Tally.GAP,),
    Report.UNUSED_FLOWS: (Tally.FLOW,),
    Report.STEPS: (Tally.ACT, Tally.OTHER),
    Report.UNUSUAL: (Tally.OUT_OF_HOURS, Tally.FIRST_CONTACT),
}
MOST_BARS: Final = 40
_USUAL_MONTHS: Final = 12
_CHART_WIDTH: Final = 320
_BAR_ROOM: Final = 34
_PLAIN: Final = {
    Tally.OUT_OF_HOURS.value: "out of hours",
    Tally.FIRST_CONTACT.value: "first contact",
}


def tabulated(
    report: Report, tallies: Sequence[Tallied], flows: Sequence[FlowInForce] = ()
) -> Table:
    """Return a report as its table, of the tallies that it counts (1)."""
    if report is Report.UNUSED_FLOWS:
        return _unused(tallies, flows)
    columns, key = _SHAPES[report]
    counts: Counter[tuple[str, ...]] = Counter()
    for one in tallies:
        counts[key(one)] += one.n
    return Table(report, columns, tuple((*cells, n) for cells, n in sorted(counts.items())))


def charted(table: Table) -> Chart:
    """Return the chart of a table: a bar for each of its first rows, in proportion to its number.

    A row that counts anything has a bar of one unit at least.
    """
    drawn = table.rows[:MOST_BARS]
    numbers = [int(row[-1]) for row in drawn]
    most = max(numbers, default=0)
    bars = tuple(
        Bar(
            ", ".join(str(cell) for cell in row[:-1] if cell != ""),
            number,
            place * _BAR_ROOM,
            max(1, number * _CHART_WIDTH // most) if number else 0,
        )
        for place, (row, number) in enumerate(zip(drawn, numbers, strict=True))
    )
    return Chart(_CHART_WIDTH, len(drawn) * _BAR_ROOM, bars, len(table.rows) - len(drawn))


def months_in(span: Span) -> int:
    """Return how many months a span has; none or fewer where it ends before it begins."""
    first, last = span.first, span.last
    return (last.year - first.year) * 12 + last.month - first.month + 1


def fault_of(span: Span) -> str | None:
    """Say what is wrong with a span of months, if anything is."""
    months = months_in(span)
    if months < 1:
        return "The last month comes before the first."
    if months > MOST_MONTHS:
        return f"This is {months} months: a report covers {MOST_MONTHS} at most."
    return None


def usual_span(today: date) -> Span:
    """Return the last twelve months, with this one."""
    this = today.replace(day=1)
    years, month = divmod(this.year * 12 + this.month - _USUAL_MONTHS, 12)
    return Span(date(years, month + 1, 1), this)


def span_of(since: date | None, until: date | None, today: date) -> Span:
    """Return the months asked for; up to this one, and twelve of them, where nothing is said."""
    last = until or today.replace(day=1)
    return Span(since or usual_span(last).first, last)


def _unused(tallies: Iterable[Tallied], flows: Sequence[FlowInForce]) -> Table:
    """Return the flows in force that no tally names (2)."""
    used = {_flow(one.which) for one in tallies}
    rows = tuple(
        (one.name, " ".join(one.sources), " ".join(one.recipients), 0)
        for one in sorted(flows, key=lambda one: one.name)
        if _flow(one.name) not in used
    )
    return Table(Report.UNUSED_FLOWS, ("flow", "from", "to", "disclosures"), rows)


def _flow(name: str) -> tuple[str, str]:
    """Return a flow's agreement and code: a new version that keeps a flow does not unuse it."""
    agreement, _, flow = name.partition("/")
    return agreement, flow.partition("/")[2]


def _month(one: Tallied) -> str:
    return one.month.strftime("%Y-%m")


def _gap(one: Tallied) -> tuple[str, ...]:
    """Return what was missing (3): who could not ask whom, what for, and for which category."""
    purpose, _, category = one.which.partition("/")
    return (one.recipient, one.source, purpose, category)


def _answer(one: Tallied) -> tuple[str, ...]:
    return (_month(one), one.recipient, one.which)


def _between(one: Tallied) -> tuple[str, ...]:
    return (_month(one), one.recipient, one.source)


_Shape = tuple[tuple[str, ...], Callable[[Tallied], tuple[str, ...]]]
_SHAPES: Final[dict[Report, _Shape]] = {
    Report.REQUESTS: (("month", "agency", "requests"), lambda one: (_month(one), one.recipient)),
    Report.ANSWERS: (("month", "agency", "answer", "requests"), _answer),
    Report.OVERRIDES: (("month", "agency", "reason", "overrides"), _answer),
    Report.SOURCES: (
        ("source", "agency", "requests"),
        lambda one: (one.source or "(every source, or none known)", one.recipient),
    ),
    Report.GAPS: (("agency", "source", "purpose", "category", "refusals"), _gap),
    Report.STEPS: (("month", "agency", "act", "entries"), _answer),
    Report.UNUSUAL: (
        ("month", "agency", "what", "entries"),
        lambda one: (_month(one), one.recipient, _PLAIN[one.what]),
    ),
    Report.REVIEWS: (("month", "agency", "what", "reviews"), _answer),
    Report.REVIEW_TIMES: (("month", "agency", "closed", "median hours"), _answer),
    Report.LOOK_UPS: (("month", "agency", "source", "look-ups"), _between),
    Report.NOTICES: (
        ("month", "sender", "recipient", "what", "notices"),
        lambda one: (*_between(one), one.which),
    ),
    Report.NOT_SHARED: (
        ("month", "asked by", "source", "because", "decisions"),
        lambda one: (*_between(one), one.which),
    ),
}
