"""A report on the log is made of counts, and that somebody read it is in the log first."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from directory.queries.agencies import unknown_codes
from sharing.actions.searching import Reading, append_reading
from sharing.actions.searching_errors import FilterRefused
from sharing.rules.reports import fault_of
from sharing.terms.reports import Asked
from sharing.terms.searching import FilterFault, LogReader

REPORT: Final = "report"


def begin_report(session: Session, asked: Asked, by: LogReader, at: datetime) -> None:
    """Say in the log which report is read, of which months and agency, and by whom.

    `FilterRefused` for months in the wrong order or too many, or an agency that nobody knows. The
    session speaks for the reader's agency.
    """
    span, agency = asked.span, asked.agency
    if (wrong := fault_of(span)) is not None:
        raise FilterRefused([FilterFault("until", wrong)], where="parameter")
    if agency is not None and unknown_codes(session, {agency}):
        unknown = FilterFault("agency", "No agency has this code.")
        raise FilterRefused([unknown], where="parameter")
    said = {
        "act": REPORT,
        "report": asked.report.value,
        "since": span.first.isoformat(),
        "until": span.last.isoformat(),
        "agency_of_report": agency,
    }
    append_reading(session, by, Reading(said), at)
