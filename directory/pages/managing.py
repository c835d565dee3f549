"""What editors look after: their agency's services by freshness, with what each lacks.

Every page of `/manage` asks for `directory.write`, and every form there is one of ours: both are
checked before any of these views is reached (`app.kernel.auth`, `app.people`).
"""

from datetime import date
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from app.kernel.auth import Person, for_people, person_with
from app.kernel.clock import now
from app.kernel.db import reading
from directory.queries.editing import DraftSearch, drafts
from directory.queries.reports import ReportSearch, reports
from directory.queries.upkeep import UpkeepSearch, place_of_upkeep, upkeep, upkeep_counts
from directory.terms.editing import DraftState, ReportState
from directory.terms.keeping import Actor
from directory.terms.records import Viewer
from directory.terms.searching import Freshness

EDITORS: Final = "directory.write"
PAGE_SIZE: Final = 25
MOST_COUNTED: Final = 20
DONE: Final = {
    "confirmed": "You have said that this is still right.",
    "drafted": "Your change is a draft now. A second person decides on it.",
    "approved": "The change is on file, and everybody sees it.",
    "rejected": "The draft is closed. Its author can read why.",
    "withdrawn": "You have taken your draft back.",
    "resolved": "The report is closed.",
    "decided": "Your decision on the two records is on file.",
    "entered": "It is on file now.",
    "ended": "It has an end now.",
}
"""What a page says that a form has led to."""

blueprint = Blueprint("manage_pages", __name__, url_prefix="/manage")


def editor() -> Person:
    """Return who is at work on this page."""
    return person_with(EDITORS)


def actor() -> Actor:
    """Return the same person as changes of the directory name them."""
    person = editor()
    return Actor(person.username, person.agency)


def seen_by_editor() -> Viewer:
    """Return whose view of the directory an editor works on."""
    return Viewer(editor().agency)


def done() -> str | None:
    """Return what the form before this page has led to."""
    return DONE.get(request.args.get("done", ""))


def typed_text(name: str) -> str:
    """Return what was typed into a field, but for NUL, which PostgreSQL cannot hold."""
    return request.form.get(name, "").replace("\x00", "").strip()


@blueprint.get("")
@for_people(EDITORS)
def home() -> str:
    """List the services of the editor's agency, those longest without assurance first."""
    wanted = _freshness()
    search = UpkeepSearch(seen_by_editor(), editor().agency, wanted)
    today = now().date()
    with reading() as session:
        found = upkeep(session, search, today, after=_after(), limit=PAGE_SIZE + 1)
        counts = upkeep_counts(session, search, today)
        waiting, reported = to_do(session)
    more = place_of_upkeep(found[PAGE_SIZE - 1]) if len(found) > PAGE_SIZE else None
    return render_template(
        "manage/home.html",
        services=found[:PAGE_SIZE],
        counts=counts,
        wanted=wanted,
        more=None if more is None else f"{more[0].isoformat()}.{more[1]}",
        waiting=waiting,
        reported=reported,
        done=done(),
    )


def to_do(session: Session) -> tuple[str, str]:
    """Count the drafts and the reports that wait for somebody of the editor's agency."""
    viewer, agency = seen_by_editor(), editor().agency
    waiting = DraftSearch(DraftState.WAITING, owner=agency)
    reported = ReportSearch(ReportState.WAITING, owner=agency)
    return (
        _counted(len(drafts(session, waiting, viewer, limit=MOST_COUNTED))),
        _counted(len(reports(session, reported, viewer, limit=MOST_COUNTED))),
    )


def after_in_address() -> UUID | None:
    """Return what the page before ended with; None where the address does not say it rightly."""
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None


def _counted(number: int) -> str:
    """Return how many there are; to count on would cost more than anybody would learn from it."""
    return str(number) if number < MOST_COUNTED else f"{MOST_COUNTED} or more"


def _freshness() -> Freshness | None:
    asked = request.args.get("freshness", "")
    return Freshness(asked) if asked in set(Freshness) else None


def _after() -> tuple[date, UUID] | None:
    """Return where the page before ended; None where the address does not say it rightly."""
    day, _, one = request.args.get("after", "").partition(".")
    try:
        return date.fromisoformat(day), UUID(one)
    except ValueError:
        return None
