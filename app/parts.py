"""What a process of the service is made from, besides its settings: databases, vault and keys."""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import NullPool, create_engine, text

from app.config import Settings
from app.kernel.clock import Clock, system_clock
from app.kernel.db import Database
from app.kernel.roles import driver_url
from app.kernel.signing import read_key
from app.kernel.vault import KeyProvider, KeyRing, Vault, WrappedKey
from app.people.passwords import Passwords
from sharing.actions.keyring import KeyFiles
from sharing.chain.notes import Signer
from sharing.chain.receipts import receipt_key_name

DEMONSTRATION: Final = "demonstration"
"""How the comment on `alembic_version` begins where invented people are on file."""


class DemonstrationFound(RuntimeError):
    """Production was given a key or a database of the demonstration; the message says which."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What an application is made from; tests bring their own."""

    database: Database
    ig_database: Database
    eraser_database: Database
    receipts: Signer
    clock: Clock = system_clock
    passwords: Passwords = field(default_factory=Passwords)

    def close(self) -> None:
        """Let go of every connection."""
        for one in (self.database, self.ig_database, self.eraser_database):
            one.close()


def parts_for(settings: Settings) -> Parts:
    """Return the real parts: the databases of each role, and the key that signs receipts.

    `DemonstrationFound` if production was given anything of the demonstration.
    """
    app_url, ig_url, eraser_url = (
        settings.database_app_url,
        settings.database_ig_url,
        settings.database_eraser_url,
    )
    if app_url is None or ig_url is None or eraser_url is None:
        raise RuntimeError(
            "no database: set DATABASE_URL, or each of DATABASE_APP_URL, DATABASE_IG_URL and"
            " DATABASE_ERASER_URL, or run: rightshare demo run"
        )
    ring = KeyRing.read(settings.vault_file)
    if settings.production:
        _refuse_demonstration(app_url, ring)
    vault = load_vault(app_url, ring)
    return Parts(
        Database.connect(app_url, vault, pool_size=settings.pool_size),
        Database.connect(ig_url, vault, pool_size=1),
        Database.connect(eraser_url, vault, pool_size=1),
        Signer(receipt_key_name(settings.log_origin), read_key(settings.receipt_key_file)),
    )


def key_files(settings: Settings) -> KeyFiles:
    """Return where the keys of the log lie."""
    return KeyFiles(
        settings.log_origin,
        settings.log_key_file,
        settings.receipt_key_file,
        settings.log_keys_file,
    )


def load_vault(url: str, provider: KeyProvider) -> Vault:
    """Return the vault of a database, with the service's own keys unwrapped."""
    engine = create_engine(driver_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        rows = connection.execute(text("select * from vault_key order by name"))
        named = {row.name: WrappedKey(row.key_id, row.wrapped) for row in rows}
    engine.dispose()
    return Vault(provider, named)


def _refuse_demonstration(url: str, ring: KeyRing) -> None:
    if ring.demonstration:
        raise DemonstrationFound(
            "RIGHTSHARE_KEY_FILE names the demonstration's keys, which production must not use."
            " Name another file, and have it made: rightshare db upgrade"
        )
    engine = create_engine(driver_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        said = connection.scalar(text("select obj_description(to_regclass('alembic_version'))"))
        there_are_people = connection.scalar(text("select to_regclass('person') is not null"))
        invented = there_are_people and connection.scalar(
            text("select exists (select from person where demonstration)")
        )
    engine.dispose()
    if invented or (said is not None and str(said).startswith(DEMONSTRATION)):
        raise DemonstrationFound(
            "This database holds the demonstration: invented people, and clients whose keys lie in"
            " files. Production needs a database of its own. To look around: make run"
        )
