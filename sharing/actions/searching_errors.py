"""What can be wrong with a reading of the log, by name: what was wrong and what to do."""

from collections.abc import Iterable
from typing import Final

from app.kernel.named import NamedProblem
from sharing.terms.searching import FilterFault


class FilterRefused(NamedProblem):
    """Filters that contradict each other, or name what nobody of the partnership has."""

    status, code = 422, "filter_refused"
    title = "The filters do not fit"
    help = "The errors name each filter, and say what to change."

    def __init__(self, wrong: Iterable[FilterFault], *, where: str = "pointer") -> None:
        super().__init__()
        self.wrong = tuple(wrong)
        place = "#/{}" if where == "pointer" else "{}"
        self.errors = [{where: place.format(one.name), "detail": one.detail} for one in self.wrong]


class FilterNotPermitted(NamedProblem):
    """A filter whose answer would say what this reader may not read."""

    status, code = 403, "filter_not_permitted"
    title = "This filter is for those who read the whole log"
    help = "Leave it out, or use a token with the scope log.audit."

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"{self.help} Sent: {', '.join(names)}.")


class UnknownView(NamedProblem):
    """The agency has no saved view of this id."""

    status, code = 404, "view_unknown"
    title = "There is no saved view of this id"
    help = "GET /v1/log/views lists those of your agency."


class ViewExists(NamedProblem):
    """The agency has a view of this name."""

    status, code = 409, "view_exists"
    title = "There is a view of this name already"
    help = "Choose another name, or remove the other view first."


class TooManyViews(NamedProblem):
    """The agency has as many views as it may."""

    status, code = 409, "too_many_views"
    title = "The agency has a hundred saved views"
    help = "Remove one that is no longer needed: POST /v1/log/views/{id}/removal."


class UnknownReport(NamedProblem):
    """There is no report of this name."""

    status, code = 404, "report_unknown"
    title = "There is no report of this name"
    help = "GET /v1/log/reports lists those there are."


SEARCHING: Final = (
    FilterRefused,
    FilterNotPermitted,
    UnknownReport,
    UnknownView,
    ViewExists,
    TooManyViews,
)
