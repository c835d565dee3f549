"""Finished proofs (C2SP tlog-proof v1): all it takes to show offline that an entry is in a log."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sharing.chain.checkpoints import OpenedCheckpoint, open_checkpoint
from sharing.chain.encoding import (
    checked_hash,
    checked_number,
    read_base64,
    read_hash,
    read_number,
    write_base64,
)
from sharing.chain.errors import MalformedError
from sharing.chain.notes import VerifierKey, parse_note
from sharing.chain.tree import verify_inclusion

_TITLE: Final = b"c2sp.org/tlog-proof@v1"
_EXTRA: Final = b"extra "
_INDEX: Final = b"index "
# No path in a tree of 2**63 leaves is longer.
_LONGEST_PATH: Final = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a leaf stands, its path to the root, and the signed checkpoint that states the root.

    `unverified_extra` is what the format lets anyone add, and no signature covers it.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    unverified_extra: bytes = b""


def proof_text(proof: Proof) -> bytes:
    """Return the bytes of a proof file, `.tlog-proof`."""
    parse_note(proof.checkpoint)
    if len(proof.path) > _LONGEST_PATH:
        raise MalformedError("a path is longer than any tree is high")
    lines = [_TITLE]
    if proof.unverified_extra:
        lines.append(_EXTRA + write_base64(proof.unverified_extra).encode())
    lines.append(_INDEX + b"%d" % checked_number(proof.index))
    lines += [write_base64(checked_hash(node)).encode() for node in proof.path]
    return b"\n".join((*lines, b"", proof.checkpoint))


def parse_proof(raw: bytes) -> Proof:
    """Return the proof that has exactly these bytes, nothing of it checked."""
    head, _, checkpoint = raw.partition(b"\n\n")
    title, *lines = head.split(b"\n")
    extra = b""
    if lines and lines[0].startswith(_EXTRA):
        extra = read_base64(lines.pop(0).removeprefix(_EXTRA))
    if title != _TITLE or not lines or not lines[0].startswith(_INDEX):
        raise MalformedError("not a proof of this format")
    index = read_number(lines[0].removeprefix(_INDEX))
    proof = Proof(index, tuple(read_hash(line) for line in lines[1:]), checkpoint, extra)
    # Refuses what the reading above let pass: an empty extra line, a path too long, no checkpoint.
    if proof_text(proof) != raw:
        raise MalformedError("not the one form of this proof")
    return proof


def verify_proof(
    proof: Proof,
    leaf_hash: bytes,
    log_keys: Iterable[VerifierKey],
    cosigner_keys: Iterable[VerifierKey] = (),
) -> OpenedCheckpoint:
    """Return the checkpoint whose tree, as its log signed it, holds this leaf."""
    opened = open_checkpoint(proof.checkpoint, log_keys, cosigner_keys)
    head = opened.checkpoint
    verify_inclusion(proof.index, head.size, leaf_hash, proof.path, head.root)
    return opened
