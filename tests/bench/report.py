"""The table that a run prints: job, ours, floor, ratio, goal, spread, and whether it holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.bench.measure import Spread

HEADINGS = ("job", "ours", "floor", "ratio", "goal", "min to max", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside what it is measured against."""

    job: str
    ours: str
    floor: str
    ratio: Spread
    goal: float
    at_least: bool

    @property
    def holds(self) -> bool:
        return self.ratio.middle >= self.goal if self.at_least else self.ratio.middle <= self.goal

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            self.job,
            self.ours,
            self.floor,
            number(self.ratio.middle),
            f"{'>=' if self.at_least else '<='} {number(self.goal)}",
            f"{number(self.ratio.least)} to {number(self.ratio.most)}",
            "holds" if self.holds else "FALLS SHORT",
        )


def number(figure: float) -> str:
    """Return a figure with three digits that mean something."""
    if abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if abs(figure) >= 10 else f"{figure:.2f}"


def a_second(spread: Spread) -> str:
    return f"{number(spread.middle)}/s"


def milliseconds(seconds: float) -> str:
    return f"{number(seconds * 1000)} ms"


def table(rows: Iterable[Row]) -> str:
    """Return the rows in columns."""
    lines = [HEADINGS, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
