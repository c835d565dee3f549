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
with aged as (
  select r.id, r.version, r.document, r.organization_id, r.owner,
    coalesce(r.assured_on, (r.recorded_at at time zone 'UTC')::date) since
  from directory_record r
  where r.kind = 'service' and coalesce(r.status, '') <> 'defunct'
), staged as (
  select *, case when since <= :stale then 4 when since <= :half then 3
    when since <= :ageing then 2 else 1 end stage
  from aged where since <= :soon
), due as (
  select * from staged s where not exists (
    select from reminder m where m.service = s.id and m.since = s.since and m.stage = s.stage
  )
), asked as (
  select d.id, d.version, d.since, d.stage, (
    select lower(trim(address)) from (values
      (1, d.document->>'assurer_email'),
      (2, (select o.document->>'email' from directory_record o
           where o.kind = 'organization' and o.id = d.organization_id)),
      (3, (select c.email_as_published from contact_point c
           where c.agency = d.owner and c.email_fault is null
             and c.email_as_published is not null
           order by c.name, c.id limit 1))
    ) as known (rank, address)
    where trim(address) ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$'
    order by rank limit 1
  ) address
  from due d
), ranked as (
  select *, row_number() over (partition by address order by stage, since, id) place
  from asked where address is not null
)
select id, version, since, stage, address from ranked
where place <= :services order by address, place
""")


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
    found = session.execute(
        _DUE,
        {
            "soon": soon_before(on),
            "ageing": fresh_after(on),
            "half": months_before(on, _HALF_A_YEAR),
            "stale": ageing_after(on),
            "services": services,
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
