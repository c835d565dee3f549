"""What the authorization server holds between requests, one for each application."""

from dataclasses import dataclass, field

from flask import current_app

from app.kernel.clock import now
from app.kernel.db import database, reading
from app.kernel.vault import Vault
from app.oauth.dpop import Nonces
from app.oauth.keys import Ring, SigningKeys
from app.oauth.limits import Meter
from app.oauth.settings import OAuthSettings
from app.oauth.tokens import TokenReader

EXTENSION = "rightshare.oauth"


@dataclass(slots=True)
class OAuth:
    """Settings, keys, remembered tokens, and this worker's share of the rate limits."""

    settings: OAuthSettings
    keys: SigningKeys = field(default_factory=SigningKeys)
    tokens: TokenReader = field(init=False)
    meter: Meter = field(init=False)
    _nonces: Nonces | None = None

    def __post_init__(self) -> None:
        self.tokens = TokenReader(self.settings, self.ring_with)
        self.meter = Meter(1 / self.settings.workers)

    def ring(self) -> Ring:
        """Return our keys."""
        return self.keys.ring(database(), now())

    def ring_with(self, kid: str) -> Ring:
        """Return our keys, read again if this one is not among them: it may be new."""
        ring = self.ring()
        return ring if kid in ring.published else self.keys.read_again(database(), now())

    def nonces(self) -> Nonces | None:
        """Return what makes and checks nonces, if proofs must carry them."""
        if self.settings.nonces and self._nonces is None:
            with reading() as session:
                self._nonces = Nonces(Vault.of(session))
        return self._nonces


def oauth() -> OAuth:
    """Return the authorization server's state in this application."""
    found: OAuth = current_app.extensions[EXTENSION]
    return found
