"""What a log asks of a witness, and what a witness answers (C2SP tlog-witness).

A witness remembers one checkpoint of each log. It cosigns a larger one that provably continues it,
so that a log cannot show different histories to different people without two witnesses noticing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sharing.chain.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint
from sharing.chain.encoding import (
    checked_hash,
    checked_number,
    read_hash,
    read_number,
    write_base64,
)
from sharing.chain.errors import ChainError, MalformedError, UnprovenError
from sharing.chain.notes import VerifierKey, parse_note
from sharing.chain.tree import EMPTY_ROOT, verify_consistency

_OLD: Final = b"old "
_LONGEST_PROOF: Final = 63


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint, and the proof that it continues the tree of `old` leaves."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """A checkpoint that its witness may cosign, and the text to be signed."""

    checkpoint: Checkpoint
    text: bytes


@dataclass(frozen=True, slots=True)
class Denied:
    """An HTTP status, why, and where the format wants it the size that the witness remembers.

    `dishonest` where the log signed what it could not prove: that is worth keeping.
    """

    status: int
    why: str
    size: int | None = None
    dishonest: bool = False


def submission_text(submission: Submission) -> bytes:
    """Return the body of a request to `add-checkpoint`."""
    if len(submission.proof) > _LONGEST_PROOF:
        raise MalformedError("a proof is longer than any tree is high")
    parse_note(submission.checkpoint)
    lines = [_OLD + b"%d" % checked_number(submission.old)]
    lines += [write_base64(checked_hash(node)).encode() for node in submission.proof]
    return b"\n".join((*lines, b"", submission.checkpoint))


def parse_submission(raw: bytes) -> Submission:
    """Return the submission that has exactly these bytes, nothing of it believed."""
    head, _, checkpoint = raw.partition(b"\n\n")
    old, *proof = head.split(b"\n")
    if not old.startswith(_OLD):
        raise MalformedError("the first line says the size before: old 0")
    size = read_number(old.removeprefix(_OLD))
    submission = Submission(size, tuple(read_hash(line) for line in proof), checkpoint)
    submission_text(submission)  # refuses a proof too long, and what is no note
    return submission


def origin_of(submission: Submission) -> str:
    """Return the name of the log that a submission claims to come from."""
    return parse_checkpoint(parse_note(submission.checkpoint).text).origin


def judge(
    submission: Submission, known: Checkpoint | None, trusted: Mapping[str, Sequence[VerifierKey]]
) -> Accepted | Denied:
    """Say whether a checkpoint may be cosigned by who remembers `known` of its log.

    `MalformedError` where the note holds no checkpoint (400). Cosign only what was stored first.
    """
    origin = origin_of(submission)
    if origin not in trusted:
        return Denied(404, "this witness does not know the log")
    try:
        opened = open_checkpoint(submission.checkpoint, trusted[origin])
    except UnprovenError as error:
        return Denied(403, str(error))
    head, last = opened.checkpoint, known or Checkpoint(origin, 0, EMPTY_ROOT)
    denied = _size_denied(submission.old, last, head)
    if denied is not None:
        return denied
    try:
        _check_growth(last, head, submission.proof)
    except ChainError as error:
        return Denied(422, str(error), dishonest=True)
    return Accepted(head, opened.text)


def _size_denied(old: int, last: Checkpoint, head: Checkpoint) -> Denied | None:
    if old > head.size:
        return Denied(400, "the size before is larger than that of the checkpoint")
    if old != last.size:
        return Denied(409, "the size before is not what this witness cosigned last", last.size)
    if head.size == last.size and head.root != last.root:
        why = "this witness cosigned another tree of this size"
        return Denied(409, why, last.size, dishonest=True)
    return None


def _check_growth(last: Checkpoint, head: Checkpoint, proof: Sequence[bytes]) -> None:
    if last.size:
        verify_consistency(last.size, head.size, last.root, head.root, proof)
    elif proof:
        raise UnprovenError("anything continues the empty tree: the proof is empty")
