"""Ending an agreement before it expires; who did, when and why stays with it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.named import DatesOutOfOrder
from sharing.actions.agreements import agreement_row
from sharing.actions.errors import AlreadyTerminated, UnknownWord
from sharing.models.agreements import AgreementRow, AgreementVersionRow
from sharing.terms.changing import Ending


def terminate(session: Session, code: str, said: Ending, at: datetime) -> None:
    """End an agreement from an instant; what was disclosed under it before stays lawful."""
    agreement = agreement_row(session, code)
    if agreement.terminated_at is not None:
        raise AlreadyTerminated
    if said.at is not None and said.at < min(at, _began(session, code)):
        raise DatesOutOfOrder(
            "An agreement does not end before it began. Name a later date.", "#/at"
        )
    successor = said.successor
    if successor is not None and (successor == code or not session.get(AgreementRow, successor)):
        raise UnknownWord(f"There is no other agreement {successor}.", "#/successor")
    agreement.terminated_at, agreement.successor = said.at or at, successor
    agreement.termination_reason, agreement.termination_recorded_at = said.reason, at
    agreement.terminated_by_agency, agreement.terminated_by_client = said.agency, said.client


def _began(session: Session, code: str) -> datetime:
    """Return from when the first version of an agreement was to hold."""
    first = select(func.min(AgreementVersionRow.effective_from))
    return session.scalars(first.where(AgreementVersionRow.agreement == code)).one()
