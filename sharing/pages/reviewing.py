"""The queue of reviewers, for people: what is to be looked at, and what they make of it.

A list names nobody. Whom an entry is about stands on the page that answers the opening, which the
log notes; no address names it, and no cache keeps that page.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.auth import for_people, person_with
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.named import NamedProblem, NotAvailable
from sharing.actions import reviewing as actions
from sharing.actions.closing import Verdict, close
from sharing.actions.reviewing import OpenedItem
from sharing.pages.desk import IG_LEADS, PAGE_SIZE, REVIEWERS, after_in_address, typed
from sharing.queries import reviewing as queries
from sharing.queries.reviewing import Place
from sharing.rules import review_words
from sharing.rules.reviewing import breach_deadline
from sharing.terms.reviewing import (
    OPEN,
    OUTCOMES,
    ActOnFile,
    Examiner,
    ReviewItem,
    ReviewState,
    Wanted,
)
from sharing.terms.scoring import RedFlag

LONGEST: Final = {"owner": 200}
USUALLY_LONGEST: Final = 4000
DONE: Final = {
    "assigned": "It is theirs to look at now.",
    "noted": "The note is kept, sealed.",
    "reconciled": "What the file says is kept as a note. Open the item to read it.",
    "referred": "That the safeguarding lead was told is kept.",
    "closed": "The review is closed.",
    "breach_said": "You said that this is a breach. Its 72 hours run; somebody else must confirm.",
}
_NEEDED: Final = {
    "note": "Write the note, in 4,000 characters or fewer",
    "referral": "Say whom you told and why, in 4,000 characters or fewer",
    "owner": "Enter a user name, of 200 characters or fewer",
    "outcome": "Say what you judge",
    "because": "Say why, in 4,000 characters or fewer",
}

Act = Callable[[Session, ReviewItem, Examiner, datetime], object]
"""What a form does to an item."""

blueprint = Blueprint("ig_review_pages", __name__, url_prefix="/ig/reviews")


def examiner() -> Examiner:
    """Return whoever is signed in, as one who reviews."""
    person = person_with(REVIEWERS)
    return Examiner(person.agency, person.may(IG_LEADS), person=person.username)


@contextmanager
def reading_what_they_may() -> Iterator[Session]:
    """Read as the role that sees all for the whole log's readers, else as their agency."""
    by = examiner()
    if by.whole:
        with reading_as_ig_lead() as session:
            yield session
    else:
        with reading(speaking_for=by.agency) as session:
            yield session


@blueprint.get("")
@for_people(REVIEWERS)
def reviews() -> str:
    """List what is to be looked at, the item due first at the top; nobody is named."""
    asked = {name: request.args.get(name, "") for name in ("state", "flag", "overdue")}
    wanted = Wanted(
        states=(ReviewState(asked["state"]),) if asked["state"] in set(ReviewState) else OPEN,
        flag=RedFlag(asked["flag"]) if asked["flag"] in set(RedFlag) else None,
        overdue_at=now() if asked["overdue"] == "yes" else None,
    )
    with reading_what_they_may() as session:
        after = _place(session)
        by = examiner()
        found = queries.queue(session, wanted, by, after=after, limit=PAGE_SIZE + 1)
    more = found[PAGE_SIZE - 1].entry if len(found) > PAGE_SIZE else None
    return render_template(
        "ig/reviews.html",
        items=found[:PAGE_SIZE],
        more=more,
        asked=asked,
        at=now(),
        words=review_words,
        done=DONE.get(request.args.get("done", "")),
    )


@blueprint.get("/<uuid:entry>")
@for_people(REVIEWERS)
def review(entry: UUID) -> str:
    """Show why an entry is to be looked at and what was done about it, without anybody's name."""
    return _page(_item(entry))


@blueprint.post("/<uuid:entry>/opening")
@for_people(REVIEWERS)
def opening(entry: UUID) -> str:
    """Show an item whole; the log notes that it was read, by whom and when."""
    item = _item(entry)
    with transaction(speaking_for=item.recipient) as session:
        opened = actions.open_item(session, item, examiner(), now())
    return _page(opened.item, opened=opened)


