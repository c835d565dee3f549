"""What the tallies of the log become in reports, and how their charts are drawn."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.rules.reports import (
    MOST_BARS,
    charted,
    fault_of,
    months_in,
    span_of,
    tabulated,
    usual_span,
)
from sharing.terms.reports import TITLES, Bar, FlowInForce, Report, Span, Table, Tallied

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def counted(which: str, n: int = 1, what: str = "outcome", month: date = MARCH) -> Tallied:
    return Tallied(month, "oak", "hub", what, which, n)


@pytest.mark.parametrize(
    ("report", "tallies", "columns", "rows"),
    [
        (
            Report.REQUESTS,
            [counted("deny", 2), counted("permit", 3), counted("deny", 5, month=APRIL)],
            ("month", "agency", "requests"),
            [("2026-03", "oak", 5), ("2026-04", "oak", 5)],
        ),
        (
            Report.ANSWERS,
            [counted("deny", 2), counted("not_available", 2, "code")],
            ("month", "agency", "answer", "requests"),
            [("2026-03", "oak", "deny", 2), ("2026-03", "oak", "not_available", 2)],
        ),
        (
            Report.OVERRIDES,
            [counted("court_order", 1, "override")],
            ("month", "agency", "reason", "overrides"),
            [("2026-03", "oak", "court_order", 1)],
        ),
        (
            Report.SOURCES,
            [
                counted("content", 4, "asked"),
                counted("pointer", 1, "asked", APRIL),
                Tallied(MARCH, "oak", "", "asked", "pointer", 7),
            ],
            ("source", "agency", "requests"),
            [("(every source, or none known)", "oak", 7), ("hub", "oak", 5)],
        ),
        (
            Report.GAPS,
            [counted("support/plan", 3, "gap"), counted("support/plan", 1, "gap", APRIL)],
            ("agency", "source", "purpose", "category", "refusals"),
            [("oak", "hub", "support", "plan", 4)],
        ),
        (
            Report.STEPS,
            [counted("step_up", 1, "act"), counted("export", 2, "other")],
            ("month", "agency", "act", "entries"),
            [("2026-03", "oak", "export", 2), ("2026-03", "oak", "step_up", 1)],
        ),
        (
            Report.UNUSUAL,
            [counted("yes", 1, "out_of_hours"), counted("yes", 2, "first_contact")],
            ("month", "agency", "what", "entries"),
            [("2026-03", "oak", "first contact", 2), ("2026-03", "oak", "out of hours", 1)],
        ),
        (
            Report.REVIEWS,
            [counted("queued", 2), counted("overdue", 1)],
            ("month", "agency", "what", "reviews"),
            [("2026-03", "oak", "overdue", 1), ("2026-03", "oak", "queued", 2)],
        ),
        (
            Report.REVIEW_TIMES,
            [counted("12", 30)],
            ("month", "agency", "closed", "median hours"),
            [("2026-03", "oak", "12", 30)],
        ),
        (
            Report.LOOK_UPS,
            [counted("", 4)],
            ("month", "agency", "source", "look-ups"),
            [("2026-03", "oak", "hub", 4)],
        ),
        (
            Report.NOTICES,
            [counted("read late", 1)],
            ("month", "sender", "recipient", "what", "notices"),
            [("2026-03", "oak", "hub", "read late", 1)],
        ),
        (
            Report.NOT_SHARED,
            [counted("risk", 1)],
            ("month", "asked by", "source", "because", "decisions"),
            [("2026-03", "oak", "hub", "risk", 1)],
        ),
    ],
)
def test_a_report_adds_up_what_it_counts(
    report: Report,
    tallies: list[Tallied],
    columns: tuple[str, ...],
    rows: list[tuple[str | int, ...]],
) -> None:
    table = tabulated(report, tallies)

    assert (table.columns, list(table.rows)) == (columns, rows)


def test_a_flow_is_unused_unless_one_of_its_name_was_used_under_any_version() -> None:
    flows = [
        FlowInForce("B/1/plan", ("hub",), ("oak", "elm")),
        FlowInForce("A/2/plan", ("hub",), ("oak",)),
        FlowInForce("A/2/who", ("hub",), ("oak",)),
    ]
    table = tabulated(Report.UNUSED_FLOWS, [counted("A/1/plan", 9, "flow")], flows)

    assert table.rows == (("A/2/who", "hub", "oak", 0), ("B/1/plan", "hub", "oak elm", 0))


def test_every_report_has_a_title_and_a_table() -> None:
    assert TITLES.keys() == set(Report)
    for report in Report:
        assert tabulated(report, []).report is report


def test_bars_are_drawn_in_proportion_beneath_each_other() -> None:
    table = Table(Report.REQUESTS, ("m", "a", "n"), (("x", "", 10), ("y", "oak", 5), ("z", "", 0)))
    chart = charted(table)

    assert chart.bars == (
        Bar("x", 10, 0, 320),
        Bar("y, oak", 5, 34, 160),
        Bar("z", 0, 68, 0),
    )
    assert (chart.width, chart.height, chart.left_out) == (320, 102, 0)
    assert charted(Table(Report.GAPS, ("a", "n"), ())).bars == ()


@given(st.lists(st.integers(0, 10**9), max_size=45))
def test_a_chart_fits_its_drawing_and_hides_nothing_that_was_counted(numbers: list[int]) -> None:
    chart = charted(Table(Report.GAPS, ("a", "n"), tuple(("x", one) for one in numbers)))

    assert len(chart.bars) + chart.left_out == len(numbers)
    assert len(chart.bars) <= MOST_BARS
    assert all(0 <= bar.width <= chart.width for bar in chart.bars)
    assert all((bar.width > 0) == (bar.value > 0) for bar in chart.bars)
    assert all(bar.top < chart.height for bar in chart.bars)


@pytest.mark.parametrize(
    ("first", "last", "months", "wrong"),
    [
        (MARCH, MARCH, 1, None),
        (date(2025, 12, 1), MARCH, 4, None),
        (APRIL, MARCH, 0, "The last month comes before the first."),
        (date(2023, 4, 1), MARCH, 36, None),
        (MARCH.replace(year=2023), MARCH, 37, "This is 37 months: a report covers 36 at most."),
    ],
)
def test_a_span_of_months_is_in_order_and_bounded(
    first: date, last: date, months: int, wrong: str | None
) -> None:
    assert months_in(Span(first, last)) == months
    assert fault_of(Span(first, last)) == wrong


def test_what_is_said_of_a_span_is_kept() -> None:
    today = date(2026, 4, 9)

    assert span_of(MARCH, APRIL, today) == Span(MARCH, APRIL)
    assert span_of(None, MARCH, today) == Span(date(2025, 4, 1), MARCH)
    assert span_of(MARCH, None, today) == Span(MARCH, APRIL)
    assert span_of(None, None, today) == usual_span(today)


@given(st.dates(date(1, 12, 1), date(9999, 12, 31)))
def test_unless_said_otherwise_a_report_covers_twelve_months_up_to_this_one(today: date) -> None:
    span = usual_span(today)

    assert months_in(span) == 12
    assert span.last == today.replace(day=1)
