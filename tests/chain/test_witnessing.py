"""What a witness cosigns, and what it denies (C2SP tlog-witness)."""

import pytest

from sharing.chain.checkpoints import Checkpoint
from sharing.chain.errors import MalformedError
from sharing.chain.tree import EMPTY_ROOT, consistency_proof, leaves_reader, root
from sharing.chain.witnessing import (
    Accepted,
    Denied,
    Submission,
    judge,
    origin_of,
    parse_submission,
    submission_text,
)
from tests.chain.make import ORIGIN, flipped, hashes, head, signed, signer

KEYS = {ORIGIN: [signer().verifier()]}
READ = leaves_reader(hashes(20))


def grown(old: int, new: int) -> Submission:
    proof = consistency_proof(old, new, READ) if old > 0 else ()
    return Submission(old, proof, signed(head(new), signer()))


def known(size: int) -> Checkpoint:
    return Checkpoint(ORIGIN, size, root(size, READ))


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 7), (1, 7), (7, 7), (7, 20)])
def test_a_log_that_only_grew_is_cosigned(old: int, new: int) -> None:
    verdict = judge(grown(old, new), known(old) if old else None, KEYS)

    assert verdict == Accepted(known(new), head(new))


def test_a_submission_reads_back_as_it_was_written() -> None:
    whole = grown(3, 20)

    assert parse_submission(submission_text(whole)) == whole
    assert origin_of(whole) == ORIGIN


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"old 0\n\n",
        b"old 0\n" + head(1),
        b"new 0\n\n" + signed(head(1), signer()),
        b"old 01\n\n" + signed(head(1), signer()),
        b"old -1\n\n" + signed(head(1), signer()),
        b"old 1\nAAAA\n\n" + signed(head(1), signer()),
        b"old 1\n" + b"A" * 43 + b"=\n" * 64 + b"\n" + signed(head(1), signer()),
    ],
)
def test_what_is_no_submission_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_submission(raw)


def test_a_proof_longer_than_any_tree_is_not_written() -> None:
    with pytest.raises(MalformedError):
        submission_text(Submission(1, (bytes(32),) * 64, signed(head(1), signer())))


def test_a_note_that_holds_no_checkpoint_is_malformed() -> None:
    with pytest.raises(MalformedError):
        judge(Submission(0, (), signed(b"hello\n", signer())), None, KEYS)


@pytest.mark.parametrize(
    ("submission", "last", "denied"),
    [
        (Submission(0, (), signed(head(3, "other"), signer("other"))), None, (404, None, False)),
        (Submission(0, (), signed(head(3), signer(seed="forged"))), None, (403, None, False)),
        (grown(7, 7), 3, (409, 3, False)),
        (grown(0, 7), 3, (409, 3, False)),
        (Submission(9, (), signed(head(7), signer())), 9, (400, None, False)),
        (Submission(7, (), signed(head(7), signer())), 7, None),
        (Submission(7, (bytes(32),), signed(head(7), signer())), 7, (422, None, True)),
        (Submission(3, (), signed(head(7), signer())), 3, (422, None, True)),
        (Submission(0, (bytes(32),), signed(head(7), signer())), None, (422, None, True)),
    ],
)
def test_what_is_denied_and_why(
    submission: Submission, last: int | None, denied: tuple[int, int | None, bool] | None
) -> None:
    verdict = judge(submission, None if last is None else known(last), KEYS)

    if denied is None:
        assert isinstance(verdict, Accepted)
    else:
        assert isinstance(verdict, Denied)
        assert (verdict.status, verdict.size, verdict.dishonest) == denied


def test_a_signature_that_does_not_hold_is_forbidden() -> None:
    note = bytearray(signed(head(7), signer()))
    coded = note.rindex(b" ") + 40
    note[coded] = ord("A") if note[coded] != ord("A") else ord("B")

    verdict = judge(Submission(0, (), bytes(note)), None, KEYS)

    assert isinstance(verdict, Denied)
    assert verdict.status == 403


def test_another_tree_of_the_same_size_is_a_conflict_that_is_kept() -> None:
    other = Checkpoint(ORIGIN, 7, flipped(root(7, READ), 0))

    verdict = judge(grown(7, 7), other, KEYS)

    assert isinstance(verdict, Denied)
    assert (verdict.status, verdict.size, verdict.dishonest) == (409, 7, True)


def test_the_empty_tree_has_one_root() -> None:
    assert isinstance(judge(grown(0, 0), Checkpoint(ORIGIN, 0, EMPTY_ROOT), KEYS), Accepted)
