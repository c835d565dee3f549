"""Files that commands write: there whole or not at all, and for their owner alone."""

import os
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
