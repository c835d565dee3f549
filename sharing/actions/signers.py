"""What this storey must know about the keys of clients, which it does not see itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy.orm import Session

EXTENSION: Final = "rightshare.signers"


class NotSigned(Exception):
    """No key that the client is registered with made this signature; the message says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a client signed, and the public key that shows it."""

    claims: Mapping[str, Any]
    key: dict[str, str]


class Signers(Protocol):
    """Answers from the register of clients; the factory puts it in `EXTENSION`."""

    def signed(self, session: Session, client_id: str, compact: str) -> Signed:
        """Return what this JWS in compact form says; `NotSigned` unless the client signed it."""
