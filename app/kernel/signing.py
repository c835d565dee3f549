"""Ed25519 keys in files of their own, each read by the one process that signs with it."""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


class SigningKeyMissing(RuntimeError):
    """A signing key's file is not there or is not an Ed25519 key; the message says which."""


def read_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a PEM file; `SigningKeyMissing` if there is none."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        message = f"{path.name} is not a readable Ed25519 key; make one: rightshare db upgrade"
        raise SigningKeyMissing(message) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyMissing(f"{path.name} holds a key of another kind than Ed25519")
    return key


def create_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a file, making file and key first where there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
        draft.rename(path)
    return read_key(path)
