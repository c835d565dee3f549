import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.chain.checkpoints import cosign
from sharing.chain.encoding import LARGEST
from sharing.chain.errors import ChainError, MalformedError, UnprovenError
from sharing.chain.notes import KeyKind, Note, format_note, sign
from sharing.chain.proofs import Proof, parse_proof, proof_text, verify_proof
from sharing.chain.tree import inclusion_proof, leaves_reader
from tests.chain.make import flipped, hashes, head, signed, signer

LOG, WITNESS = signer(), signer("partner.example/witness")
LEAVES = hashes(7)
PROOF = Proof(4, inclusion_proof(4, 7, leaves_reader(LEAVES)), signed(head(7), LOG))
RAW = proof_text(PROOF)
NODE = b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


def test_a_proof_has_exactly_this_form() -> None:
    made = Proof(0, (b"\x00" * 32,), PROOF.checkpoint, b"hint")
    expected = (
        b"c2sp.org/tlog-proof@v1\nextra aGludA==\nindex 0\n" + NODE + b"\n" + PROOF.checkpoint
    )
    assert proof_text(made) == expected
    assert parse_proof(expected) == made


@given(
    st.builds(
        Proof,
        st.integers(0, LARGEST),
        st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple),
        st.just(PROOF.checkpoint),
        st.binary(max_size=20),
    )
)
def test_a_proof_is_read_back_as_it_was_written(proof: Proof) -> None:
    assert parse_proof(proof_text(proof)) == proof


def test_a_proof_shows_its_leaf_and_who_vouches() -> None:
    text = head(7)
    checkpoint = format_note(Note(text, (sign(text, LOG), cosign(text, WITNESS, 9))))
    key = WITNESS.verifier(KeyKind.COSIGNATURE)
    opened = verify_proof(Proof(4, PROOF.path, checkpoint), LEAVES[4], [LOG.verifier()], [key])
    assert opened.checkpoint.size == 7
    assert [(one.key, one.at) for one in opened.cosigners] == [(key, 9)]


def test_every_leaf_of_a_log_can_be_shown() -> None:
    for size in range(1, 8):
        for index in range(size):
            path = inclusion_proof(index, size, leaves_reader(LEAVES))
            proof = Proof(index, path, signed(head(size), LOG))
            assert verify_proof(parse_proof(proof_text(proof)), LEAVES[index], [LOG.verifier()])


def test_a_proof_shows_no_other_leaf_and_convinces_nobody_without_the_key() -> None:
    with pytest.raises(UnprovenError, match="lead to the root"):
        verify_proof(PROOF, LEAVES[3], [LOG.verifier()])
    with pytest.raises(UnprovenError, match="no known key"):
        verify_proof(PROOF, LEAVES[4], [WITNESS.verifier()])


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(RAW) * 8 - 1))
def test_one_flipped_bit_spoils_a_proof(bit: int) -> None:
    with pytest.raises(ChainError):
        verify_proof(parse_proof(flipped(RAW, bit)), LEAVES[4], [LOG.verifier()])


@pytest.mark.parametrize(
    "proof",
    [
        Proof(-1, (), PROOF.checkpoint),
        Proof(LARGEST + 1, (), PROOF.checkpoint),
        Proof(0, (b"short",), PROOF.checkpoint),
        Proof(0, (b"x" * 32,) * 64, PROOF.checkpoint),
        Proof(0, (), b"no checkpoint\n"),
    ],
)
def test_what_is_no_proof_is_not_written(proof: Proof) -> None:
    with pytest.raises(MalformedError):
        proof_text(proof)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"c2sp.org/tlog-proof@v1",
        b"c2sp.org/tlog-proof@v1\n",
        b"c2sp.org/tlog-proof@v1\n\n" + PROOF.checkpoint,
        b"c2sp.org/tlog-proof@v1\nextra aGludA==\n\n" + PROOF.checkpoint,
        b"c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n" + PROOF.checkpoint,
        b"c2sp.org/tlog-proof@v1\nextra aGludA=\nindex 0\n\n" + PROOF.checkpoint,
        b"c2sp.org/tlog-proof@v1\nindex 00\n\n" + PROOF.checkpoint,
        b"c2sp.org/tlog-proof@v1\nindex -1\n\n" + PROOF.checkpoint,
        b"c2sp.org/tlog-proof@v1\nindex 0\nextra aGludA==\n\n" + PROOF.checkpoint,
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + NODE * 64 + b"\n" + PROOF.checkpoint,
        b"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n" + PROOF.checkpoint,
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + PROOF.checkpoint,
        b"c2sp.org/tlog-proof@v1\nindex 0\n\n",
        RAW.replace(b"@v1", b"@v2"),
        RAW.replace(b"\n", b"\r\n"),
        RAW[:-1],
    ],
)
def test_what_is_not_a_proof_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_proof(text)
