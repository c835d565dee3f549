"""Bring a database to a revision, with its roles and the service's own wrapped keys."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, NullPool, create_engine, text

from app.kernel.roles import APP, IG_LEAD, OWNER, driver_url, ensure_roles
from app.kernel.vault import KeyProvider, new_wrapped_key

if TYPE_CHECKING:
    from alembic.config import Config

NAMED_KEYS: Final = (
    "blind_index",
    "log",
    "idempotency",
    "oauth",
    "people",
    "agreement",
    "webhook",
)
_HERE: Final = Path(__file__).parent
_LOCK: Final = 0x5249474854534841  # "RIGHTSHA": one migration at a time on a database

# Alembic is imported where a migration runs: a service that is up to date starts without it.


def config() -> "Config":
    """Return alembic's configuration; there is no ini file to keep in step."""
    from alembic.config import Config  # noqa: PLC0415  (see above)

    found = Config()
    found.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    return found


def head() -> str:
    """Return the newest revision; files are named after theirs, and there is exactly one."""
    revisions = [path.name[:4] for path in (_HERE / "versions").glob("[0-9]*.py")]
    if not revisions:
        raise RuntimeError("there are no migrations")
    return max(revisions)


def current(connection: Connection) -> str | None:
    """Return the revision that a database is at, None where no migration ever ran."""
    if connection.scalar(text("select to_regclass('alembic_version')")) is None:
        return None
    found: str | None = connection.scalar(text("select version_num from alembic_version"))
    return found


def upgrade(admin_url: str, provider: KeyProvider, revision: str = "head") -> None:
    """Create roles, bring the schema up to a revision, and make the service's own keys once."""
    engine = create_engine(driver_url(admin_url), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        ensure_roles(connection, admin_url)
        connection.commit()
        _as_owner(connection)
        if current(connection) != (head() if revision == "head" else revision):
            _migrate_up(connection, revision)
            _as_owner(connection)
        connection.execute(text(f"grant select on alembic_version to {APP}, {IG_LEAD}"))
        _ensure_keys(connection, provider)
        connection.commit()
    engine.dispose()


def downgrade(admin_url: str, revision: str) -> None:
    """Take the schema down to a revision; for tests and for a release that must be taken back."""
    from alembic import command  # noqa: PLC0415  (see above)

    engine = create_engine(driver_url(admin_url), poolclass=NullPool)
    with engine.connect() as connection:
        _as_owner(connection)
        command.downgrade(_on(connection), revision)
        connection.commit()
    engine.dispose()


def _migrate_up(connection: Connection, revision: str) -> None:
    from alembic import command  # noqa: PLC0415  (see above)

    command.upgrade(_on(connection), revision)


def _as_owner(connection: Connection) -> None:
    connection.execute(text(f"set role {OWNER}"))
    # A migration that cannot get its lock must not queue every request behind itself.
    connection.execute(text("set lock_timeout = '4s'"))
    connection.commit()


def _on(connection: Connection) -> "Config":
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
