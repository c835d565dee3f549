"""Refusals that a storey names: each says what was wrong, where, and what to do.

An action raises one; `app.errors` alone turns its name into a status and a problem document.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from app.kernel.problem_codes import ProblemKind


class NamedProblem(Exception):
    """Something asked that is not done; `errors` says where in the body, if anywhere."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]

    def __init__(self, detail: str | None = None, pointer: str | None = None) -> None:
        self.detail = self.help if detail is None else detail
        super().__init__(self.detail)
        self.errors = [] if pointer is None else [{"pointer": pointer, "detail": self.detail}]


class NotAvailable(NamedProblem):
    """Nobody and nothing of this id, or nothing that this caller may know of: in one voice."""

    status, code = 404, "not_available"
    title = "Nothing is available"
    help = (
        "Either there is nothing to disclose, or it may not be disclosed. The answer is the same "
        "for every cause that depends on the person, so that it reveals none of them."
    )


class DatesOutOfOrder(NamedProblem):
    """A period ends before it starts, or a date lies where it cannot."""

    status, code = 422, "dates_out_of_order"
    title = "The dates are out of order"
    help = "A period must start before it ends."


def statuses(named: Iterable[type[NamedProblem]]) -> dict[type[Exception], tuple[int, str]]:
    """Return status and code of each, for `register_errors`."""
    return {one: (one.status, one.code) for one in named}


def kinds(named: Iterable[type[NamedProblem]]) -> tuple[ProblemKind, ...]:
    """Return each with its help, for `register_problems`."""
    return tuple(ProblemKind(one.code, one.status, one.title, one.help) for one in named)


SHARED: Final = (NotAvailable, DatesOutOfOrder)
ERRORS: Final = statuses(SHARED)
PROBLEMS: Final = kinds(SHARED)
