"""Bring a database to a revision, with its roles and the service's own wrapped keys."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from app.kernel.roles import APP, IG_LEAD, OWNER, driver_url, ensure_roles
from app.kernel.vault import KeyProvider, new_wrapped_key

NAMED_KEYS: Final = ("blind_index", "log", "idempotency", "oauth")
_LOCK: Final = 0x5249474854534841  # "RIGHTSHA": one migration at a time on a database


def config() -> Config:
    """Return alembic's configuration; there is no ini file to keep in step."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return found


def head() -> str:
    """Return the newest revision; there is exactly one."""
    revision = ScriptDirectory.from_config(config()).get_current_head()
    if revision is None:
        raise RuntimeError("there are no migrations")
    return revision


def current(connection: Connection) -> str | None:
    """Return the revision that a database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(admin_url: str, provider: KeyProvider, revision: str = "head") -> None:
    """Create roles, bring the schema up to a revision, and make the service's own keys once."""
    engine = create_engine(driver_url(admin_url), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        ensure_roles(connection, admin_url)
        connection.commit()
        _as_owner(connection)
        command.upgrade(_on(connection), revision)
        _as_owner(connection)
        connection.execute(text(f"grant select on alembic_version to {APP}, {IG_LEAD}"))
        _ensure_keys(connection, provider)
        connection.commit()
    engine.dispose()


def downgrade(admin_url: str, revision: str) -> None:
    """Take the schema down to a revision; for tests and for a release that must be taken back."""
    engine = create_engine(driver_url(admin_url), poolclass=NullPool)
    with engine.connect() as connection:
        _as_owner(connection)
        command.downgrade(_on(connection), revision)
        connection.commit()
    engine.dispose()


def _as_owner(connection: Connection) -> None:
    connection.execute(text(f"set role {OWNER}"))
    # A migration that cannot get its lock must not queue every request behind itself.
    connection.execute(text("set lock_timeout = '4s'"))
    connection.commit()


def _on(connection: Connection) -> Config:
    found = config()
    found.attributes["connection"] = connection
    return found


def _ensure_keys(connection: Connection, provider: KeyProvider) -> None:
    exists = connection.scalar(text("select to_regclass('vault_key') is not null"))
    for name in NAMED_KEYS if exists else ():
        key = new_wrapped_key(provider)
        connection.execute(
            text(
                "insert into vault_key (name, key_id, wrapped) values (:name, :key_id, :wrapped)"
                " on conflict (name) do nothing"
            ),
            {"name": name, "key_id": key.key_id, "wrapped": key.wrapped},
        )
