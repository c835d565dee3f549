"""How the authorization server says no: RFC 6749 error codes, and descriptions that teach."""

import re
from typing import Any

from authlib.oauth2 import OAuth2Error

_NOT_SAYABLE = re.compile(r"[^\x20-\x7e]")
_LONGEST = 400
_LONGEST_ECHO = 120


def say(text: str) -> str:
    """Return the text in the characters that RFC 6749, section 5.2, allows in a description."""
    plain = text.replace('"', "'").replace("\\", "/")
    return _NOT_SAYABLE.sub("?", plain)[:_LONGEST]


def came(value: object) -> str:
    """Return what came, short enough to be repeated in a description."""
    shown = "nothing" if value is None else str(value)
    return shown if len(shown) <= _LONGEST_ECHO else shown[:_LONGEST_ECHO] + "..."


class _Taught(OAuth2Error):
    def __init__(self, description: str) -> None:
        super().__init__(say(description))


class BadRequest(_Taught):
    """The request itself is not as OAuth asks."""

    error = "invalid_request"


class BadClient(_Taught):
    """The client did not authenticate. Authlib's own class would answer with a Basic challenge."""

    error = "invalid_client"
    status_code = 401


class BadGrant(_Taught):
    """What the token was asked for with does not hold."""

    error = "invalid_grant"


class BadScope(_Taught):
    """A scope that does not exist, or that the client is not registered for."""

    error = "invalid_scope"


class BadTarget(_Taught):
    """A resource other than our API (RFC 8707)."""

    error = "invalid_target"


class GrantNotHeld(_Taught):
    """The client is not registered for this grant."""

    error = "unauthorized_client"


class GrantUnknown(_Taught):
    """There is no such grant here."""

    error = "unsupported_grant_type"


class BadProof(_Taught):
    """The DPoP proof is missing or does not fit (RFC 9449, section 5)."""

    error = "invalid_dpop_proof"


class NonceWanted(_Taught):
    """The DPoP proof must carry the nonce in our DPoP-Nonce header (RFC 9449, section 8)."""

    error = "use_dpop_nonce"


class BadToken(_Taught):
    """The access token is missing, of another kind, past, or cut off (RFC 6750, section 3.1)."""

    error = "invalid_token"
    status_code = 401


class TooFast(_Taught):
    """More than the rate limit lets through. No OAuth standard has a code for it."""

    error = "temporarily_unavailable"
    status_code = 429

    def __init__(self, description: str, retry_after: int) -> None:
        super().__init__(description)
        self.retry_after = retry_after

    def get_headers(self) -> list[tuple[str, Any]]:
        """Return the headers, and how many seconds to wait."""
        return [*super().get_headers(), ("Retry-After", str(self.retry_after))]
