"""Passwords as argon2id hashes (RFC 9106); an unknown name costs as much as a known one.

The library's own parameters would take 250 ms and let a flood of sign-ins stall a worker; these
take about 40 ms.
"""

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_BYTES: Final = 15


@dataclass(frozen=True)
class Passwords:
    """How passwords are hashed: `memory_cost` is in KiB."""

    time_cost: int = 2
    memory_cost: int = 19 * 1024
    parallelism: int = 1

    def hash(self, password: str) -> str:
        """Return the hash of a password, with its parameters and a salt of its own."""
        return self._hasher.hash(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Say whether the password is the one whose hash was kept; never where none was.

        The same work is done either way, so that the time taken does not tell which names exist.
        """
        dummy = self._dummy
        try:
            self._hasher.verify(kept or dummy, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    @cached_property
    def _hasher(self) -> PasswordHasher:
        return PasswordHasher(self.time_cost, self.memory_cost, self.parallelism)

    @cached_property
    def _dummy(self) -> str:
        return self.hash(new_password())


def new_password() -> str:
    """Return a password that nobody has to think up: 120 random bits."""
    return secrets.token_urlsafe(_BYTES)
