"""The database: tables' base class, transactions, and the roles that the service connects as.

Doors open transactions and nothing else does. Several connections exist on purpose: the web
process speaks as `rightshare_app`, which can neither change the schema nor rewrite the log, and
reads the log for IG leads as `rightshare_ig_lead`, which can write nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from app.kernel.roles import driver_url
from app.kernel.vault import SESSION_KEY, Vault

# A web worker has one thread: what waits for a lock for ever would hold it for ever.
_OPTIONS = (
    "-c timezone=UTC -c lock_timeout=5s -c statement_timeout=15s"
    " -c idle_in_transaction_session_timeout=30s"
)
EXTENSION = "rightshare.db"
IG_EXTENSION = "rightshare.db.ig"
ERASER_EXTENSION = "rightshare.db.eraser"


class Base(DeclarativeBase):
    """What every table's class derives from; names of constraints are fixed for migrations."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, `timestamptz` in PostgreSQL, UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """Refuse an instant without a time zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """Return the instant in UTC."""
        return None if value is None else value.astimezone(UTC)


class Database:
    """Sessions on one engine, or, in tests, on one connection whose transaction is thrown away."""

    def __init__(self, bind: Engine | Connection, vault: Vault | None) -> None:
        self.bind = bind
        self._vault = vault
        self._alone: Engine | None = None

    @property
    def vault(self) -> Vault:
        """What opens the sealed values here; `RuntimeError` where no keys were given."""
        if self._vault is None:
            raise RuntimeError("this database was opened without keys")
        return self._vault

    @classmethod
    def connect(cls, url: str, vault: Vault | None, *, pool_size: int = 4) -> "Database":
        """Return sessions on a new engine; it connects when first used.

        What runs in autocommit has connections of its own: to switch one to and fro at each call
        cost 5 % of a disclosure.
        """
        options: dict[str, Any] = {
            "pool_size": pool_size,
            "max_overflow": pool_size,
            "pool_timeout": 5,
            "connect_args": {"connect_timeout": 5, "options": _OPTIONS},
        }
        made = cls(create_engine(driver_url(url), **options), vault)
        options |= {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
        made._alone = create_engine(driver_url(url), **options)
        return made

    @contextmanager
    def transaction(self, speaking_for: str | None = None) -> Iterator[Session]:
        """Yield a session; commit when the block ends, roll back when it raises.

        `speaking_for` names the agency whose rows row-level security opens.
        """
        with self._session() as session, session.begin():
            if speaking_for is not None:
                speak_for(session, speaking_for)
            yield session

    @contextmanager
    def reading(self, speaking_for: str | None = None) -> Iterator[Session]:
        """Yield a session in which the database itself refuses every write.

        It ends with a commit: after a rollback the driver forgets every statement that it keeps
        prepared on that connection.
        """
        with self._session() as session:
            session.execute(text("set transaction read only" if self._owns() else _READ_ONLY_HERE))
            if speaking_for is not None:
                speak_for(session, speaking_for)
            yield session
            session.expunge_all()
            if self._owns():
                session.commit()
            else:
                session.rollback()

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """Yield a connection on which each statement is a transaction of its own."""
        if isinstance(self.bind, Connection):
            with self.bind.begin_nested():
                yield self.bind
            return
        if self._alone is not None:
            with self._alone.connect() as connection:
                yield connection
            return
        with self.bind.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Close what this holds open; a lent connection stays with its owner."""
        for held in (self.bind, self._alone):
            if isinstance(held, Engine):
                held.dispose()

    def _owns(self) -> bool:
        return isinstance(self.bind, Engine)

    def _session(self) -> Session:
        return Session(
            self.bind,
            info={SESSION_KEY: self._vault},
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
        )


# In a borrowed transaction "set transaction" comes too late; the savepoint undoes this.
_READ_ONLY_HERE = "set local transaction_read_only = on"


def speak_for(session: Session, agency: str) -> None:
    """Let row-level security open this agency's rows, until the transaction ends."""
    session.execute(
        text("select set_config('rightshare.agency', :agency, true)"), {"agency": agency}
    )


def fault_of(error: SQLAlchemyError) -> dict[str, str | None]:
    """Return what a line of the log says of a fault: its kind and its SQLSTATE, and no values.

    Without an SQLSTATE the server was not reached.
    """
    return {
        "error": type(error).__name__,
        "sqlstate": getattr(getattr(error, "orig", None), "sqlstate", None),
    }


def database() -> Database:
    """Return the database that this application was made with."""
    found: Database = current_app.extensions[EXTENSION]
    return found


@contextmanager
def transaction(speaking_for: str | None = None) -> Iterator[Session]:
    """Open a transaction of this application: the block is the transaction."""
    with database().transaction(speaking_for) as session:
        yield session


@contextmanager
def reading(speaking_for: str | None = None) -> Iterator[Session]:
    """Open a transaction that cannot write."""
    with database().reading(speaking_for) as session:
        yield session


@contextmanager
def reading_as_ig_lead() -> Iterator[Session]:
    """Open a transaction as the role that reads the whole log and writes nothing."""
    found: Database = current_app.extensions[IG_EXTENSION]
    with found.reading() as session:
        yield session


@contextmanager
def erasing(speaking_for: str) -> Iterator[Session]:
    """Open a transaction as the role that erases, reads nothing, and writes that it has erased."""
    found: Database = current_app.extensions[ERASER_EXTENSION]
    with found.transaction(speaking_for) as session:
        yield session


def rows_as_dicts(session: Session, statement: Any) -> list[dict[str, Any]]:  # noqa: ANN401  (any Core statement)
    """Run a Core statement and return plain dictionaries, one for each row."""
    return [dict(row) for row in session.execute(statement).mappings()]
