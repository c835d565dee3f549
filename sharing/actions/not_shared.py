"""A decision not to share is a record of its own (Children Act 2004, section 16LA(3))."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder, NotAvailable
from consent.queries.subjects import keys_of
from consent.queries.vocabulary import unknown_categories, unknown_purposes
from directory.queries.agencies import unknown_codes
from sharing.actions.errors import UnknownWord
from sharing.actions.pushed_errors import (
    FamilyNotTold,
    ToItself,
)
from sharing.models.records import DecisionNotToShareRow, WithholdRow
from sharing.queries.not_shared import decision_of, place_of
from sharing.terms.records import DecisionNotToShare, NewDecisionNotToShare


def record(
    session: Session, subject: UUID, new: NewDecisionNotToShare, at: datetime
) -> DecisionNotToShare:
    """Record what a source decided; whoever it was kept from learns nothing of that here."""
    _check_words(session, new)
    decided_at = new.decided_at or at
    if decided_at > at:
        raise DatesOutOfOrder("What is not decided yet cannot be recorded.", "#/decided_at")
    if new.review_at <= at:
        raise DatesOutOfOrder("A review lies ahead.", "#/review_at")
    if new.withhold is not None:
        _check_withhold(session, new)
    key = keys_of(session, {subject}).get(subject)
    if key is None:
        raise NotAvailable
    made = new_id(at)
    why = new.not_told_because
    row = DecisionNotToShareRow(
        id=made,
        subject_id=subject,
        source=new.source,
        asked_by=new.asked_by,
        purpose=new.purpose,
        categories=sorted(new.categories),
        because=new.because.value,
        reason=key.seal(new.reason.encode(), *place_of(made, "reason")),
        decided_by=new.decided_by,
        decided_role=new.decided_role,
        decided_at=decided_at,
        family_told=new.family_told,
        not_told_because=None
        if why is None
        else key.seal(why.encode(), *place_of(made, "not_told")),
        review_at=new.review_at,
        withhold_id=new.withhold,
        recorded_by=new.by,
        recorded_at=at,
    )
    session.add(row)
    session.flush()
    return decision_of(row)


def _check_words(session: Session, new: NewDecisionNotToShare) -> None:
    if new.asked_by == new.source:
        raise ToItself(pointer="#/asked_by")
    if unknown_codes(session, {new.asked_by}):
        raise UnknownWord("No agency has this code.", "#/asked_by")
    if unknown_purposes(session, frozenset({new.purpose})):
        raise UnknownWord("This purpose is not known to the partnership.", "#/purpose")
    if unknown_categories(session, new.categories):
        raise UnknownWord("A category is not known to the partnership.", "#/categories")
    if new.family_told == (new.not_told_because is not None):
        raise FamilyNotTold(pointer="#/not_told_because")


def _check_withhold(session: Session, new: NewDecisionNotToShare) -> None:
    held = session.get(WithholdRow, new.withhold)
    if held is None or held.source != new.source:
        raise UnknownWord("Your agency has no withhold of this id.", "#/withhold")
