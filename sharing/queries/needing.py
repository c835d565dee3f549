"""Which flows in force wait for a yes."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from consent.terms import ALL, Scope
from sharing.models.agreements import AgreementVersionRow, FlowRow
from sharing.queries.agreements import in_force, members_at
from sharing.rules.needing import waits_for
from sharing.terms.codes import Requirement


def answer_matters(session: Session, scope: Scope, at: datetime) -> bool:
    """Say whether a yes of this scope would open any flow in force at an instant.

    Data consent also meets what asks for the family's agreement, so either kind of flow counts.
    """
    for agreement, sources, recipients in session.execute(_waiting(scope, at)).all():
        members = members_at(session, agreement, at) or frozenset()
        if waits_for(scope, sources, recipients, members):
            return True
    return False


def _waiting(scope: Scope, at: datetime) -> Select[str, list[str], list[str]]:
    """Return the flows in force that require a yes, for these purposes and categories."""
    flow, version = FlowRow, AgreementVersionRow
    found = (
        select(version.agreement, flow.sources, flow.recipients)
        .join(flow, flow.version_id == version.id)
        .where(flow.requires != Requirement.NONE.value)
        .order_by(version.agreement, flow.position)
    )
    for column, codes in ((flow.purposes, scope.purposes), (flow.categories, scope.categories)):
        if ALL not in codes:
            found = found.where(column.bool_op("&&")(sorted(codes)))
    return in_force(found, at)
