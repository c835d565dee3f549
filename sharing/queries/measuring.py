"""What the log says around an entry: a practitioner's habits, and who else tried the subject.

Read by the role that sees the whole log. All look back from the entry in the order of ids, which
is that of instants, as far as its measure reaches and no further.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel.ids import first_id
from app.kernel.vault import Vault
from sharing.models.lines import LogIndexRow
from sharing.queries.indexing import opening_of
from sharing.terms.asking import Identifier
from sharing.terms.lines import Written

HOUR: Final = timedelta(hours=1)
WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=30)
MOST_NUMBERS: Final = 50
"""How many requests of the hour before are looked through for numbers in sequence."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What a practitioner did before, within an hour, 30 days, and ever."""

    children: int
    pointers: int
    usual: float
    overrides: int
    last_at: datetime | None
    same_client: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """Who asked about a subject in the 7 days before; refusals are of the agency in question."""

    refusals: int
    colleagues: int
    other_agencies: int
    refused_at: datetime | None


_HABITS: Final = text("""
with mine as (
  select l.id, l.at, l.kind, l.override, coalesce(s.subject, l.id) as whom
  from log_line l left join log_subject s on s.id = l.id
  where l.practitioner = :who and l.entry_kind = 'decision' and l.id >= :month and l.id < :id
)
select
  (select count(distinct whom) from mine where id >= :hour and whom <> :whom) as children,
  (select count(distinct whom) from mine
    where id >= :hour and whom <> :whom and kind = 'pointer') as pointers,
  (select coalesce(count(distinct (date_trunc('hour', at), whom))::float
      / nullif(count(distinct date_trunc('hour', at)), 0), 0)
    from mine where id < :hour) as usual,
  (select count(*) from mine where override is not null) as overrides,
  (select at from log_line where practitioner = :who and entry_kind = 'decision' and id < :id
    order by id desc limit 1) as last_at,
  exists (select from log_line where practitioner = :who and client = :client
    and entry_kind = 'decision' and id < :id) as same_client
""")
_POINTERS: Final = text("""
select count(distinct coalesce(s.subject, l.id))
from log_line l left join log_subject s on s.id = l.id
where l.client = :client and l.practitioner is null and l.entry_kind = 'decision'
  and l.kind = 'pointer' and l.id >= :hour and l.id < :id
  and coalesce(s.subject, l.id) <> :whom
""")
_TRIED: Final = text("""
select
  count(*) filter (where l.recipient = :recipient and l.outcome = 'deny') as refusals,
  count(distinct l.practitioner) filter (where l.recipient = :recipient and l.outcome = 'deny'
    and l.practitioner is distinct from :who) as colleagues,
  count(distinct l.recipient) filter (where l.recipient <> :recipient) as other_agencies,
  max(l.at) filter (where l.recipient = :recipient and l.outcome = 'deny') as refused_at
from log_subject s join log_line l on l.id = s.id
where s.subject = :subject and s.id >= :week and s.id < :id and l.entry_kind = 'decision'
""")
_LATELY: Final = text("""
select s.id, s.opening from log_line l join log_subject s on s.id = l.id
where (l.practitioner = :who or (cast(:who as bytea) is null and l.client = :client))
  and l.entry_kind = 'decision' and l.id >= :hour and l.id < :id
order by l.id desc limit :most
""")
_SAME_WORDS: Final = text("""
select count(*) from review_look
where words = :words and recipient = :recipient and entry_id < :id
""")
_ROLE: Final = text("""
select coalesce(sum(n), 0) as looks,
  coalesce(sum(n) filter (where hour = :hour), 0) as at_this_hour,
  coalesce(sum(n) filter (where purpose = :purpose), 0) as for_this_purpose
from review_tally where agency = :agency and role = :role and day >= :since
""")


def lines_reach(session: Session) -> int:
    """Return the first leaf that has no line yet."""
    return int(session.scalars(select(LogIndexRow.next_leaf)).one())


def habits(session: Session, entry: Written, who: bytes, client: str, whom: UUID) -> Habits:
    """Return what a practitioner did before an entry about somebody."""
    since = {"hour": first_id(entry.at - HOUR), "month": first_id(entry.at - MONTH)}
    asked = {"id": entry.id, "who": who, "client": client, "whom": whom} | since
    row = session.execute(_HABITS, asked).one()
    return Habits(*row)


def pointers_by(session: Session, entry: Written, client: str, whom: UUID) -> int:
    """Return of how many others a client that names no practitioner asked who is involved."""
    asked = {"id": entry.id, "client": client, "whom": whom, "hour": first_id(entry.at - HOUR)}
    return int(session.scalar(_POINTERS, asked) or 0)


def tried(session: Session, entry: Written, subject: UUID, who: bytes | None) -> Tried:
    """Return who asked about a subject before an entry."""
    asked = {"id": entry.id, "subject": subject, "recipient": entry.recipient, "who": who}
    return Tried(*session.execute(_TRIED, asked | {"week": first_id(entry.at - WEEK)}).one())


def asked_lately(
    session: Session, entry: Written, who: bytes | None, client: str
) -> list[Identifier]:
    """Return the identifiers that the same asker sent within the hour before an entry."""
    asked: dict[str, Any] = {"id": entry.id, "who": who, "client": client, "most": MOST_NUMBERS}
    vault, found = Vault.of(session), []
    for row in session.execute(_LATELY, asked | {"hour": first_id(entry.at - HOUR)}):
        found += identifiers_in(opening_of(row, vault))
    return found


def identifiers_in(about: Any) -> list[Identifier]:  # noqa: ANN401  (what an opening holds)
    """Return the identifiers that an entry was asked by; none where it says none rightly."""
    listed = about.get("identifiers") if isinstance(about, dict) else None
    return [
        Identifier(one["scheme"], one["value"])
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and {"scheme", "value"} <= one.keys()
    ]


def same_words(session: Session, entry: Written, words: bytes) -> int:
    """Return how often an agency gave the same words before; the session sees its rows."""
    asked = {"id": entry.id, "recipient": entry.recipient, "words": words}
    return int(session.scalar(_SAME_WORDS, asked) or 0)


@dataclass(frozen=True, slots=True)
class Role:
    """A role of an agency by its digest, and when and for what it asks."""

    agency: str
    role: bytes
    day: date
    hour: int
    purpose: str


@dataclass(frozen=True, slots=True)
class RoleHabits:
    """How often a role asked in 30 days: in all, at this hour, for this purpose."""

    looks: int
    at_this_hour: int
    for_this_purpose: int


def role_habits(session: Session, role: Role) -> RoleHabits:
    """Return what is usual for a role."""
    asked = asdict(role) | {"since": role.day - MONTH}
    row = session.execute(_ROLE, asked).one()
    return RoleHabits(*map(int, row))
