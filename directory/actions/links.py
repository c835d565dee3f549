"""Links that stand for one answer to one question: signed, for a while, and for nothing else."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from directory.terms.reminding import UnknownLink

WORKS_FOR: Final = timedelta(days=30)
_PURPOSE: Final = "rightshare.still-right"


def token_for(session: Session, reminder: UUID, at: datetime) -> str:
    """Return the token by which whoever has it may answer this one reminder."""
    until = int((at + WORKS_FOR).timestamp())
    return str(_signer(session).dumps([reminder.hex, until]))


def opened(session: Session, token: str) -> tuple[UUID, datetime]:
    """Return the reminder that a token stands for, and until when; else `UnknownLink`."""
    try:
        found: Any = _signer(session).loads(token)
    except BadData as error:
        raise UnknownLink from error
    return UUID(found[0]), datetime.fromtimestamp(found[1], UTC)


def _signer(session: Session) -> URLSafeSerializer:
    # The vault's key is the same in the worker, which signs, and in the web processes.
    key = Vault.of(session).blind_index(_PURPOSE)
    return URLSafeSerializer(key, salt=_PURPOSE, signer_kwargs={"digest_method": hashlib.sha256})
