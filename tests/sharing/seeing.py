"""What tests look at: entries as they lie in the database, and statements as they are sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from sqlalchemy import event

from app.kernel.db import Database

Rows = psycopg.Connection[Any]


@dataclass(frozen=True)
class Seen:
    """One entry with all that was written beside it; `pending` is None if its row is missing."""

    id: UUID
    at: datetime
    recipient: str
    source: str | None
    outcome: str
    leaf: bytes
    leaf_hash: bytes
    facts: bytes
    facts_salt: bytes
    subject: UUID | None
    opening: bytes | None
    salt: bytes | None
    pending: bytes | None
    n: int | None
    duties: list[str]

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.facts)
        return found


_ENTRIES = """
select e.id, e.at, e.recipient, e.source, e.outcome, e.leaf, e.leaf_hash, e.facts, e.facts_salt,
  s.subject, s.opening, s.salt, p.leaf_hash as pending, p.n,
  array(select code from obligation o where o.entry_id = e.id order by code) as duties
from log_entry e left join log_subject s using (id) left join log_pending p on p.entry_id = e.id
order by p.n
"""


def entries(superuser: Rows) -> list[Seen]:
    """Return the whole log, in the order in which it was written."""
    with superuser.cursor(row_factory=class_row(Seen)) as cursor:
        return cursor.execute(_ENTRIES).fetchall()


def latest(superuser: Rows) -> Seen:
    return entries(superuser)[-1]


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collect what is sent to the database: statements, and how transactions end."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    def committed(_conn: Any) -> None:
        sent.append("COMMIT")

    def rolled_back(_conn: Any) -> None:
        sent.append("ROLLBACK")

    heard = (("before_cursor_execute", note), ("commit", committed), ("rollback", rolled_back))
    for name, listener in heard:
        event.listen(database.bind, name, listener)
    try:
        yield sent
    finally:
        for name, listener in heard:
            event.remove(database.bind, name, listener)
