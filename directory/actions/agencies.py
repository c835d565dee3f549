"""What people and systems do to partner agencies."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from directory.models.agencies import AgencyPeriodRow, AgencyRow
from directory.queries import agencies as queries
from directory.rules.agencies import cuts, opening
from directory.terms.agencies import Agency, AgencyActive, AgencyExists, AgencyNotActive, Interval

_PERIODS: Final = ("active", "keeping")


def register_agency(session: Session, agency: Agency) -> Agency:
    """Enter a partner agency and when it takes part; `AgencyExists` if its code is taken."""
    row = {name: value for name, value in asdict(agency).items() if name not in _PERIODS}
    taken = insert(AgencyRow).values(row).on_conflict_do_nothing().returning(AgencyRow.code)
    if session.scalar(taken) is None:
        raise AgencyExists(agency.code)
    for interval in agency.active:
        _open(session, agency.code, interval, agency.recorded_at)
    return queries.agency(session, agency.code)


def suspend(session: Session, code: str, away: Interval, at: datetime) -> Agency:
    """Take the period out of those in which the agency takes part; it returns when that ends.

    `UnknownAgency` if there is none; `AgencyNotActive` if it takes no part in any of the period.
    """
    cut = cuts(_held(session, code).active, away)
    if not cut:
        raise AgencyNotActive(code)
    for one in cut:
        session.execute(
            update(AgencyPeriodRow)
            .where(AgencyPeriodRow.agency == code, AgencyPeriodRow.starts == one.interval.starts)
            .where(AgencyPeriodRow.ends.is_not_distinct_from(one.interval.ends))
            .values(ends=one.ends)
        )
    for one in cut:
        if one.after is not None:
            _open(session, code, one.after, at)
    return queries.agency(session, code)


def reinstate(session: Session, code: str, starts: datetime, at: datetime) -> Agency:
    """Let the agency take part again from an instant, until whatever period comes next.

    `UnknownAgency` if there is none; `AgencyActive` if it takes part at that instant.
    """
    opened = opening(_held(session, code).active, starts)
    if opened is None:
        raise AgencyActive(code)
    _open(session, code, opened, at)
    return queries.agency(session, code)


def _held(session: Session, code: str) -> Agency:
    """Return the agency, and keep others from changing its periods until the transaction ends."""
    # Rows alone would not do: a period opened meanwhile has no row yet that could be locked.
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtext("agency"), func.hashtext(code)))
    )
    return queries.agency(session, code)


def _open(session: Session, code: str, interval: Interval, at: datetime) -> None:
    session.execute(
        insert(AgencyPeriodRow).values(
            id=new_id(at),
            agency=code,
            starts=interval.starts,
            ends=interval.ends,
            recorded_at=at,
        )
    )
