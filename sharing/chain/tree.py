"""The Merkle tree of RFC 6962: roots, and proofs that a tree holds a leaf or continues another.

Makers read the hashes of complete subtrees from wherever they are kept; they raise MalformedError.
Checkers follow RFC 9162, section 2.1, step by step, and need nothing but what they are given; they
raise UnprovenError.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Final

from sharing.chain.encoding import HASH_SIZE, LARGEST, checked_hash, checked_number
from sharing.chain.errors import MalformedError, UnprovenError

# (level, index) -> hash of the complete subtree over 2**level leaves from index * 2**level on
NodeReader = Callable[[int, int], bytes]

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
_NODE: Final = b"\x01"


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(_NODE + left + right).digest()


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a number of hashes that is a power of two."""
    if not hashes or len(hashes) & (len(hashes) - 1):
        raise MalformedError("a complete tree has a power of two of leaves")
    row = hashes
    while len(row) > 1:
        row = [node_hash(row[n], row[n + 1]) for n in range(0, len(row), 2)]
    return row[0]


def leaves_reader(leaf_hashes: Sequence[bytes]) -> NodeReader:
    """Return a reader over leaf hashes held in memory."""

    def read(level: int, index: int) -> bytes:
        start = index << level
        held = leaf_hashes[start : start + (1 << level)]
        if len(held) != 1 << level:
            raise MalformedError("the tree is larger than the leaves at hand")
        return complete_root(held)

    return read


def root(size: int, read: NodeReader) -> bytes:
    """Return the root of the tree over the first `size` leaves."""
    if checked_number(size) == 0:
        return EMPTY_ROOT
    return _span(0, size, read)


def inclusion_proof(index: int, size: int, read: NodeReader) -> tuple[bytes, ...]:
    """Return the proof that a leaf is in the tree of `size`, from the leaf's end to the root's."""
    if not 0 <= index < checked_number(size):
        raise MalformedError("no such leaf in a tree of this size")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            path.append(_span(middle, end, read))
            end = middle
        else:
            path.append(_span(start, middle, read))
            start = middle
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, read: NodeReader) -> tuple[bytes, ...]:
    """Return the proof that the tree of `new` leaves begins with the tree of `old`, at least 1."""
    if not 0 < old <= checked_number(new):
        raise MalformedError("a tree can only continue a smaller one that is not empty")
    path = []
    start, end = 0, new
    while end != old:
        middle = _split(start, end)
        if old <= middle:
            path.append(_span(middle, end, read))
            end = middle
        else:
            path.append(_span(start, middle, read))
            start = middle
    # Whoever checks already holds the old root; only an inner part of the old tree has to be told.
    if start:
        path.append(_span(start, end, read))
    return tuple(reversed(path))


def verify_inclusion(
    index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root_hash: bytes
) -> None:
    """Raise unless the proof shows the leaf at this index of the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size <= LARGEST:
        raise UnprovenError("no such leaf in a tree of this size")
    _check_lengths((leaf_hash, root_hash, *proof))
    place, last, held = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise UnprovenError("the inclusion proof is too long")
        if place & 1 or place == last:
            held = node_hash(sibling, held)
            place, last = _climb(place, last)
        else:
            held = node_hash(held, sibling)
        place, last = place >> 1, last >> 1
    if last or not hmac.compare_digest(held, root_hash):
        raise UnprovenError("the inclusion proof does not lead to the root")


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise unless the proof shows that the new tree begins with the old (RFC 9162, 2.1.4.2).

    Anything continues the empty tree, so a proof from it would prove nothing and is refused.
    """
    if not 0 < old <= new <= LARGEST:
        raise UnprovenError("a tree can only continue a smaller one that is not empty")
    _check_lengths((old_root, new_root, *proof))
    if old == new:
        if proof or not hmac.compare_digest(old_root, new_root):
            raise UnprovenError("trees of one size have one root and an empty proof")
        return
    # A complete old tree is itself a node of the new one, and its root opens the path.
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    old_seen, new_seen = _replay(old, new, path)
    same = hmac.compare_digest(old_seen, old_root) and hmac.compare_digest(new_seen, new_root)
    if not same:
        raise UnprovenError("the consistency proof does not lead to both roots")


def _replay(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the two roots to which a consistency path leads."""
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not path:
        raise UnprovenError("the consistency proof is too short")
    old_seen = new_seen = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise UnprovenError("the consistency proof is too long")
        if place & 1 or place == last:
            old_seen, new_seen = node_hash(sibling, old_seen), node_hash(sibling, new_seen)
            place, last = _climb(place, last)
        else:
            new_seen = node_hash(new_seen, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise UnprovenError("the consistency proof is too short")
    return old_seen, new_seen


def _climb(place: int, last: int) -> tuple[int, int]:
    """Pass the levels at which a node on the right edge has no sibling."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _check_lengths(hashes: Sequence[bytes]) -> None:
    if any(len(given) != HASH_SIZE for given in hashes):
        raise UnprovenError("a hash has 32 bytes")


def _split(start: int, end: int) -> int:
    """Return where the tree over these leaves parts: the left side is the largest complete one."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def _span(start: int, end: int, read: NodeReader) -> bytes:
    """Return the root over the leaves [start, end), where a tree can part at `start`."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(checked_hash(read(level, start >> level)))
        start += 1 << level
    held = peaks.pop()
    while peaks:
        held = node_hash(peaks.pop(), held)
    return held
