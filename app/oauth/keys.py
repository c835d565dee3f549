"""Our own signing keys: one signs, the next is published already, the last outlives its tokens.

Private halves are sealed at rest, under the vault's key of this name.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from joserfc.jwk import ECKey, Key
from sqlalchemy import delete, insert, or_, select, text, update
from sqlalchemy.orm import Session

from app.kernel.db import Database
from app.kernel.vault import Vault
from app.oauth.models import SigningKeyRow

OUTLIVES = timedelta(minutes=10)
"""How long a key stays published after it last signed: its tokens live half as long."""
_NAME = "oauth"
_FRESH = timedelta(seconds=30)
_LOCK = 0x6F61757468  # "oauth", for pg_advisory_xact_lock


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys at one instant."""

    signing: Key
    published: dict[str, Key]
    read_at: datetime

    def jwks(self) -> dict[str, Any]:
        """Return what clients may verify tokens with."""
        extra = {"use": "sig", "alg": "ES256"}
        return {"keys": [key.as_dict(private=False, **extra) for key in self.published.values()]}


class SigningKeys:
    """The keys as this worker holds them: read again every 30 seconds, and for an unknown `kid`."""

    def __init__(self) -> None:
        self._ring: Ring | None = None
        self._lock = Lock()

    def ring(self, database: Database, at: datetime) -> Ring:
        """Return the keys of this instant, made first where there are none."""
        ring = self._ring
        if ring is not None and abs(at - ring.read_at) <= _FRESH:
            return ring
        return self.read_again(database, at)

    def read_again(self, database: Database, at: datetime) -> Ring:
        """Return the keys as they are stored now."""
        with self._lock, database.transaction() as session:
            self._ring = read_ring(session, at)
            return self._ring


def read_ring(session: Session, at: datetime) -> Ring:
    """Return the keys that are published at this instant; makes the first two."""
    rows = _published(session, at)
    if not any(row.signs_from and not row.signs_until for row in rows):
        _start(session, at)
        rows = _published(session, at)
    vault = Vault.of(session)
    published: dict[str, Key] = {row.kid: ECKey.import_key(row.public) for row in rows}
    signing = next(row for row in rows if row.signs_from and not row.signs_until)
    return Ring(_private(vault, signing), published, at)


def rotate(session: Session, at: datetime) -> str:
    """Let the next key sign, publish a new next one, and return the `kid` that signs now."""
    read_ring(session, at)
    _wait_for_others(session)
    present = SigningKeyRow.signs_from.is_not(None) & SigningKeyRow.signs_until.is_(None)
    session.execute(update(SigningKeyRow).where(present).values(signs_until=at))
    started = (
        update(SigningKeyRow)
        .where(SigningKeyRow.signs_from.is_(None))
        .values(signs_from=at)
        .returning(SigningKeyRow.kid)
    )
    kid: str = session.execute(started).scalar_one()
    _make(session, at, None)
    return kid


def forget_retired(session: Session, at: datetime) -> None:
    """Destroy the keys whose last token is dead."""
    session.execute(delete(SigningKeyRow).where(SigningKeyRow.signs_until <= at - OUTLIVES))


def _published(session: Session, at: datetime) -> list[SigningKeyRow]:
    standing = or_(SigningKeyRow.signs_until.is_(None), SigningKeyRow.signs_until > at - OUTLIVES)
    oldest_first = (SigningKeyRow.signs_from.asc().nulls_last(), SigningKeyRow.kid)
    return list(session.scalars(select(SigningKeyRow).where(standing).order_by(*oldest_first)))


def _start(session: Session, at: datetime) -> None:
    """Make the present and the next key, unless another worker just has."""
    _wait_for_others(session)
    query = select(SigningKeyRow.kid).where(SigningKeyRow.signs_until.is_(None))
    if session.scalars(query.order_by(SigningKeyRow.kid)).first() is None:
        _make(session, at, at)
        _make(session, at, None)


def _wait_for_others(session: Session) -> None:
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _make(session: Session, at: datetime, signs_from: datetime | None) -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    vault = Vault.of(session)
    private = json.dumps(key.as_dict(private=True)).encode()
    row = {
        "kid": key.kid,
        "public": key.as_dict(private=False),
        "sealed_private": vault.named(_NAME).seal(private, *_place(str(key.kid))),
        "published_at": at,
        "signs_from": signs_from,
    }
    session.execute(insert(SigningKeyRow).values(row))


def _private(vault: Vault, row: SigningKeyRow) -> Key:
    opened = vault.named(_NAME).open(row.sealed_private, *_place(row.kid))
    return ECKey.import_key(json.loads(opened))


def _place(kid: str) -> tuple[str, str, str]:
    return ("oauth_key", kid, "sealed_private")
