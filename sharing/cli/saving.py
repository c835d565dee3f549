"""Files that commands write: there whole or not at all, and for their owner alone."""

import os
import pwd
from collections.abc import Iterable
from pathlib import Path


def save(path: Path, parts: Iterable[bytes]) -> int:
    """Write a file that is there whole or not at all, and that only its owner reads; its size."""
    draft = path.with_name(f".{path.name}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        size = sum(file.write(part) for part in parts)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return size


def account() -> str:
    """Return whose account of this machine runs the command."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"
