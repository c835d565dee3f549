"""Which services somebody is to be asked about, and whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from directory.models.editing import ReminderRow
from directory.rules.freshness import Stage, ageing_after, fresh_after, months_before, soon_before
from directory.terms.reminding import Reminder, UnknownLink

_HALF_A_YEAR: Final = 6

_DUE: Final = text(r"""
with hub as (
  select distinct on (agency) agency, email_as_published address from contact_point
  where agency is not null and email_fault is null and email_as_published ~ :form
  order by agency, name, id
), aged as (
  select r.id, r.version, r.organization_id, r.owner, r.document->>'assurer_email' assurer,
    coalesce(r.assured_on, (r.recorded_at at time zone 'UTC')::date) since
  from directory_record r
  where r.kind = 'service' and coalesce(r.status, '') <> 'defunct'
    and coalesce(r.assured_on, (r.recorded_at at time zone 'UTC')::date) <= :soon
), staged as (
  select *, case when since <= :stale then 4 when since <= :half then 3
    when since <= :ageing then 2 else 1 end stage
  from aged
), asked as (
  select s.id, s.version, s.since, s.stage, lower(trim(case
    when s.assurer ~ :form then s.assurer
    when o.document->>'email' ~ :form then o.document->>'email'
    else h.address end)) address
  from staged s
  left join directory_record o on o.kind = 'organization' and o.id = s.organization_id
  left join hub h on h.agency = s.owner
  left join reminder m on m.service = s.id and m.since = s.since and m.stage = s.stage
  where m.id is null
), ranked as (
  select *, row_number() over (partition by address order by stage, since, id) place
  from asked where address is not null
)
select id, version, since, stage, address from ranked
where place <= :services order by address, place
""")
_FORM: Final = r"^\s*[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\s*$"


@dataclass(frozen=True, slots=True)
class Due:
    """A service that somebody is to be asked about, and where to write to."""

    service: UUID
    version: int
    since: date
    stage: Stage
    address: str


def due(session: Session, on: date, services: int) -> list[Due]:
    """Return the services that came to a stage which nobody was asked about, by address.

    To each address up to so many: what ages next comes first, and the rest another day. Whoever
    vouches is asked: the assurer, else the organization, else the owner's first contact point.
    """
    # All services are looked at, once a day: with 100,000 that may take longer than a request may.
    session.execute(text("set local statement_timeout = '5min'"))
    found = session.execute(
        _DUE,
        {
            "soon": soon_before(on),
            "ageing": fresh_after(on),
            "half": months_before(on, _HALF_A_YEAR),
            "stale": ageing_after(on),
            "services": services,
            "form": _FORM,
        },
    )
    return [Due(one.id, one.version, one.since, Stage(one.stage), one.address) for one in found]


def letter_of(session: Session, letter: UUID) -> Sequence[Reminder]:
    """Return what one letter asks about, in its order."""
    row = ReminderRow
    found = select(row).where(row.letter == letter).order_by(row.stage, row.since, row.id)
    return [_reminder(one) for one in session.scalars(found)]


def reminder(session: Session, reminder_id: UUID) -> Reminder:
    """Return a reminder; `UnknownLink` if there is none."""
    found = session.get(ReminderRow, reminder_id, populate_existing=True)
    if found is None:
        raise UnknownLink
    return _reminder(found)


def _reminder(row: ReminderRow) -> Reminder:
    return Reminder(
        row.id,
        row.service,
        row.since,
        row.stage,
        row.version,
        row.address,
        row.letter,
        row.made_at,
        row.used_at,
    )
