"""Statements on the way of every request, compiled once when the module is loaded.

SQLAlchemy compiles from a cache, but walks the whole statement to find its place there: at four
statements a request that costs more than the database does. What is compiled here goes to the
driver as text, which prepares it after its fifth use; rows come back as plain tuples with names.
"""

from typing import Any

from sqlalchemy import ClauseElement, CursorResult
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import Session

_DIALECT = psycopg.PGDialect_psycopg()  # type: ignore[no-untyped-call]  # no types there


class Prepared:
    """A Core or text statement as the driver takes it; parameters are given by name."""

    __slots__ = ("_constants", "_sql")

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self._sql = str(compiled)
        self._constants = {k: v for k, v in compiled.params.items() if v is not None}

    def run(self, session: Session, parameters: dict[str, Any]) -> CursorResult[Any]:
        """Run the statement in the session's transaction; values go in as the driver takes them."""
        return session.connection().exec_driver_sql(self._sql, self._constants | parameters)
