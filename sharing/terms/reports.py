"""Reports on the log: what each is called, what it counts, and the table that it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Report(StrEnum):
    """The reports there are, by the name that stands in addresses."""

    REQUESTS = "requests"
    ANSWERS = "answers"
    OVERRIDES = "overrides"
    SOURCES = "sources"
    GAPS = "gaps"
    UNUSED_FLOWS = "unused-flows"
    STEPS = "steps"
    UNUSUAL = "unusual"
    REVIEWS = "reviews"
    REVIEW_TIMES = "review-times"
    LOOK_UPS = "look-ups"
    NOTICES = "notices"
    NOT_SHARED = "not-shared"


TITLES: Final[Mapping[Report, str]] = {
    Report.REQUESTS: "Requests by month",
    Report.ANSWERS: "Answers by code",
    Report.OVERRIDES: "Overrides by reason",
    Report.SOURCES: "Requests by source",
    Report.GAPS: "Refused for want of a flow",
    Report.UNUSED_FLOWS: "Flows that nobody used",
    Report.STEPS: "Steps up, steps down and other acts",
    Report.UNUSUAL: "Out of hours, and first contacts",
    Report.REVIEWS: "Reviews: queued, closed, overdue",
    Report.REVIEW_TIMES: "How long reviews took",
    Report.LOOK_UPS: "Look-ups without an involvement",
    Report.NOTICES: "Notices by sender, and whether in time",
    Report.NOT_SHARED: "Decisions not to share",
}
MOST_MONTHS: Final = 36


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months, by their first days: from one to another, with both."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A report as somebody asks for it: of which months, of one agency or of all."""

    report: Report
    span: Span
    agency: str | None


@dataclass(frozen=True, slots=True)
class Tallied:
    """How often something was counted in a month, of an agency that asked another."""

    month: date
    recipient: str
    source: str
    what: str
    which: str
    n: int


@dataclass(frozen=True, slots=True)
class FlowInForce:
    """A flow of an agreement in force, as tallies name it, and those it runs between."""

    name: str
    sources: tuple[str, ...]
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A report as rows: the first cells say what is counted, the last one how often.

    The chart draws the last column.
    """

    report: Report
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its label, its number, and how wide and how far down it is drawn."""

    label: str
    value: int
    top: int
    width: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars beneath each other, in the units of a drawing of this size."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    left_out: int
    """How many rows of the table the chart does not draw."""
