"""Duties that came with a permit are closed by the agency that received it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from sharing.actions.errors import ObligationClosed, UnknownObligation
from sharing.actions.log import LOG_KEY
from sharing.actions.review_errors import OwnReview
from sharing.models.log import ObligationRow
from sharing.terms.codes import Obligation


@dataclass(frozen=True, slots=True)
class Closing:
    """How a duty was met; the note may speak of the family and is sealed."""

    outcome: str
    note: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A duty that is met."""

    code: str
    outcome: str
    closed_at: datetime


def close_obligation(
    session: Session, entry: UUID, code: str, closing: Closing, at: datetime
) -> Closed:
    """Close a duty of the agency that the session speaks for.

    `UnknownObligation` if this entry brought it no such duty, `ObligationClosed` if it is met;
    `OwnReview` where the duty is a review, which somebody else closes in the reviewers' queue.
    """
    key = Vault.of(session).named(LOG_KEY)
    sealed = (
        None
        if closing.note is None
        else key.seal(closing.note.encode(), "obligation", entry, code, "note")
    )
    this_one = (ObligationRow.entry_id == entry, ObligationRow.code == code)
    open_ = ObligationRow.closed_at.is_(None)
    if code == Obligation.IG_REVIEW and session.scalar(
        select(ObligationRow.code).where(*this_one, open_)
    ):
        raise OwnReview
    # The condition and the change are one statement: of two who close it at once, one is told so.
    closed = session.execute(
        update(ObligationRow)
        .where(*this_one, open_)
        .values(closed_at=at, closed_by=closing.by, outcome=closing.outcome, note=sealed)
        .returning(ObligationRow.code)
    ).first()
    if closed is None:
        known = session.scalar(select(ObligationRow.code).where(*this_one))
        raise UnknownObligation if known is None else ObligationClosed
    return Closed(code, closing.outcome, at)
