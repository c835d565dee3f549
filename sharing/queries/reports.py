"""What reports are made of: counts of months, and the flows in force."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import any_, literal, or_, select
from sqlalchemy.orm import Session

from sharing.models.agreements import AgreementRow, AgreementVersionRow, FlowRow
from sharing.models.lines import LogTallyRow
from sharing.queries.report_counts import counts
from sharing.rules.reports import COUNTED, tabulated
from sharing.terms.reports import Asked, FlowInForce, Table, Tallied
from sharing.terms.searching import LogReader


def table_of(
    session: Session,
    asked: Asked,
    by: LogReader,
    at: datetime,
    flows: Sequence[FlowInForce] = (),
) -> Table:
    """Return a report as its table; the session reads the whole log or speaks for the reader."""
    if asked.report in COUNTED:
        return tabulated(asked.report, _tallies(session, asked), flows)
    return tabulated(asked.report, counts(session, asked, by, at))


def _tallies(session: Session, asked: Asked) -> list[Tallied]:
    """Return what was counted as entries came, of one asking agency or of all that may be read."""
    row = LogTallyRow
    found = select(row).where(
        row.month.between(asked.span.first, asked.span.last),
        row.what.in_([one.value for one in COUNTED[asked.report]]),
    )
    if asked.agency is not None:
        found = found.where(row.recipient == asked.agency)
    ordered = found.order_by(row.month, row.recipient, row.source, row.what, row.which)
    return [
        Tallied(one.month, one.recipient, one.source, one.what, one.which, one.n)
        for one in session.scalars(ordered)
    ]


def flows_in_force(session: Session, at: datetime, agency: str | None) -> list[FlowInForce]:
    """Return the flows of agreements in force, to one agency or to all."""
    flow, version, agreement = FlowRow, AgreementVersionRow, AgreementRow
    found = (
        select(version.agreement, version.version, flow.code, flow.sources, flow.recipients)
        .join(version, version.id == flow.version_id)
        .join(agreement, agreement.code == version.agreement)
        .where(
            version.activated_at <= at,
            version.effective_from <= at,
            or_(version.superseded_at.is_(None), version.superseded_at > at),
            or_(version.expires.is_(None), version.expires > at),
            or_(agreement.terminated_at.is_(None), agreement.terminated_at > at),
        )
        .order_by(version.agreement, version.version, flow.position)
    )
    if agency is not None:
        found = found.where(literal(agency) == any_(flow.recipients))
    return [
        FlowInForce(
            f"{one.agreement}/{one.version}/{one.code}", tuple(one.sources), tuple(one.recipients)
        )
        for one in session.execute(found)
    ]
