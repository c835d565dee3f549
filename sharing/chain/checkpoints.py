"""Checkpoints (C2SP tlog-checkpoint): a log says how long it is and what its root is.

The origin is also the name of the log's keys, as the format recommends; here it has to be.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sharing.chain.encoding import (
    checked_hash,
    checked_number,
    read_hash,
    read_number,
    read_text,
    write_base64,
    write_line,
)
from sharing.chain.errors import MalformedError, UnprovenError
from sharing.chain.notes import Signature, Signer, VerifierKey, Vouched, parse_note, stamp, verify


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its name, its number of leaves, its root, and lines we never write."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint signed by its log, and everyone else of those asked about who vouches for it."""

    checkpoint: Checkpoint
    text: bytes
    logs: tuple[Vouched, ...]
    cosigners: tuple[Vouched, ...]


def checkpoint_text(checkpoint: Checkpoint) -> bytes:
    """Return the text for a log to sign."""
    size, root = checked_number(checkpoint.size), checked_hash(checkpoint.root)
    lines = (checkpoint.origin, str(size), write_base64(root), *checkpoint.extensions)
    return b"".join(write_line(line) for line in lines)


def parse_checkpoint(text: bytes) -> Checkpoint:
    """Return the checkpoint that has exactly this text."""
    read_text(text)
    match text.split(b"\n"):
        case [origin, size, root, *extensions, b""] if origin and all(extensions):
            others = tuple(line.decode() for line in extensions)
            return Checkpoint(origin.decode(), read_number(size), read_hash(root), others)
        case _:
            raise MalformedError("not a checkpoint")


def cosign(text: bytes, signer: Signer, at: int) -> Signature:
    """Return a witness's `cosignature/v1` of a checkpoint (C2SP tlog-cosignature).

    It states that at that time, in POSIX seconds, this was the largest consistent tree the witness
    had seen of the log: check the consistency proof first.
    """
    parse_checkpoint(text)
    return stamp(text, signer, at)


def open_checkpoint(
    raw: bytes, log_keys: Iterable[VerifierKey], cosigner_keys: Iterable[VerifierKey] = ()
) -> OpenedCheckpoint:
    """Return a checkpoint that one of its log's own keys signed.

    How many cosigners are enough is for the policy of whoever asks. During a rotation the log has
    two keys, and one signature is enough.
    """
    logs, cosigners = tuple(log_keys), tuple(cosigner_keys)
    note = parse_note(raw)
    vouched = verify(note, (*logs, *cosigners))
    checkpoint = parse_checkpoint(note.text)
    own = tuple(one for one in vouched if one.key in logs and one.key.name == checkpoint.origin)
    if not own:
        raise UnprovenError("the log itself did not sign this checkpoint")
    others = tuple(one for one in vouched if one.key in cosigners and one.key not in logs)
    return OpenedCheckpoint(checkpoint, note.text, own, others)
