"""What reviewers do: open an item, note, check it against the file, refer it on, close it.

Everything is done in the sight of row-level security, as the entry's recipient; whoever calls this
has found the item as themselves. Each act is kept beside the item for ever, and what matters of
it, that somebody read an entry and what they judged, is an entry of the log itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.db import speak_for
from app.kernel.ids import new_id
from consent.queries.locks import lock_for_change
from sharing.actions.log import Line, append_entry
from sharing.actions.review_errors import (
    NoteErased,
    OwnReview,
    ReviewClosed,
    ReviewNotOpened,
    ReviewUnknown,
)
from sharing.chain.leaves import EntryKind
from sharing.models.log import LogSubjectRow
from sharing.models.reviewing import ReviewActRow, ReviewItemRow
from sharing.queries.behind import behind, is_concerned, line_known
from sharing.queries.circumstances import involvements
from sharing.queries.log import EntryOnFile, entry
from sharing.queries.review_settings import settings_at
from sharing.queries.reviewing import acts_on, item_of, note_key
from sharing.queries.seeing import subject_of
from sharing.rules.reading_log import hidden_about, hidden_facts, without
from sharing.rules.reviewing import reconcile
from sharing.rules.telling import READ
from sharing.terms.reviewing import (
    OUTCOMES,
    ActOnFile,
    Examiner,
    Reconciled,
    ReviewAct,
    ReviewItem,
    ReviewState,
)

OPENED: Final = "review_opened"


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """An item as somebody reads it who opened it: with the whole entry and the notes on it.

    `line_known` says whether the agency declared who answers for the practitioner: where it did
    not, this service cannot keep them from closing the item.
    """

    item: ReviewItem
    entry: EntryOnFile
    acts: Sequence[ActOnFile]
    line_known: bool


def open_item(session: Session, item: ReviewItem, by: Examiner, at: datetime) -> OpenedItem:
    """Let somebody read an item whole; the log notes that they did, each time."""
    subject = _subject(session, item)
    if subject is not None:
        # An erasure that has begun is waited for, and one that follows finds this entry.
        lock_for_change(session, [subject])
    row = held(session, item)
    if row.state == ReviewState.NEW:
        row.state, row.owner = ReviewState.IN_REVIEW.value, row.owner or by.name
    keep_act(session, row, ReviewAct.OPENED, by, at)
    facts = {"act": OPENED, "outcome": READ, "what": "review"}
    log_it(session, row, by, facts, at, kind=EntryKind.READING, subject=subject)
    return _opened(session, row, by)


def assign(
    session: Session, item: ReviewItem, owner: str, by: Examiner, at: datetime
) -> ReviewItem:
    """Give an item to somebody; `OwnReview` if it is about what they asked themselves."""
    row = held_open(session, item)
    named = Examiner(item.recipient, whole=False, person=owner)
    if is_concerned(behind(session, item), item, named):
        raise OwnReview
    row.owner = owner
    keep_act(session, row, ReviewAct.ASSIGNED, by, at, detail=owner)
    return as_it_is(session, row, by)


def note(session: Session, item: ReviewItem, said: str, by: Examiner, at: datetime) -> ReviewItem:
    """Keep a note on an item, sealed; `ReviewNotOpened` for whoever has not read it."""
    row = held_open(session, item)
    _check_opened(session, item, by)
    keep_act(session, row, ReviewAct.NOTED, by, at, said=said)
    return as_it_is(session, row, by)


def check_file(session: Session, item: ReviewItem, by: Examiner, at: datetime) -> Reconciled:
    """Note what the file says of the agency and the subject at that time, and what it suggests.

    Was there an open involvement, appointment or referral? It suggests an outcome; people decide.
    """
    row = held_open(session, item)
    _check_opened(session, item, by)
    about = _subject(session, item)
    subject = None if about is None else subject_of(session, about, item.at)
    days = settings_at(session, at).values.thresholds.involvement_days
    found = []
    if subject is not None:
        since = item.at - timedelta(days=days)
        found = involvements(session, item.recipient, subject, since, item.at)
    made = reconcile(item.recipient, found, item.at, days)
    detail = made.proposed.value
    keep_act(session, row, ReviewAct.RECONCILED, by, at, detail=detail, said=made.note)
    return made


def refer(session: Session, item: ReviewItem, said: str, by: Examiner, at: datetime) -> ReviewItem:
    """Note that the safeguarding lead was told, whom and why; the item stays open."""
    row = held_open(session, item)
    _check_opened(session, item, by)
    row.referred_at = row.referred_at or at
    keep_act(session, row, ReviewAct.REFERRED, by, at, said=said)
    return as_it_is(session, row, by)


def held(session: Session, item: ReviewItem) -> ReviewItemRow:
    """Return the row of an item, for this transaction alone, as its recipient sees it."""
    speak_for(session, item.recipient)
    row = session.get(ReviewItemRow, item.id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ReviewUnknown
    return row


def held_open(session: Session, item: ReviewItem) -> ReviewItemRow:
    """Return the same of an item that nobody has closed; else `ReviewClosed`."""
    row = held(session, item)
    if row.state in OUTCOMES:
        raise ReviewClosed
    return row


def _check_opened(session: Session, item: ReviewItem, by: Examiner) -> None:
    if not has_opened(session, item.id, by):
        raise ReviewNotOpened


def has_opened(session: Session, item: UUID, by: Examiner) -> bool:
    """Say whether somebody has read an item whole."""
    row = ReviewActRow
    found = select(row.id).where(row.item_id == item, row.act == ReviewAct.OPENED.value)
    mine = found.where(row.by == by.name, row.agency == by.agency)
    return session.scalar(mine.limit(1)) is not None


def _subject(session: Session, item: ReviewItem) -> UUID | None:
    speak_for(session, item.recipient)
    return session.scalar(select(LogSubjectRow.subject).where(LogSubjectRow.id == item.entry))


def _opened(session: Session, row: ReviewItemRow, by: Examiner) -> OpenedItem:
    session.flush()
    item = item_of(row, by)
    found = entry(session, item.entry)
    if found is None:
        raise ReviewUnknown
    if not by.whole:
        found = _as_their_agency_reads(found, by)
    key = note_key(session, item.entry)
    return OpenedItem(item, found, acts_on(session, item.id, key), line_known(session, item))


def _as_their_agency_reads(found: EntryOnFile, by: Examiner) -> EntryOnFile:
    """Return an entry without what the log does not tell the agency of who asked."""
    line = found.line
    reader = (by.agency, line.facts, line.recipient, line.source)
    about = None if found.about is None else without(found.about, hidden_about(*reader))
    facts = without(line.facts, hidden_facts(*reader))
    return replace(found, line=replace(line, facts=facts), about=about)


def as_it_is(session: Session, row: ReviewItemRow, by: Examiner) -> ReviewItem:
    """Return an item as it stands now, and as somebody may see it."""
    session.flush()
    return item_of(row, by)


def keep_act(  # noqa: PLR0913  (to what, what, by whom, when, and in which words)
    session: Session,
    row: ReviewItemRow,
    act: ReviewAct,
    by: Examiner,
    at: datetime,
    *,
    detail: str | None = None,
    said: str | None = None,
) -> None:
    """Keep what somebody did to an item; `NoteErased` for words that nothing can seal any more."""
    made, sealed = new_id(at), None
    if said is not None:
        key = note_key(session, row.entry_id)
        if key is None:
            raise NoteErased
        sealed = key.seal(said.encode(), "review_act", made, "note")
    session.flush()
    values = {"id": made, "item_id": row.id, "act": act.value, "by": by.name, "agency": by.agency}
    session.execute(
        insert(ReviewActRow).values(values | {"at": at, "detail": detail, "note": sealed})
    )


def log_it(  # noqa: PLR0913  (of what, by whom, what, and when)
    session: Session,
    row: ReviewItemRow,
    by: Examiner,
    facts: Mapping[str, Any],
    at: datetime,
    *,
    kind: EntryKind = EntryKind.REVIEW,
    subject: UUID | None = None,
) -> None:
    """Write the entry that says what was read or judged, as of whoever did."""
    said: dict[str, Any] = {"client": by.client, "agency": by.agency}
    said |= (
        {"by_a_person": by.person is not None}
        | {"item": row.number, "entry": str(row.entry_id)}
        | dict(facts)
    )
    about = {"person": by.person, "subject": None if subject is None else str(subject)}
    speak_for(session, by.agency)
    line = Line(by.agency, None, str(facts["outcome"]), said, about, subject)
    append_entry(session, line, at, kind)
    speak_for(session, row.recipient)
