"""Work that waits on the editors' desk: drafts of a colleague, and what people say is wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from directory.actions.proposing import propose
from directory.actions.reports import report_wrong
from directory.queries.editing import seen_flat
from directory.queries.records import record
from directory.queries.upkeep import UpkeepSearch, upkeep
from directory.terms.editing import NewReport, Proposal, ReportAbout, Upkeep
from directory.terms.records import RecordKind, Viewer

AGENCY: Final = "eh-hub"
COLLEAGUE: Final = "second-editor"
_YESTERDAY: Final = timedelta(days=1)

_DRAFTS: Final[tuple[tuple[dict[str, Any], str], ...]] = (
    ({"fees": "Free for families on benefits, otherwise £2 a visit"}, "They rang about the price"),
    ({"alert": "Closed for repairs until the end of the month"}, "On their own site today"),
)
_REPORTS: Final = (
    (ReportAbout.OPENING_TIMES, "We went on Tuesday at three and it was shut.", None),
    (ReportAbout.CONTACT, "The number rings but nobody answers.", None),
    (ReportAbout.COST, "It has been free since June.", {"fees": "Free since June"}),
)


def leave_work(session: Session, at: datetime) -> None:
    """Put drafts and reports on file as of the day before, about services of one agency."""
    when = at - _YESTERDAY
    search = UpkeepSearch(Viewer(AGENCY), AGENCY)
    services = upkeep(session, search, at.date(), limit=len(_DRAFTS) + len(_REPORTS))
    _drafts(session, services[: len(_DRAFTS)], when)
    for one, (about, text, correction) in zip(services[len(_DRAFTS) :], _REPORTS, strict=False):
        new = NewReport(RecordKind.SERVICE, one.id, about, text, correction=correction)
        report_wrong(session, new, when)


def _drafts(session: Session, services: Sequence[Upkeep], at: datetime) -> None:
    for one, (changes, note) in zip(services, _DRAFTS, strict=False):
        held = record(session, RecordKind.SERVICE, one.id).document
        seen = seen_flat(session, RecordKind.SERVICE, held, Viewer(AGENCY)) or {}
        changed = {**seen, **changes}
        propose(session, Proposal(RecordKind.SERVICE, changed, COLLEAGUE, AGENCY, note), at)