@blueprint.post("/<uuid:entry>/notes")
@for_people(REVIEWERS)
def note(entry: UUID) -> ResponseReturnValue:
    """Keep a note."""
    return _do(
        entry,
        "noted",
        ("note",),
        lambda session, item, by, at: actions.note(session, item, typed("note"), by, at),
    )


@blueprint.post("/<uuid:entry>/reconciliation")
@for_people(REVIEWERS)
def reconciliation(entry: UUID) -> ResponseReturnValue:
    """Note what the file says of an open involvement, appointment or referral."""
    return _do(entry, "reconciled", (), actions.check_file)


@blueprint.post("/<uuid:entry>/assignment")
@for_people(REVIEWERS)
def assignment(entry: UUID) -> ResponseReturnValue:
    """Give an item to somebody."""
    return _do(
        entry,
        "assigned",
        ("owner",),
        lambda session, item, by, at: actions.assign(session, item, typed("owner"), by, at),
    )


@blueprint.post("/<uuid:entry>/referral")
@for_people(REVIEWERS)
def referral(entry: UUID) -> ResponseReturnValue:
    """Note that the safeguarding lead was told."""
    return _do(
        entry,
        "referred",
        ("referral",),
        lambda session, item, by, at: actions.refer(session, item, typed("referral"), by, at),
    )


@blueprint.post("/<uuid:entry>/outcome")
@for_people(REVIEWERS)
def outcome(entry: UUID) -> ResponseReturnValue:
    """Close an item, or say that it is a breach."""
    made: list[ReviewItem] = []

    def judge(session: Session, item: ReviewItem, by: Examiner, at: datetime) -> None:
        said = Verdict(ReviewState(typed("outcome")), typed("because"))
        made.append(close(session, item, said, by, at))

    answer = _do(entry, "closed", ("outcome", "because"), judge)
    if made and made[0].state in OPEN:
        return redirect(url_for(".review", entry=entry, done="breach_said"), 303)
    return answer


def _do(entry: UUID, done: str, needed: tuple[str, ...], act: Act) -> ResponseReturnValue:
    """Do something to an item and go back to it; where it may not be done, say why on its page."""
    item = _item(entry)
    errors = {name: _NEEDED[name] for name in needed if not _fits(name)}
    if errors:
        return _page(item, errors=errors), 422
    try:
        with transaction(speaking_for=item.recipient) as session:
            act(session, item, examiner(), now())
    except NamedProblem as refused:
        return _page(item, errors={"act": refused.detail}), refused.status
    return redirect(url_for(".review", entry=entry, done=done), 303)


def _fits(name: str) -> bool:
    if name == "outcome":
        return typed(name) in set(OUTCOMES)
    return 0 < len(typed(name)) <= LONGEST.get(name, USUALLY_LONGEST)


def _item(entry: UUID) -> ReviewItem:
    with reading_what_they_may() as session:
        found = queries.item_about(session, entry, examiner())
    if found is None:
        raise NotAvailable
    return found


def _page(
    item: ReviewItem, *, opened: OpenedItem | None = None, errors: dict[str, str] | None = None
) -> str:
    with reading_what_they_may() as session:
        acts = queries.acts_on(session, item.id) if opened is None else opened.acts
    said = item.breach_said_at
    return render_template(
        "ig/review.html",
        item=item,
        acts=acts,
        opened=opened,
        outcomes=OUTCOMES,
        is_open=item.state in OPEN,
        deadline=None if said is None else breach_deadline(said),
        proposed=_proposed(acts),
        words=review_words,
        errors=errors or {},
        typed=request.form,
        at=now(),
        done=DONE.get(request.args.get("done", "")),
    )


def _proposed(acts: Iterable[ActOnFile]) -> str | None:
    """Return the outcome that the last look into the file suggested."""
    found = [one.detail for one in acts if one.act.value == "reconciled"]
    return found[-1] if found else None


def _place(session: Session) -> Place | None:
    """Return where the page before ended; None where the address does not say it rightly."""
    after = after_in_address()
    by = examiner()
    found = None if after is None else queries.item_about(session, after, by)
    return None if found is None else queries.place_of(found, by)
