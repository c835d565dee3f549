"""Encryption at rest: a data key for each subject, wrapped by a key that the database never sees.

Associated data binds every sealed value to its table, row and column, so that a value copied to
another place does not open. Destroying a wrapped data key makes all that it sealed unreadable.
AES-GCM-SIV (RFC 8452) is used because a repeated nonce costs it almost nothing.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from sqlalchemy.orm import Session

_KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"
_DIGESTS = b"rightshare digests"
SESSION_KEY = "rightshare.vault"


class VaultError(Exception):
    """Something sealed cannot be opened, or the key that should open it is missing or malformed."""


class KeyProvider(Protocol):
    """Holds the wrapping keys: a file, the environment, or a key management service."""

    @property
    def current_id(self) -> str:
        """The id of the key that wraps from now on."""

    def wrap(self, key: bytes) -> bytes:
        """Wrap a data key under the current wrapping key (AES-KW, RFC 3394)."""

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """Unwrap what the named wrapping key wrapped; `VaultError` if it did not."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Wrapping keys held in memory; `repr` shows none of them."""

    current_id: str
    keys: dict[str, bytes]
    demonstration: bool = False
    """Whether the file says that it was made for a demonstration: production refuses it."""

    def __repr__(self) -> str:
        return f"KeyRing({self.current_id!r})"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `{"current": id, "keys": {id: base64}}`; `VaultError` says what is off."""
        try:
            document = json.loads(text)
            keys = {str(k): base64.b64decode(v) for k, v in document["keys"].items()}
            current = str(document["current"])
            demonstration = document.get("demonstration") is True
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
            message = 'the key file must hold {"current": id, "keys": {id: base64 of 32 bytes}}'
            raise VaultError(message) from error
        if current not in keys or any(len(key) != _KEY_BYTES for key in keys.values()):
            raise VaultError("the current key must be among the keys, each of 32 bytes")
        return cls(current, keys, demonstration)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the ring from a file; `VaultError` if it is missing or malformed."""
        try:
            return cls.parse(path.read_text())
        except OSError as error:
            raise VaultError(
                f"the key file {path.name} cannot be read: {error.strerror}"
            ) from error

    @classmethod
    def create(cls, path: Path, *, demonstration: bool = False) -> Self:
        """Make a ring of one new key in a file only its owner reads, or read the one there."""
        if path.exists():
            return cls.read(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
        document = {"current": "k1", "keys": {"k1": key}}
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(document | ({"demonstration": True} if demonstration else {}), file)
        draft.rename(path)
        return cls.read(path)

    def wrap(self, key: bytes) -> bytes:
        """Wrap a data key under the current wrapping key."""
        return aes_key_wrap(self.keys[self.current_id], key)

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """Unwrap a data key; `VaultError` if no key, or another, wrapped it."""
        if key_id not in self.keys:
            raise VaultError(f"the wrapping key {key_id!r} is not in the key file")
        try:
            return aes_key_unwrap(self.keys[key_id], wrapped)
        except (InvalidUnwrap, ValueError) as error:
            raise VaultError("a data key was not wrapped by the key it names") from error


class DataKey:
    """The key of one subject (or of one purpose of the service), unwrapped for a short while."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCMSIV(key)

    def seal(self, plain: bytes, *where: object) -> bytes:
        """Return `plain` sealed to the place `where`: table, row and column."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + nonce + self._aead.encrypt(nonce, plain, _place(where))

    def open(self, sealed: bytes, *where: object) -> bytes:
        """Return what was sealed to this place; `VaultError` if it was not, or was changed."""
        if sealed[:1] != _VERSION:
            raise VaultError("a sealed value has an unknown version")
        nonce, text = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._aead.decrypt(nonce, text, _place(where))
        except (InvalidTag, ValueError) as error:
            raise VaultError("a sealed value does not belong where it was found") from error


def _place(where: tuple[object, ...]) -> bytes:
    return "|".join(map(str, where)).encode()


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it is stored: useless without the wrapping key that `key_id` names."""

    key_id: str
    wrapped: bytes


class Vault:
    """Makes and unwraps data keys, and computes the blind index by which identifiers are found."""

    __slots__ = ("_digesting", "_index_key", "_keys", "_nobody", "_nobodys_secret", "_provider")

    def __init__(self, provider: KeyProvider, named: dict[str, WrappedKey]) -> None:
        """Take the provider and the service's own keys: `blind_index`, `log`, `idempotency` …."""
        self._provider = provider
        self._index_key = provider.unwrap(named["blind_index"].key_id, named["blind_index"].wrapped)
        self._keys = {name: self.data_key(wrapped) for name, wrapped in named.items()}
        # A key that seals does not also digest: what derives from it does.
        self._digesting = {
            name: hmac.new(provider.unwrap(one.key_id, one.wrapped), _DIGESTS, hashlib.sha256)
            for name, one in named.items()
        }
        self._nobody = self.new_key()
        self._nobodys_secret = self.data_key(self._nobody).seal(b"2001-01-01", "nobody")

    @classmethod
    def of(cls, session: Session) -> "Vault":
        """Return the vault that this session's database was opened with."""
        vault: Vault = session.info[SESSION_KEY]
        return vault

    def new_key(self) -> WrappedKey:
        """Return a fresh data key, wrapped."""
        return new_wrapped_key(self._provider)

    def data_key(self, stored: WrappedKey) -> DataKey:
        """Unwrap a stored data key; `VaultError` if it cannot be."""
        return DataKey(self._provider.unwrap(stored.key_id, stored.wrapped))

    def unwrap_nobody(self) -> None:
        """Do the work of unwrapping a subject's key where there is no subject, and drop it.

        What is asked about an unknown subject takes as long as about a known one.
        """
        self.data_key(self._nobody).open(self._nobodys_secret, "nobody")

    def named(self, name: str) -> DataKey:
        """Return one of the service's own keys."""
        return self._keys[name]

    def blind_index(self, *parts: str) -> bytes:
        """Return 32 bytes that are equal for equal parts, and tell nothing without the key."""
        message = "\x1f".join(parts).encode()
        return hmac.new(self._index_key, message, hashlib.sha256).digest()

    def digest(self, name: str, *parts: str) -> bytes:
        """Return the same under a key that derives from one of the service's own."""
        key = self._digesting[name].digest()
        return hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).digest()


def new_wrapped_key(provider: KeyProvider) -> WrappedKey:
    """Return a fresh 32-byte key, wrapped by the provider's current key."""
    return WrappedKey(provider.current_id, provider.wrap(secrets.token_bytes(_KEY_BYTES)))
