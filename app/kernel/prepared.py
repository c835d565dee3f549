"""Statements on the way of every request, compiled once when the module is loaded.

SQLAlchemy compiles from a cache, but walks the whole statement to find its place there, and wraps
each column of each answer: together that was a fifth of a disclosure's time. The driver reads the
placeholders of a long statement anew at each call: another 4 %. So what is compiled here goes to
the driver in the form that PostgreSQL itself reads, is prepared on first use, and rows come back as
plain tuples with names. The session's transaction stays SQLAlchemy's, and so do its listeners.

BEGIN and COMMIT keep round trips of their own: the driver's pipeline would save both, and on the
same machine took half as long again and half as much CPU again.
"""

from typing import Any, NoReturn, cast

import psycopg
from psycopg import RawCursor
from psycopg.rows import RowMaker, namedtuple_row
from sqlalchemy import ClauseElement, Connection
from sqlalchemy.dialects.postgresql import psycopg as dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_DIALECT = dialect.PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # no types there


class Prepared:
    """A Core or text statement as PostgreSQL takes it; parameters are given by name."""

    __slots__ = ("_constants", "_made_of", "_names", "_sql")

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self._sql = str(compiled)
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]  # SQLCompiler's
        self._made_of: RowMaker[Any] | None = None
        self._constants = {k: v for k, v in compiled.params.items() if v is not None}

    def one(self, through: Session | Connection, parameters: dict[str, Any]) -> Any:  # noqa: ANN401  (a row of its own)
        """Run a statement that answers at most one row, and return that or None."""
        try:
            return self._executed(through, parameters).fetchone()
        except psycopg.Error as error:
            _raise_as_sqlalchemy(error)

    def run(self, through: Session | Connection, parameters: dict[str, Any]) -> None:
        """Run a statement where the session stands; values go in as the driver takes them."""
        try:
            self._executed(through, parameters)
        except psycopg.Error as error:
            _raise_as_sqlalchemy(error)

    def _executed(
        self, through: Session | Connection, parameters: dict[str, Any]
    ) -> RawCursor[Any]:
        values = self._constants | parameters
        in_order = [values[name] for name in self._names]
        connection = through.connection() if isinstance(through, Session) else through
        driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        cursor = RawCursor(driver, row_factory=self._row)
        heard = connection.engine.dispatch.before_cursor_execute
        if heard:
            heard(connection, cursor, self._sql, in_order, None, False)  # noqa: FBT003  (its signature)
        return cursor.execute(self._sql, in_order, prepare=True)

    def _row(self, cursor: Any) -> RowMaker[Any]:  # noqa: ANN401  (the driver does not export its type)
        """Return what makes rows of this statement's answers, whose columns never change."""
        if self._made_of is None:
            self._made_of = namedtuple_row(cursor)
        return self._made_of


def _raise_as_sqlalchemy(error: psycopg.Error) -> NoReturn:
    """Raise what SQLAlchemy would have raised, without the statement's values."""
    raised = DBAPIError.instance(None, None, error, psycopg.Error)
    raise raised.with_traceback(error.__traceback__) from error
