"""What can be wrong with a change of the directory, by name: each says what to do."""

from collections.abc import Iterable
from typing import Final

from app.kernel.named import NamedProblem


class DraftInvalid(NamedProblem):
    """A proposed document is not as the standard and the directory's own rules ask for."""

    status, code = 422, "draft_invalid"
    title = "The proposed record is not valid"
    help = (
        "Each of the errors names a place in the document by a JSON pointer, and says what to do. "
        "The forms are those of Open Referral UK 3.0; `audience` beside them is public, "
        "practitioners or a list of agencies' codes."
    )

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        """Take pointers and texts; the pointers lead into the body that was sent."""
        super().__init__("The proposed record is not valid. The errors say what is wrong, where.")
        self.errors = [
            {"pointer": f"#/document{pointer}", "detail": said} for pointer, said in faults
        ]


class NothingChanges(NamedProblem):
    """A draft that is what is on file already."""

    status, code = 422, "draft_changes_nothing"
    title = "The draft changes nothing"
    help = "The record on file says all of this already. Nothing needs doing."


class OwnDraft(NamedProblem):
    """The author of a draft decides on it."""

    status, code = 403, "own_draft"
    title = "A draft is decided on by a second person"
    help = "You made this draft. Ask somebody else to look at it, or withdraw it."


class NotOwnDraft(NamedProblem):
    """Somebody else than its author withdraws a draft."""

    status, code = 403, "not_own_draft"
    title = "Only its author withdraws a draft"
    help = "Somebody else made this draft. Reject it instead, and say why."


class DraftPartlyHidden(NamedProblem):
    """Part of a change is kept from the agency of whoever is to approve it."""

    status, code = 403, "draft_partly_hidden"
    title = "Part of this change is hidden from your agency"
    help = (
        "Nobody approves what they cannot read. Ask somebody of an agency that may see all of it."
    )


class DraftDecided(NamedProblem):
    """A draft that was decided on already."""

    status, code = 409, "draft_decided"
    title = "This draft was decided on already"
    help = "GET the draft: `decision` says what became of it. Make a new one if need be."


class DraftConflict(NamedProblem):
    """The record changed after the draft was made from it."""

    status, code = 409, "draft_conflict"
    title = "The record has changed since this draft was made"
    help = (
        "The errors name what changed meanwhile. Read the record again, and make a new draft from "
        "what it says now."
    )

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        """Take the pointers of what changed meanwhile, and a text about each."""
        super().__init__()
        self.errors = [{"pointer": f"#{pointer}", "detail": said} for pointer, said in faults]


class ServiceEnded(NamedProblem):
    """Somebody vouches for a service that has ended."""

    status, code = 409, "service_ended"
    title = "This service has ended"
    help = "There is nothing to vouch for. If it runs again, propose that its status be active."


class ReportResolved(NamedProblem):
    """A report that was resolved already."""

    status, code = 409, "report_resolved"
    title = "This report was resolved already"
    help = "GET the report: `outcome` says what became of it."


class TooManyReports(NamedProblem):
    """More reports than people write: of one sender, of one record, or in all."""

    status, code = 429, "too_many_reports"
    title = "Too many reports for now"
    help = "Wait an hour, then send it again. If it cannot wait, ring the service."
    headers: Final = {"Retry-After": "3600"}


class UnknownReference(NamedProblem):
    """Something named in a change is not there, or not of the kind that it has to be."""

    status, code = 422, "unknown_reference"
    title = "Something that this names is not on file"
    help = "The error names it. Search for it, or check the id or code."


class PledgeUnproven(NamedProblem):
    """A pledge that is said to be kept, without what shows it."""

    status, code = 422, "pledge_unproven"
    title = "What is said of this pledge does not show that it is kept"
    help = (
        "Give the day since when it is kept, and evidence: a text that anyone may read, without a "
        "person's name, or an address. The designated lead's name has a field of its own, which "
        "practitioners of partner agencies read."
    )


EDITING: Final[tuple[type[NamedProblem], ...]] = (
    DraftInvalid,
    NothingChanges,
    OwnDraft,
    NotOwnDraft,
    DraftPartlyHidden,
    DraftDecided,
    DraftConflict,
    ServiceEnded,
    ReportResolved,
    TooManyReports,
    UnknownReference,
    PledgeUnproven,
)
