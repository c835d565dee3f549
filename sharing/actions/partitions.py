"""Partitions of the log: made ahead of time, dropped when nothing is left in them, both logged.

The session is the eraser's, and speaks for the service. What is dropped holds nobody any more:
each of its entries was erased by an entry that names it, and what a legal hold keeps is still
there, and so its partition stays.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from sharing.actions.exporting import SERVICE
from sharing.actions.log import Entry, Line, append_entry
from sharing.chain.erasures import ERASED
from sharing.chain.leaves import EntryKind
from sharing.queries.partitions import Past

MONTHS_AHEAD: Final = 3
PARTITIONED: Final = "partitioned"
_ADD: Final = text("select parent, name, starts, ends from log_partitions_add(:at, :months)")
_RETIRE: Final = text("select log_partition_retire(:name, :entry, :at)")


def make_partitions(session: Session, at: datetime) -> list[str]:
    """Make what the next months want of one table, an entry for each; return their names.

    None where nothing is lacking. A transaction makes those of one table only: the locks of two
    could be waited for in a circle.
    """
    made = session.execute(_ADD, {"at": at, "months": MONTHS_AHEAD}).all()
    for one in made:
        said = {"table": one.parent, "starts": one.starts, "ends": one.ends}
        _say(session, "partition_added", one.name, said, at)
    return [one.name for one in made]


def retire(session: Session, one: Past, at: datetime) -> Entry:
    """Drop a partition of which everything is erased, and say so."""
    span = {"from": str(one.starts), "before": str(one.ends), "months": one.months}
    entry = _say(session, "partition_retired", one.name, span, at)
    session.execute(_RETIRE, {"name": one.name, "entry": entry.id, "at": at})
    return entry


def _say(session: Session, act: str, name: str, said: Mapping[str, Any], at: datetime) -> Entry:
    """Write the entry; of those that retention writes each lists whom it erased, here nobody."""
    facts = {"act": act, "partition": name, "outcome": PARTITIONED, ERASED: list[str]()}
    line = Line(SERVICE, None, PARTITIONED, facts | dict(said), about={})
    return append_entry(session, line, at, EntryKind.RETENTION)
