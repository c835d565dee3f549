"""Has a log sequenced and indexed without a sequencer: tests of reviewing need no proofs."""

from typing import Any

from sharing.jobs.indexing import Indexer
from tests.service import Service
from tests.sharing.seeing import Rows

_PLACE = """
with moved as (delete from log_pending returning n, entry_id),
placed as (
  insert into log_leaf
  select (select size from log_state) + row_number() over (order by n) - 1, entry_id from moved
  returning 1)
update log_state set size = size + (select count(*) from placed)
"""
_SIGN = """
insert into log_checkpoint select size, '', '', %s from log_state on conflict do nothing
"""


def sequenced(service: Service, superuser: Rows) -> None:
    """Give what is pending its leaf, and the log a head of this instant."""
    superuser.execute(_PLACE)
    superuser.execute(_SIGN, [service.clock.at])


def indexed(service: Service, superuser: Rows) -> int:
    """Give what is pending its leaf and its line; how many lines were made."""
    sequenced(service, superuser)
    indexer = Indexer(service.parts.database, service.parts.ig_database)
    made = 0
    while written := indexer.step():
        made += written
    return made


def lines(superuser: Rows, *columns: str) -> list[Any]:
    """Return these columns of every line, in the order of the tree."""
    named = ", ".join(columns)
    return superuser.execute(f"select {named} from log_line order by leaf_index").fetchall()  # noqa: S608  (columns that tests name)


_CROWD = """
with made as (
  select n, timestamptz '2026-03-03 08:00+00' + n * interval '1 ms' as at, hex,
    (lpad(to_hex((extract(epoch from timestamptz '2026-03-03 08:00+00') * 1000)::bigint + n),
      12, '0') || '70008000' || lpad(hex, 12, '0'))::uuid as id,
    'agency-' || n %% 20 as agency, (array['permit', 'deny'])[1 + (n %% 3 = 0)::int] as outcome
  from (select n, to_hex(n) as hex from generate_series(1, %(lines)s) n) numbered
)
insert into log_line (id, leaf_index, at, recipient, source, client, entry_kind, kind, purpose,
  basis, categories, disclosed, records, outcome, code, grounds, flags, agreements, out_of_hours,
  first_contact, marks)
select id, 1000 + n, at, agency, 'eh-hub', agency || '-client', 'decision', 'content',
  'early_help_support', 'public_task', '{plan}', case outcome when 'deny' then '{}' else '{plan}'
  end::text[], 1, outcome, case outcome when 'deny' then 'not_available' end,
  case outcome when 'deny' then '{no_consent}' else '{agreement}' end::text[], '{}', '{EH-ISA/1}',
  false, n %% 7 = 0,
  array['agency:' || agency, 'agency:eh-hub', 'client:' || agency || '-client', 'entry:decision',
    'kind:content', 'purpose:early_help_support', 'basis:public_task', 'category:plan',
    'outcome:' || outcome, 'agreement:EH-ISA', 'agreement:EH-ISA/1']
from made
"""


def crowd(superuser: Rows, lines: int) -> None:
    """Put lines of twenty agencies in front of all there is, a millisecond apart, without entries.

    Two in three were told the plan that the hub holds.
    """
    superuser.execute(_CROWD, {"lines": lines})
    superuser.execute("analyze log_line")
    superuser.execute(
        "insert into log_mark select mark, count(*) from log_line, unnest(marks) mark group by 1"
        " on conflict (mark) do update set lines = excluded.lines"
    )
