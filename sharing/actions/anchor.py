"""The guard against rollback: what was signed last, in a file outside the database."""

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path

from sharing.actions.sequencing import Head
from sharing.chain.encoding import checked_hash, checked_number
from sharing.chain.errors import ChainError


class AnchorFault(Exception):
    """The file is there, and cannot be read; the message says what to do."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} should hold what was signed last, and cannot be read."
            " Put it back from where it was kept, or take it away: then the log starts anew."
        )


@dataclass(frozen=True, slots=True)
class Anchor:
    """The file that remembers the newest signed head."""

    path: Path

    def read(self) -> Head | None:
        """Return the head in the file; None where there is no file."""
        if not self.path.exists():
            return None
        try:
            document = json.loads(self.path.read_text())
            root = checked_hash(base64.b64decode(document["root"]))
            return Head(checked_number(int(document["size"])), root)
        except (ChainError, KeyError, TypeError, ValueError) as error:
            raise AnchorFault(self.path) from error

    def write(self, head: Head) -> None:
        """Put a head into the file so that not even a power cut loses it."""
        draft = self.path.with_suffix(".draft")
        document = {"size": head.size, "root": base64.b64encode(head.root).decode()}
        with draft.open("w") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
