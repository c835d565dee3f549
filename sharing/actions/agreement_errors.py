"""What can be wrong with who changes an agreement: what was wrong and what to do."""

from typing import Final

from app.kernel.named import NamedProblem


class NotTheKeeper(NamedProblem):
    """Only the agency that keeps an agreement changes it for all."""

    status, code = 403, "not_the_keeper"
    title = "The agency does not keep this agreement"
    help = (
        "The agency that drafted an agreement keeps it, and changes it for all: GET the agreement, "
        "`kept_by` names it. Ask it. A member signs for itself, puts in force what all have "
        "signed, and leaves by POST /v1/agreements/{code}/members/{its own code}/departure. To "
        "share by other words, draft an agreement of your own."
    )


AGREEMENTS: Final[tuple[type[NamedProblem], ...]] = (NotTheKeeper,)
