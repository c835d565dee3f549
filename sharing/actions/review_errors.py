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


class ReviewUnknown(NamedProblem):
    """The entry is not in the queue, or not on the caller's side of it."""

    status, code = 404, "review_unknown"
    title = "The entry is not in the queue of reviewers"
    help = "GET /v1/log/reviews lists what is queued on your agency's side."


class ReviewClosed(NamedProblem):
    """Somebody judged the item before."""

    status, code = 409, "review_closed"
    title = "The review was closed already"
    help = "Read the item: it says who closed it, when, and with which outcome."


class ReviewNotOpened(NamedProblem):
    """Whoever has not read an item says nothing about it."""

    status, code = 409, "review_not_opened"
    title = "You have not opened this item"
    help = "POST to its opening first: nobody judges what they have not read. The log notes it."


class OwnReview(NamedProblem):
    """Nobody judges their own request."""

    status, code = 403, "own_review"
    title = "Nobody closes a review of their own request"
    help = "It is about what you, or this client, asked. Let another reviewer look at it."


class OwnLine(NamedProblem):
    """Nobody judges a request of somebody they answer for, or who answers for them."""

    status, code = 403, "own_line"
    title = "Nobody closes a review within their own line of management"
    help = "The agency declared that one of you answers for the other. Let somebody else look."


class BreachNeedsAnother(NamedProblem):
    """Whoever called it a breach does not confirm or drop that."""

    status, code = 403, "breach_needs_another"
    title = "A breach is confirmed, or set aside, by a second person"
    help = "You said that this is a breach; its clock runs. Let another reviewer confirm it."


class NoteErased(NamedProblem):
    """The entry's opening is erased, and with it whatever opens notes on it."""

    status, code = 409, "entry_erased"
    title = "What this entry said of people was erased"
    help = "Nothing is written about them any more. The item stays as it is, with its history."


class ReviewSettingsInThePast(NamedProblem):
    """What was scored by other settings already stays as it was scored."""

    status, code = 422, "review_settings_in_the_past"
    title = "Settings of review cannot start in the past"
    help = "Leave starts out, or name an instant to come. A dry run shows what they would queue."


NAMED: Final[tuple[type[NamedProblem], ...]] = (
    SecondPersonNeeded,
    OwnExport,
    UnknownExport,
    ExportDecided,
    ExportTaken,
    ExportExpired,
    ReviewUnknown,
    ReviewClosed,
    ReviewNotOpened,
    OwnReview,
    OwnLine,
    BreachNeedsAnother,
    NoteErased,
    ReviewSettingsInThePast,
)
ERRORS: Final = statuses(NAMED)
PROBLEMS: Final = kinds(NAMED)
