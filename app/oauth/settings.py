"""What the authorization server is told when it starts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OAuthSettings:
    """The public address, and what operators may choose. Nothing here is taken from a request."""

    base_url: str
    """Scheme, host and port as clients see them, without a last slash: the issuer."""
    nonces: bool = False
    """Whether proofs must carry a nonce of ours (RFC 9449, section 8)."""
    workers: int = 1
    """How many processes share the API's rate limits: each counts its share in memory."""
    failures_a_minute: int = 600
    """How many failed client authentications an address may have in a minute."""

    @property
    def issuer(self) -> str:
        """The authorization server's name in assertions and tokens."""
        return self.base_url

    @property
    def audience(self) -> str:
        """The API's name in tokens."""
        return f"{self.base_url}/v1"

    @property
    def token_endpoint(self) -> str:
        """Where tokens are asked for."""
        return f"{self.base_url}/oauth/token"
