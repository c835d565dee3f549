"""What can be wrong with uploads, and with decisions on pairs, by name: each says what to do."""

from app.kernel.named import NamedProblem


class AlreadyDecided(NamedProblem):
    """A pair that somebody decided on before."""

    status, code = 409, "duplicate_decided"
    title = "This pair was decided on already"
    help = "GET the pair: it says what was decided. A record that ended can be restored."


class NotOfThePair(NamedProblem):
    """The record that is to stay is neither of the two."""

    status, code = 422, "not_of_the_pair"
    title = "One of the two services must stay"
    help = "Where two records are the same service, `keep` is the id of the one that stays."

    def __init__(self) -> None:
        super().__init__(None, "#/keep")


class NotYoursToEnd(NamedProblem):
    """The record that would end is another agency's."""

    status, code = 403, "not_yours_to_end"
    title = "The record that would end is another agency's"
    help = (
        "A record ends by a decision of the agency that answers for it, or of one that keeps the "
        "directory for all. Keep that one and end yours, or ask the other agency to decide."
    )


EXCHANGE = (AlreadyDecided, NotOfThePair, NotYoursToEnd)
