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
