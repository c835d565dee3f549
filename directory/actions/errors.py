"""What can be wrong with what is asked of the directory, by name."""

from collections.abc import Mapping
from typing import Final

from app.kernel.named import NamedProblem, kinds, statuses
from app.kernel.problem_codes import ProblemKind
from directory.actions.calling_errors import CALLING
from directory.actions.editing_errors import EDITING
from directory.actions.exchange_errors import EXCHANGE
from directory.actions.keeping import NotYoursToChange
from directory.actions.synonyms import SYNONYMS
from directory.terms.agencies import AgencyActive, AgencyExists, AgencyNotActive, UnknownAgency
from directory.terms.contacts import UnknownContactPoint
from directory.terms.coverage import UnknownArea, UnknownCoverage, UnknownSchool
from directory.terms.editing import UnknownDraft, UnknownReport
from directory.terms.exchange import UnknownDuplicate, UnknownImport
from directory.terms.keeping import KeepsAlready, KeepsNot
from directory.terms.offers import UnknownOffer
from directory.terms.places import MalformedPostcode, UnknownPostcode
from directory.terms.records import UnknownRecord
from directory.terms.synonyms import UnknownSynonyms


class ParametersClash(NamedProblem):
    """Two parameters cannot both be meant, or one wants another that is not there."""

    status, code = 422, "parameters_clash"
    title = "The parameters do not go together"
    help = (
        "Each of the parameters is right by itself, but not beside the others: the error names the "
        "one to change. A distance needs the postcode that it is measured from."
    )

    def __init__(self, parameter: str, detail: str, *, in_body: bool) -> None:
        super().__init__(detail, f"#/{parameter}")
        if not in_body:
            self.errors = [{"parameter": parameter, "detail": detail}]


NAMED: Final[tuple[type[NamedProblem], ...]] = (
    ParametersClash,
    NotYoursToChange,
    *EDITING,
    *CALLING,
    *EXCHANGE,
    *SYNONYMS,
)

PROBLEMS: Final = (
    ProblemKind(
        "agency_exists",
        409,
        "The agency's code is taken",
        "A code names one agency for ever: agreements and the log speak of it. Choose another.",
    ),
    ProblemKind(
        "agency_already_so",
        409,
        "The agency is suspended, takes part or keeps the directory already",
        "GET the agency: `active` says when it takes part, `keeping` when it keeps the directory. "
        "Suspend only what takes part, and reinstate only what does not.",
    ),
    ProblemKind(
        "postcode_unknown",
        422,
        "The postcode is not known",
        "Neither the postcode nor its first half is on file. Check it. Postcodes of Northern "
        "Ireland, Jersey, Guernsey and the Isle of Man are not held.",
    ),
    ProblemKind(
        "postcode_malformed",
        422,
        "What was sent is not a postcode",
        "Send a postcode such as LS8 5NG. Spaces and capitals do not matter.",
    ),
    ProblemKind(
        "school_unknown",
        422,
        "No one school is meant",
        "Give a school's number (URN) or its name as it is on file, or the postcode of the child.",
    ),
    *kinds(NAMED),
)
"""What only this storey answers, for `register_problems`."""

ERRORS: Final[Mapping[type[Exception], tuple[int, str]]] = {
    UnknownAgency: (404, "not_found"),
    UnknownContactPoint: (404, "not_found"),
    UnknownRecord: (404, "not_found"),
    UnknownSynonyms: (404, "not_found"),
    UnknownDraft: (404, "not_found"),
    UnknownReport: (404, "not_found"),
    UnknownDuplicate: (404, "not_found"),
    UnknownImport: (404, "not_found"),
    UnknownOffer: (404, "not_found"),
    UnknownArea: (404, "not_found"),
    UnknownCoverage: (404, "not_found"),
    UnknownSchool: (422, "school_unknown"),
    UnknownPostcode: (422, "postcode_unknown"),
    MalformedPostcode: (422, "postcode_malformed"),
    AgencyExists: (409, "agency_exists"),
    AgencyNotActive: (409, "agency_already_so"),
    AgencyActive: (409, "agency_already_so"),
    KeepsAlready: (409, "agency_already_so"),
    KeepsNot: (409, "agency_already_so"),
    **statuses(NAMED),
}
"""Status and code of this storey's errors, for `register_errors`."""
