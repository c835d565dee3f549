import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.chain.checkpoints import (
    Checkpoint,
    checkpoint_text,
    cosign,
    open_checkpoint,
    parse_checkpoint,
)
from sharing.chain.encoding import LARGEST
from sharing.chain.errors import MalformedError, UnprovenError
from sharing.chain.notes import KeyKind, Note, format_note, sign
from tests.chain.make import ORIGIN, head, signed, signer

LOG, WITNESS = signer(), signer("partner.example/witness")
WITNESS_KEY = WITNESS.verifier(KeyKind.COSIGNATURE)
TEXT = head(7)
ROOT = b"x" * 32
lines = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)


@given(
    st.builds(
        Checkpoint,
        lines,
        st.integers(0, LARGEST),
        st.binary(min_size=32, max_size=32),
        st.lists(lines, max_size=3).map(tuple),
    )
)
def test_a_checkpoint_is_read_back_as_it_was_written(checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(checkpoint_text(checkpoint)) == checkpoint


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 1, ROOT),
        Checkpoint("a\n2", 1, ROOT),
        Checkpoint("a\t", 1, ROOT),
        Checkpoint("\ud800", 1, ROOT),
        Checkpoint("a", -1, ROOT),
        Checkpoint("a", LARGEST + 1, ROOT),
        Checkpoint("a", 1, b"short"),
        Checkpoint("a", 1, ROOT, ("",)),
    ],
)
def test_what_would_read_otherwise_is_not_written(checkpoint: Checkpoint) -> None:
    with pytest.raises(MalformedError):
        checkpoint_text(checkpoint)


@pytest.mark.parametrize(
    "size", [b"", b"-1", b"+1", b"01", b" 1", b"1_0", b"1e3", b"9" * 19, b"\xd9\xa1"]
)
def test_a_size_is_ascii_digits_only(size: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_checkpoint(TEXT.replace(b"\n7\n", b"\n" + size + b"\n"))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        TEXT[:-1],
        TEXT + b"\n",
        TEXT + b"\nmore\n",
        b"\n" + TEXT,
        TEXT.replace(b"=", b""),
        TEXT.replace(b"=\n", b"==\n"),
        TEXT.replace(b"\n", b"\r\n"),
        b"\xff" + TEXT,
        b"a\n7\nAAAA\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_checkpoint(text)


def test_a_checkpoint_is_opened_with_its_witnesses() -> None:
    note = Note(TEXT, (sign(TEXT, LOG), cosign(TEXT, WITNESS, 1_700_000_000)))
    opened = open_checkpoint(format_note(note), [LOG.verifier()], [WITNESS_KEY])
    assert (opened.checkpoint.origin, opened.checkpoint.size) == (ORIGIN, 7)
    assert opened.text == TEXT
    assert [one.key for one in opened.logs] == [LOG.verifier()]
    assert [(one.key, one.at) for one in opened.cosigners] == [(WITNESS_KEY, 1_700_000_000)]


def test_witnesses_alone_do_not_make_a_checkpoint() -> None:
    raw = format_note(Note(TEXT, (cosign(TEXT, WITNESS, 1),)))
    with pytest.raises(UnprovenError, match="log itself"):
        open_checkpoint(raw, [LOG.verifier()], [WITNESS_KEY])


def test_a_log_does_not_sign_for_another() -> None:
    raw = signed(head(7, "other.example"), LOG)
    with pytest.raises(UnprovenError, match="log itself"):
        open_checkpoint(raw, [LOG.verifier()])


def test_a_cosignature_does_not_move_to_another_checkpoint() -> None:
    other = head(8)
    raw = format_note(Note(other, (sign(other, LOG), cosign(TEXT, WITNESS, 1))))
    with pytest.raises(UnprovenError, match="does not hold"):
        open_checkpoint(raw, [LOG.verifier()], [WITNESS_KEY])


def test_a_log_is_not_its_own_witness() -> None:
    opened = open_checkpoint(signed(TEXT, LOG), [LOG.verifier()], [LOG.verifier()])
    assert opened.cosigners == ()


def test_while_keys_rotate_either_opens_a_checkpoint() -> None:
    new = signer(ORIGIN, seed="new")
    raw = signed(TEXT, LOG, new)
    for keys in ([LOG.verifier()], [new.verifier()], [new.verifier(), LOG.verifier()]):
        assert len(open_checkpoint(raw, keys).logs) == len(keys)
    with pytest.raises(UnprovenError):
        open_checkpoint(signed(TEXT, new), [LOG.verifier()])


def test_only_checkpoints_are_cosigned() -> None:
    with pytest.raises(MalformedError, match="not a checkpoint"):
        cosign(b"anything else\n", WITNESS, 1)


def test_a_signed_text_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(MalformedError, match="not a checkpoint"):
        open_checkpoint(signed(b"anything else\n", LOG), [LOG.verifier()])


def test_what_a_cosigner_signs_is_what_the_specification_says() -> None:
    made = cosign(TEXT, WITNESS, 1_679_315_147).made
    message = b"cosignature/v1\ntime 1679315147\n" + TEXT
    assert made == (1_679_315_147).to_bytes(8, "big") + WITNESS.private.sign(message)
