"""What can be wrong with a review of the log, by name: what was wrong and what to do."""

from typing import Final

from app.kernel.named import NamedProblem, kinds, statuses


class SecondPersonNeeded(NamedProblem):
    """Nobody takes the whole log out alone."""

    status, code = 403, "second_person_needed"
    title = "The whole log is taken out by two people only"
    help = (
        "POST /v1/log/export/requests says why you want it. Somebody else with log.audit then"
        " POSTs to its approval, and you GET /v1/log/export?request={id} within a day."
    )


class OwnExport(NamedProblem):
    """Whoever asked for an export does not approve it."""

    status, code = 403, "own_export"
    title = "Nobody approves an export that they asked for themselves"
    help = "Let another client or person with log.audit look at why it is wanted."


class UnknownExport(NamedProblem):
    """Nobody asked for an export of this id."""

    status, code = 404, "export_unknown"
    title = "There is no such request for an export"
    help = "GET /v1/log/export/requests lists those there are."


class ExportDecided(NamedProblem):
    """Somebody approved the export before."""

    status, code = 409, "export_approved"
    title = "The export was approved already"
    help = "Whoever asked for it can take it until it expires."


class ExportTaken(NamedProblem):
    """One approval is for one export."""

    status, code = 409, "export_taken"
    title = "The export was taken already"
    help = "An approval is good for one export. POST a new request to /v1/log/export/requests."


class ExportExpired(NamedProblem):
    """Nobody approved the export, or took it, in time."""

    status, code = 410, "export_expired"
    title = "The request for an export has expired"
    help = (
        "It is approved within a day, and taken within a day of that. POST a new request to"
        " /v1/log/export/requests."
    )


NAMED: Final[tuple[type[NamedProblem], ...]] = (
    SecondPersonNeeded,
    OwnExport,
    UnknownExport,
    ExportDecided,
    ExportTaken,
    ExportExpired,
)
ERRORS: Final = statuses(NAMED)
PROBLEMS: Final = kinds(NAMED)
