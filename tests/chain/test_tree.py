import hashlib
from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.chain.encoding import LARGEST
from sharing.chain.errors import MalformedError, UnprovenError
from sharing.chain.tree import (
    EMPTY_ROOT,
    complete_root,
    consistency_proof,
    inclusion_proof,
    leaves_reader,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from tests.chain.make import flipped, hashes

LEAVES = hashes(70)
READ = leaves_reader(LEAVES)
ROOTS = [root(size, READ) for size in range(71)]
sizes = st.integers(1, 70)


def defined_root(held: list[bytes]) -> bytes:
    """Return the root as section 2.1 of RFC 6962 defines it, word for word."""
    if len(held) == 1:
        return held[0]
    k = 1
    while k * 2 < len(held):
        k *= 2
    return hashlib.sha256(b"\x01" + defined_root(held[:k]) + defined_root(held[k:])).digest()


def test_roots_are_what_the_definition_says() -> None:
    assert ROOTS[0] == EMPTY_ROOT == hashlib.sha256(b"").digest()
    assert ROOTS[1:] == [defined_root(LEAVES[:size]) for size in range(1, 71)]


def test_every_leaf_of_every_tree_is_proven() -> None:
    for size in range(1, 71):
        for index in range(size):
            proof = inclusion_proof(index, size, READ)
            verify_inclusion(index, size, LEAVES[index], proof, ROOTS[size])


def test_every_tree_is_proven_to_continue_every_smaller_one() -> None:
    for old, new in combinations_with_replacement(range(1, 71), 2):
        proof = consistency_proof(old, new, READ)
        verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_one_flipped_bit_spoils_an_inclusion_proof(data: st.DataObject) -> None:
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    parts = [LEAVES[index], ROOTS[size], *inclusion_proof(index, size, READ)]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = flipped(parts[at], data.draw(st.integers(0, 255)))
    with pytest.raises(UnprovenError):
        verify_inclusion(index, size, parts[0], parts[2:], parts[1])


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_one_flipped_bit_spoils_a_consistency_proof(data: st.DataObject) -> None:
    new = data.draw(sizes)
    old = data.draw(st.integers(1, new))
    parts = [ROOTS[old], ROOTS[new], *consistency_proof(old, new, READ)]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = flipped(parts[at], data.draw(st.integers(0, 255)))
    with pytest.raises(UnprovenError):
        verify_consistency(old, new, parts[0], parts[1], parts[2:])


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_path_shows_its_leaf_at_no_other_index(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    other = (index + data.draw(st.integers(1, size - 1))) % size
    path = inclusion_proof(index, size, READ)
    for leaf in (LEAVES[index], LEAVES[other]):
        with pytest.raises(UnprovenError):
            verify_inclusion(other, size, leaf, path, ROOTS[size])


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_a_node_too_few_or_too_many_spoils_a_proof(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 70))
    old = data.draw(st.integers(1, new - 1))
    path = inclusion_proof(old, new, READ)
    for wrong in (path[:-1], path[1:], (*path, ROOTS[1])):
        with pytest.raises(UnprovenError):
            verify_inclusion(old, new, LEAVES[old], wrong, ROOTS[new])
    proof = consistency_proof(old, new, READ)
    for wrong in (proof[:-1], proof[1:], (*proof, ROOTS[1])):
        with pytest.raises(UnprovenError):
            verify_consistency(old, new, ROOTS[old], ROOTS[new], wrong)


@pytest.mark.parametrize(
    ("index", "size"), [(-1, 4), (4, 4), (0, 0), (0, -1), (0, LARGEST + 1), (5, 4)]
)
def test_a_leaf_outside_its_tree_is_neither_proven_nor_believed(index: int, size: int) -> None:
    with pytest.raises(MalformedError):
        inclusion_proof(index, size, READ)
    with pytest.raises(UnprovenError, match="no such leaf"):
        verify_inclusion(index, size, LEAVES[0], [], LEAVES[0])


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 3), (3, 2), (-1, 2), (1, LARGEST + 1)])
def test_nothing_is_proven_of_an_empty_or_a_larger_tree(old: int, new: int) -> None:
    with pytest.raises(MalformedError):
        consistency_proof(old, new, READ)
    with pytest.raises(UnprovenError, match="not empty"):
        verify_consistency(old, new, EMPTY_ROOT, ROOTS[3], [])


def test_two_roots_of_one_size_are_refused() -> None:
    with pytest.raises(UnprovenError, match="one size"):
        verify_consistency(3, 3, ROOTS[3], ROOTS[4], [])
    with pytest.raises(UnprovenError, match="one size"):
        verify_consistency(3, 3, ROOTS[3], ROOTS[3], [ROOTS[3]])


def test_hashes_of_another_length_are_refused() -> None:
    with pytest.raises(UnprovenError, match="32 bytes"):
        verify_inclusion(0, 1, b"short", [], b"short")
    with pytest.raises(UnprovenError, match="32 bytes"):
        verify_consistency(1, 1, b"", b"", [])
    with pytest.raises(MalformedError, match="32 bytes"):
        root(1, lambda *_: b"short")


def test_an_inner_node_never_passes_for_a_leaf() -> None:
    fork = node_hash(LEAVES[0], LEAVES[1])
    with pytest.raises(UnprovenError):
        verify_inclusion(0, 4, fork, inclusion_proof(0, 4, READ)[1:], ROOTS[4])


def test_a_reader_does_not_answer_for_leaves_it_has_not() -> None:
    with pytest.raises(MalformedError, match="leaves at hand"):
        root(71, READ)


@pytest.mark.parametrize("count", [0, 3, 6])
def test_a_complete_tree_has_a_power_of_two_of_leaves(count: int) -> None:
    with pytest.raises(MalformedError):
        complete_root(LEAVES[:count])


def test_a_size_no_log_can_have_has_no_root() -> None:
    with pytest.raises(MalformedError):
        root(-1, READ)
