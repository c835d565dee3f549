"""The material of others: RFC 6962, transparency-dev and C2SP."""

import base64
from itertools import combinations_with_replacement

import pytest

from sharing.chain.checkpoints import checkpoint_text, open_checkpoint, parse_checkpoint
from sharing.chain.errors import UnprovenError
from sharing.chain.leaves import leaf_hash
from sharing.chain.notes import KeyKind, format_note, format_vkey, parse_note, parse_vkey, verify
from sharing.chain.tiles import Bundle, Tile, bundle_bytes, grow, parse_bundle, tile_path
from sharing.chain.tree import (
    consistency_proof,
    inclusion_proof,
    leaves_reader,
    root,
    verify_consistency,
    verify_inclusion,
)
from tests.chain.make import VECTORS, vectors

# Its root is a placeholder of 12 bytes, and it expects to be believed.
PLACEHOLDER = "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"
INCLUSION = vectors("inclusion.json")
CONSISTENCY = vectors("consistency.json")
ROOTS = vectors("rfc6962-roots.json")
PROOFS = vectors("rfc6962-proofs.json")
TESTLOG = VECTORS / "tlog-testlog"


def check_inclusion(case) -> None:
    verify_inclusion(
        case["leafIdx"],
        case["treeSize"],
        base64.b64decode(case["leafHash"]),
        [base64.b64decode(node) for node in case["proof"]],
        base64.b64decode(case["root"]),
    )


def check_consistency(case) -> None:
    verify_consistency(
        case["size1"],
        case["size2"],
        base64.b64decode(case["root1"]),
        base64.b64decode(case["root2"]),
        [base64.b64decode(node) for node in case["proof"]],
    )


@pytest.mark.parametrize("case", INCLUSION, ids=lambda case: case["file"])
def test_inclusion_is_judged_as_others_judge_it(case) -> None:
    if case["wantErr"]:
        with pytest.raises(UnprovenError):
            check_inclusion(case)
    else:
        check_inclusion(case)


@pytest.mark.parametrize(
    "case", [case for case in CONSISTENCY if case["file"] != PLACEHOLDER], ids=lambda c: c["file"]
)
def test_consistency_is_judged_as_others_judge_it(case) -> None:
    if case["wantErr"]:
        with pytest.raises(UnprovenError):
            check_consistency(case)
    else:
        check_consistency(case)


def test_the_one_vector_set_apart_has_no_root_and_is_refused() -> None:
    (case,) = [case for case in CONSISTENCY if case["file"] == PLACEHOLDER]
    assert len(base64.b64decode(case["root1"])) == 12
    with pytest.raises(UnprovenError, match="32 bytes"):
        check_consistency(case)


def known_hashes() -> list[bytes]:
    return [leaf_hash(bytes.fromhex(leaf)) for leaf in ROOTS["leaves_hex"]]


def test_leaves_and_roots_are_those_of_rfc_6962() -> None:
    found = known_hashes()
    assert [one.hex() for one in found] == ROOTS["leaf_hashes_hex"]
    read = leaves_reader(found)
    assert [root(size, read).hex() for size in range(9)] == ROOTS["roots_hex_by_size"]


def test_proofs_are_made_as_rfc_6962_makes_them() -> None:
    read = leaves_reader(known_hashes())
    for case in PROOFS["inclusion"]:
        made = inclusion_proof(case["index"], case["size"], read)
        assert [node.hex() for node in made] == case["proof_hex"]
    for case in PROOFS["consistency"]:
        made = consistency_proof(case["old"], case["new"], read)
        assert [node.hex() for node in made] == case["proof_hex"]


def test_the_note_of_the_specification_is_accepted() -> None:
    case = vectors("signed-note.json")
    key = parse_vkey(case["vkey"])
    note = parse_note(case["note"].encode())
    (vouched,) = verify(note, [key])
    assert (vouched.key, vouched.at, key.kind) == (key, None, KeyKind.NOTE)
    assert note.text == b"This is an example message.\n"
    assert format_vkey(key) == case["vkey"]
    assert format_note(note) == case["note"].encode()


def leaves_of_the_test_log(size: int) -> tuple[bytes, ...]:
    return parse_bundle((TESTLOG / tile_path(Bundle(0, size))).read_bytes()) if size else ()


@pytest.mark.parametrize("size", range(16))
def test_the_test_log_is_read_and_written_byte_for_byte(size: int) -> None:
    raw = (TESTLOG / f"checkpoint.{size}").read_bytes()
    key = parse_vkey((TESTLOG / "vkey").read_text(encoding="ascii").strip())
    opened = open_checkpoint(raw, [key])
    leaves = leaves_of_the_test_log(size)
    found = [leaf_hash(leaf) for leaf in leaves]
    assert opened.checkpoint == parse_checkpoint(opened.text)
    assert opened.checkpoint.size == size == len(leaves)
    assert opened.checkpoint.root == root(size, leaves_reader(found))
    assert checkpoint_text(opened.checkpoint) == opened.text
    assert format_note(parse_note(raw)) == raw
    if size:
        tile = Tile(0, 0, size)
        assert grow(0, found, bytes) == {tile: (TESTLOG / tile_path(tile)).read_bytes()}
        assert bundle_bytes(leaves) == (TESTLOG / tile_path(Bundle(0, size))).read_bytes()


def test_every_checkpoint_of_the_test_log_continues_those_before() -> None:
    read = leaves_reader([leaf_hash(leaf) for leaf in leaves_of_the_test_log(15)])
    heads = [
        parse_checkpoint(parse_note((TESTLOG / f"checkpoint.{size}").read_bytes()).text)
        for size in range(1, 16)
    ]
    for old, new in combinations_with_replacement(heads, 2):
        proof = consistency_proof(old.size, new.size, read)
        verify_consistency(old.size, new.size, old.root, new.root, proof)


def test_the_newest_checkpoint_of_the_test_log_is_that_of_size_15() -> None:
    assert (TESTLOG / "checkpoint").read_bytes() == (TESTLOG / "checkpoint.15").read_bytes()
