"""Judging an item: by whom, how, and what it brings. Nobody judges what they asked themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from sharing.actions.review_errors import (
    BreachNeedsAnother,
    OwnLine,
    OwnReview,
    ReviewClosed,
    ReviewNotOpened,
)
from sharing.actions.reviewing import as_it_is, has_opened, held, keep_act, log_it
from sharing.models.log import ObligationRow
from sharing.models.reviewing import ReviewItemRow
from sharing.queries.behind import behind, is_concerned, is_line, same_name
from sharing.queries.reviewing import item_of
from sharing.rules.reviewing import why_not
from sharing.rules.telling import REVIEWED
from sharing.terms.codes import Obligation
from sharing.terms.reviewing import (
    Examiner,
    Hindrance,
    ReviewAct,
    ReviewItem,
    ReviewState,
    Standing,
)

CLOSED: Final = "review_closed"
BREACH_SAID: Final = "breach_said"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody judges of an item, and why; the words are kept sealed."""

    outcome: ReviewState
    because: str


def close(
    session: Session, item: ReviewItem, said: Verdict, by: Examiner, at: datetime
) -> ReviewItem:
    """Close an item, or say that it is a breach, which another confirms; the log notes either.

    `ReviewClosed`, `ReviewNotOpened`; `OwnReview` for the practitioner concerned and for whose
    client asked, `OwnLine` for who answers for them as far as this service knows;
    `BreachNeedsAnother` for who called it a breach.
    """
    row = held(session, item)
    hindrance = why_not(_standing(session, row, by), said.outcome)
    if hindrance is Hindrance.ANOTHER_NEEDED:
        row.breach_said_by, row.breach_said_at = by.name, at
        keep_act(session, row, ReviewAct.BREACH_SAID, by, at, said=said.because)
        log_it(session, row, by, {"act": BREACH_SAID, "outcome": REVIEWED}, at)
        return as_it_is(session, row, by)
    if hindrance is not None:
        raise _REFUSALS[hindrance]
    outcome = said.outcome.value
    row.state, row.closed_by, row.closed_at = outcome, by.name, at
    keep_act(session, row, ReviewAct.CLOSED, by, at, detail=outcome, said=said.because)
    _close_duty(session, row, by, at)
    log_it(session, row, by, {"act": CLOSED, "outcome": REVIEWED, "judged": outcome}, at)
    return as_it_is(session, row, by)


_REFUSALS: Final = {
    Hindrance.CLOSED: ReviewClosed,
    Hindrance.NOT_OPENED: ReviewNotOpened,
    Hindrance.CONCERNED: OwnReview,
    Hindrance.OWN_CLIENT: OwnReview,
    Hindrance.OWN_LINE: OwnLine,
    Hindrance.BREACH_SAID: BreachNeedsAnother,
}


def _standing(session: Session, row: ReviewItemRow, by: Examiner) -> Standing:
    item = item_of(row, by)
    who = behind(session, item)
    return Standing(
        state=item.state,
        opened=has_opened(session, item.id, by),
        concerned=is_concerned(who, item, by),
        own_client=by.client is not None and by.client == who.client,
        own_line=is_line(session, item, by, who),
        breach_said=item.breach_said_by is not None,
        breach_said_by_them=same_name(item.breach_said_by, by.name),
    )


def _close_duty(session: Session, row: ReviewItemRow, by: Examiner, at: datetime) -> None:
    """Close the duty of review that came with an override, if the entry brought one."""
    duty = ObligationRow
    session.execute(
        update(duty)
        .where(duty.entry_id == row.entry_id, duty.code == Obligation.IG_REVIEW.value)
        .where(duty.closed_at.is_(None))
        .values(closed_at=at, closed_by=by.name, outcome="done")
    )
