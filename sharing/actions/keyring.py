"""The log's own keys: which there were, since when, and how one takes over from another.

Private halves lie in files: `log.pem`, which the sequencer alone reads, beside it for the overlap
of a rotation the one before, and `receipt.pem` of the web processes. What anyone may know of them
is kept in one more file, in the form in which an auditor's policy lists keys.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from app.kernel.signing import create_key, read_key
from sharing.actions.exporting import SERVICE
from sharing.actions.log import Line, append_entry
from sharing.chain.leaves import EntryKind
from sharing.chain.notes import Signer, format_vkey
from sharing.chain.receipts import receipt_key_name
from sharing.queries.tree import published

EXTENSION: Final = "rightshare.log_keys"


class WhichKey(StrEnum):
    """The two keys by which the log is held to its word."""

    LOG = "log"
    RECEIPT = "receipt"


class RotationFault(Exception):
    """A rotation cannot begin, or there is none to finish; the message says which."""


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """Where the keys of a log lie, and what the log is called."""

    origin: str
    log: Path
    receipt: Path
    public: Path

    def of(self, which: WhichKey) -> Path:
        """Return the file of the key that signs now."""
        return self.log if which is WhichKey.LOG else self.receipt

    def retiring(self, which: WhichKey) -> Path:
        """Return the file of the key before, which is there as long as a rotation overlaps."""
        path = self.of(which)
        return path.with_name(f"{path.stem}-retiring{path.suffix}")

    def drafted(self, which: WhichKey) -> Path:
        """Return the file of the key that is about to sign."""
        path = self.of(which)
        return path.with_name(f"{path.stem}-next{path.suffix}")

    def named(self, which: WhichKey) -> str:
        """Return the name that a key signs under."""
        return self.origin if which is WhichKey.LOG else receipt_key_name(self.origin)

    def log_signers(self) -> tuple[Signer, ...]:
        """Return those who sign checkpoints: one, and in an overlap also the one before.

        For a moment of a rotation, or where it was cut short, both files hold the same key.
        """
        signers = [Signer(self.origin, read_key(self.log))]
        if self.retiring(WhichKey.LOG).exists():
            signers.append(Signer(self.origin, read_key(self.retiring(WhichKey.LOG))))
        return tuple({format_vkey(one.verifier()): one for one in signers}.values())

    def vkey(self, which: WhichKey) -> str:
        """Return the public half of the key that signs now, as its owner publishes it."""
        return format_vkey(Signer(self.named(which), read_key(self.of(which))).verifier())


def known_keys(files: KeyFiles) -> dict[str, Any]:
    """Return every key that the log ever had, as a policy lists them; notes those it has now.

    Where the log had another name before a restore, those of that name are `formerly` its keys:
    by them receipts and checkpoints of what was lost still count.
    """
    before: list[dict[str, Any]] = []
    if files.public.exists():
        known: dict[str, Any] = json.loads(files.public.read_text(encoding="utf-8"))
        if known["origin"] == files.origin:
            return known
        before = [*known.pop("formerly", []), known]
        before = [one for one in before if one["origin"] != files.origin]
    known = {
        "origin": files.origin,
        "log_keys": [{"vkey": files.vkey(WhichKey.LOG), "from": None, "to": None}],
        "receipt_keys": [{"vkey": files.vkey(WhichKey.RECEIPT), "from": None, "to": None}],
    }
    if before:
        known["formerly"] = before
    _write(files.public, known)
    return known


def announce(session: Session, files: KeyFiles, which: WhichKey, at: datetime) -> str:
    """Have the log say that a new key will sign, and return its vkey; `take_over` comes next.

    The entry stands under the old key too: whoever trusts that one learns of the new one by it.
    """
    if _rotating(files, which):
        raise RotationFault(f"The {which} key before is still in use: finish that rotation first.")
    vkey = format_vkey(Signer(files.named(which), create_key(files.drafted(which))).verifier())
    _append(session, "added", which, vkey, at)
    return vkey


def take_over(files: KeyFiles, which: WhichKey, vkey: str, since: int | str) -> None:
    """Put the new key in the old one's place, which signs beside it until `drop`.

    `since` is the size of the log, or of a receipt's key the instant, from which it counts.
    """
    known = known_keys(files)
    if all(one["vkey"] != vkey for one in known[f"{which}_keys"]):
        known[f"{which}_keys"].append({"vkey": vkey, "from": since, "to": None})
        _write(files.public, known)
    if not files.retiring(which).exists():
        os.link(files.of(which), files.retiring(which))
    files.drafted(which).replace(files.of(which))


def announce_end(session: Session, files: KeyFiles, which: WhichKey, at: datetime) -> str:
    """Have the log say that the key before counts no longer, and return its vkey."""
    if not _rotating(files, which):
        raise RotationFault(f"There is no rotation of the {which} key to finish.")
    vkey = format_vkey(Signer(files.named(which), read_key(files.retiring(which))).verifier())
    _append(session, "retired", which, vkey, at)
    return vkey


def drop(files: KeyFiles, which: WhichKey, vkey: str, until: int | str) -> None:
    """Destroy the key before, and note up to where it counts."""
    known = known_keys(files)
    for one in known[f"{which}_keys"]:
        if one["vkey"] == vkey:
            one["to"] = until
    _write(files.public, known)
    files.retiring(which).unlink()


def extent(session: Session, which: WhichKey, at: datetime) -> int | str:
    """Return where a rotation of this key happens: the log's size, or for receipts the instant."""
    if which is WhichKey.RECEIPT:
        return at.isoformat()
    head = published(session)
    return 0 if head is None else head.size


def _rotating(files: KeyFiles, which: WhichKey) -> bool:
    """Say whether two keys count. A rotation that was cut short has left the same one twice."""
    retiring = files.retiring(which)
    return retiring.exists() and retiring.read_bytes() != files.of(which).read_bytes()


def _append(session: Session, act: str, which: WhichKey, vkey: str, at: datetime) -> None:
    facts: dict[str, Any] = {"act": act, "key": which.value, "vkey": vkey, "outcome": "key"}
    append_entry(session, Line(SERVICE, None, "key", facts, about={}), at, EntryKind.KEY)


def _write(path: Path, known: Sequence[Any] | dict[str, Any]) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
