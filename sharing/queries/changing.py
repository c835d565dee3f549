"""Who keeps an agreement, and who is a member of it, as of an instant."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.queries.agencies import taking_part
from sharing.models.agreements import AgreementMemberRow, AgreementRow
from sharing.terms.changing import Standing


def standing(session: Session, code: str, at: datetime) -> Standing:
    """Return who may change an agreement, of those agencies that take part at an instant."""
    member = AgreementMemberRow
    active = taking_part(at).subquery()
    keeper = (
        select(AgreementRow.kept_by)
        .join(active, active.c.code == AgreementRow.kept_by)
        .where(AgreementRow.code == code)
    )
    members = (
        select(member.agency)
        .join(active, active.c.code == member.agency)
        .where(
            member.agreement == code,
            member.joined <= at,
            or_(member.departed.is_(None), member.departed > at),
        )
    )
    return Standing(
        session.scalar(keeper.order_by(AgreementRow.code)),
        frozenset(session.scalars(members.order_by(member.agency))),
    )
