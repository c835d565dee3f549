"""What a claim must be before anyone relies on it. Each refusal says what was expected and came."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app.oauth.refusals import came

LONGEST_JTI = 256
AHEAD = 10
"""Seconds by which a stranger's clock may run ahead of ours."""
_LAST_SECOND = 253_402_300_799  # of the year 9999

Claims = Mapping[str, Any]


class ClaimWrong(Exception):
    """A claim is missing or does not hold; the message says which, and why."""


def text(claims: Claims, name: str, longest: int = LONGEST_JTI) -> str:
    """Return a claim that must be text."""
    value = claims.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise ClaimWrong(f"{name} must be text of 1 to {longest} characters, got {came(value)}")
    return value


def instant(claims: Claims, name: str) -> float:
    """Return a claim that must be a number of seconds since 1970, and no wild one."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ClaimWrong(f"{name} must be a number of seconds since 1970, got {came(value)}")
    if not 0 <= value <= _LAST_SECOND:  # which NaN is not either
        raise ClaimWrong(f"{name} must lie between 1970 and 9999, got {came(value)}")
    return float(value)


def check_audience(claims: Claims, issuer: str) -> None:
    """Demand our issuer as the one audience: a list may hold servers that would replay it here."""
    audience = claims.get("aud")
    if isinstance(audience, list):
        raise ClaimWrong(f"aud must be the issuer {issuer} as one string, got a list")
    if audience == f"{issuer}/oauth/token":
        raise ClaimWrong(f"aud must be the issuer {issuer}, got the token endpoint")
    if audience != issuer:
        raise ClaimWrong(f"aud must be the issuer {issuer}, got {came(audience)}")


def check_age(claims: Claims, at: datetime, longest: int) -> datetime:
    """Return when this ends; it must have begun, not be over, and end in `longest` seconds at most.

    The one who signed it may be 10 seconds ahead of us in all of these.
    """
    seconds = at.timestamp()
    for name in ("iat", "nbf"):
        if name in claims and instant(claims, name) > seconds + AHEAD:
            ahead = instant(claims, name) - seconds
            raise ClaimWrong(f"{name} is {ahead:.0f} s ahead of this server's clock: set the clock")
    ends = instant(claims, "exp")
    if ends <= seconds:
        raise ClaimWrong(f"exp passed {seconds - ends:.0f} s ago: make a new one for each request")
    if ends > seconds + longest + AHEAD:
        message = f"exp must be at most {longest} s ahead, got {ends - seconds:.0f} s"
        raise ClaimWrong(message)
    # Rounded up: what is used once must be remembered for as long as it would be taken.
    return datetime.fromtimestamp(math.ceil(ends), UTC) + timedelta(seconds=1)
