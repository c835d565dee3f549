"""Whatever comes in, a reader returns what was written or raises the one named error."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.chain.checkpoints import checkpoint_text, parse_checkpoint
from sharing.chain.encoding import read_base64, read_hash, read_number, read_text
from sharing.chain.errors import ChainError, MalformedError, UnprovenError
from sharing.chain.leaves import leaf_bytes, parse_leaf
from sharing.chain.notes import format_note, format_vkey, parse_note, parse_vkey
from sharing.chain.proofs import parse_proof, proof_text
from sharing.chain.receipts import parse_receipt, receipt_text
from sharing.chain.tiles import bundle_bytes, parse_bundle, parse_tile_path, tile_path
from tests.chain import test_leaves, test_proofs, test_receipts
from tests.chain.make import head, signed, signer

Reader = Callable[[bytes], object]
READERS: dict[str, tuple[Reader, Callable[..., bytes] | None, bytes]] = {
    "note": (parse_note, format_note, signed(b"text\n", signer())),
    "checkpoint": (parse_checkpoint, checkpoint_text, head(7)),
    "receipt": (parse_receipt, receipt_text, test_receipts.TEXT),
    "proof": (parse_proof, proof_text, test_proofs.RAW),
    "leaf": (parse_leaf, leaf_bytes, test_leaves.RAW),
    "bundle": (parse_bundle, bundle_bytes, b"\x00\x01a\x00\x00\x00\x03abc"),
    "number": (read_number, lambda number: b"%d" % number, b"1234"),
    "base64": (read_base64, None, b"AAAA"),
    "hash": (read_hash, None, b"A" * 43 + b"="),
    "text": (read_text, str.encode, b"text\n"),
}


@pytest.mark.parametrize("name", READERS)
@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_a_reader_takes_one_spelling_or_refuses(name: str, data: st.DataObject) -> None:
    read, write, good = READERS[name]
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, len(good)))
    raw = good[:start] + data.draw(st.binary(max_size=8)) + good[end:]
    try:
        found = read(raw)
    except MalformedError:
        return
    assert write is None or write(found) == raw


@settings(deadline=None, max_examples=100)
@given(
    st.text(max_size=30)
    | st.from_regex(r"tile/[0-9e]{1,2}/(x?[0-9]{3}/?){1,3}(\.p/[0-9]{1,3})?", fullmatch=True)
)
def test_a_path_has_one_spelling_or_is_refused(path: str) -> None:
    try:
        assert tile_path(parse_tile_path(path)) == path
    except MalformedError:
        return


@settings(deadline=None, max_examples=100)
@given(
    st.text(st.characters(), max_size=60)
    | st.from_regex(r"\A[a-z]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\Z", fullmatch=True)
)
def test_a_published_key_has_one_spelling_or_is_refused(vkey: str) -> None:
    try:
        assert format_vkey(parse_vkey(vkey)) == vkey
    except MalformedError:
        return


def test_both_faults_are_faults_of_the_log() -> None:
    assert issubclass(MalformedError, ChainError)
    assert issubclass(UnprovenError, ChainError)
    assert issubclass(ChainError, ValueError)
