"""What is on file about agencies."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, String, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from directory.models.agencies import AgencyPeriodRow, AgencyRow
from directory.queries.keeping import keeping
from directory.terms.agencies import Agency, Interval, Standing, UnknownAgency

Codes = Collection[str] | BindParameter[list[str]]


def agency_standings(codes: Codes | None = None) -> Select[Any]:
    """Return a statement of one row and one JSON column: how the named agencies stand, or all.

    Take it as a scalar subquery to ask it within another statement, whose parameter the codes may
    be; `standings` reads the answer.
    """
    period = func.json_build_array(AgencyPeriodRow.starts, AgencyPeriodRow.ends)
    active = (
        select(func.coalesce(func.json_agg(period), func.json_build_array()))
        .where(AgencyPeriodRow.agency == AgencyRow.code)
        .scalar_subquery()
    )
    standing = func.json_build_object(
        "code", AgencyRow.code, "sensitive", AgencyRow.sensitive_service, "active", active
    )
    statement = select(func.coalesce(func.json_agg(standing), func.json_build_array()))
    if codes is None:
        return statement.select_from(AgencyRow)
    return statement.select_from(AgencyRow).where(_among(codes))


def standings(answer: str | list[dict[str, Any]]) -> dict[str, Standing]:
    """Read what `agency_standings` answered, by code; an agency nobody knows is not in it."""
    rows: list[dict[str, Any]] = json.loads(answer) if isinstance(answer, str) else answer
    return {
        row["code"]: Standing(
            row["sensitive"],
            tuple(Interval(_instant(a), b and _instant(b)) for a, b in sorted(row["active"])),
        )
        for row in rows
    }


def agencies(
    session: Session, *, after: str | None = None, limit: int | None = None
) -> list[Agency]:
    """Return agencies by code, from the one after `after`."""
    statement = select(AgencyRow).order_by(AgencyRow.code).limit(limit)
    if after is not None:
        statement = statement.where(AgencyRow.code > after)
    return _with_periods(session, session.scalars(statement).all())


def agency(session: Session, code: str) -> Agency:
    """Return one agency; `UnknownAgency` if there is none of this code."""
    found = _with_periods(session, session.scalars(select(AgencyRow).filter_by(code=code)).all())
    if not found:
        raise UnknownAgency(code)
    return found[0]


def unknown_codes(session: Session, codes: Collection[str]) -> frozenset[str]:
    """Return those of the codes that no agency has."""
    return frozenset(codes) - set(session.scalars(select(AgencyRow.code).where(_among(codes))))


def names_of(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return what those of these agencies that there are are called, by code."""
    found = session.execute(select(AgencyRow.code, AgencyRow.name).where(_among(codes)))
    return dict(found.all())


def taking_part(at: datetime) -> Select[str, str]:
    """Return a statement for code and name of each agency that takes part at an instant."""
    period = AgencyPeriodRow
    now = select(period.id).where(
        period.agency == AgencyRow.code,
        period.starts <= at,
        or_(period.ends.is_(None), period.ends > at),
    )
    return select(AgencyRow.code, AgencyRow.name).where(now.exists())


def takes_part(session: Session, code: str, at: datetime) -> bool:
    """Say whether an agency takes part in the partnership at an instant."""
    found = taking_part(at).where(AgencyRow.code == code).order_by(AgencyRow.code)
    return session.execute(found).first() is not None


def _among(codes: Codes) -> Any:  # noqa: ANN401  (a clause of SQLAlchemy's)
    # One parameter whatever their number, so that the prepared statement is always the same.
    if isinstance(codes, BindParameter):
        return AgencyRow.code == any_(codes)
    return AgencyRow.code == any_(bindparam(None, sorted(codes), type_=ARRAY(String)))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _with_periods(session: Session, rows: Iterable[AgencyRow]) -> list[Agency]:
    found = {row.code: row for row in rows}
    statement = (
        select(AgencyPeriodRow)
        .where(AgencyPeriodRow.agency.in_(found))
        .order_by(AgencyPeriodRow.starts, AgencyPeriodRow.id)
        .execution_options(populate_existing=True)
    )
    active: dict[str, list[Interval]] = {code: [] for code in found}
    for period in session.scalars(statement):
        if period.starts != period.ends:
            active[period.agency].append(Interval(period.starts, period.ends))
    kept = keeping(session, found)
    return [
        Agency(
            row.code,
            row.name,
            row.kind,
            row.recorded_at,
            row.sensitive_service,
            tuple(active[row.code]),
            kept[row.code],
        )
        for row in found.values()
    ]
