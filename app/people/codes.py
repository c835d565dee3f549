"""One-time codes of an authenticator (TOTP, RFC 6238): of the present step of time, and the last.

Which step a code belongs to is returned, so that each is accepted once.
"""

import hmac
from datetime import datetime
from typing import Final

import pyotp

ISSUER: Final = "Rightshare"
_SECONDS: Final = 30


def new_secret() -> str:
    """Return a fresh secret for an authenticator: 160 random bits in base 32."""
    return pyotp.random_base32()


def address_of(secret: str, username: str) -> str:
    """Return the address (otpauth:) by which an authenticator takes a secret over."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the step of time that a code belongs to; None if it is of neither of the two.

    Spaces in it do not count: authenticators show codes in groups.
    """
    present = int(at.timestamp()) // _SECONDS
    given = "".join(code.split()).encode()
    found = None
    for step in (present, present - 1):
        if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), given):
            found = found or step
    return found
