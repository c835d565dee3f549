import hashlib
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.chain.errors import MalformedError
from sharing.chain.leaves import (
    EntryKind,
    Leaf,
    commitment,
    leaf_bytes,
    leaf_hash,
    parse_leaf,
)

ENTRY = UUID("0190163d-8694-739b-aea5-966c26f8ad91")
LEAF = Leaf(ENTRY, EntryKind.DECISION, b"\x00" * 32, b"\xff" * 32)
RAW = (
    b'{"v":1,"id":"0190163d-8694-739b-aea5-966c26f8ad91","kind":"decision",'
    b'"facts":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",'
    b'"subject":"//////////////////////////////////////////8="}'
)


def test_a_commitment_is_the_hash_of_mark_salt_and_content() -> None:
    salt = bytes(range(32))
    assert commitment(salt, b"content") == hashlib.sha256(b"\x02" + salt + b"content").digest()


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(MalformedError, match="salt"):
        commitment(b"x" * length, b"content")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40))
def test_the_salt_changes_the_commitment(salt: bytes, content: bytes) -> None:
    assert commitment(salt, content) != commitment(bytes([salt[0] ^ 1]) + salt[1:], content)


def test_a_leaf_has_exactly_these_bytes() -> None:
    assert leaf_bytes(LEAF) == RAW
    assert parse_leaf(RAW) == LEAF
    assert leaf_hash(RAW) == hashlib.sha256(b"\x00" + RAW).digest()


@given(
    st.builds(
        Leaf,
        st.uuids(),
        st.sampled_from(EntryKind),
        st.binary(min_size=32, max_size=32),
        st.binary(min_size=32, max_size=32),
    )
)
def test_a_leaf_is_json_and_reads_back(leaf: Leaf) -> None:
    raw = leaf_bytes(leaf)
    assert parse_leaf(raw) == leaf
    assert list(json.loads(raw)) == ["v", "id", "kind", "facts", "subject"]


def test_permit_and_refusal_look_alike() -> None:
    permit = leaf_bytes(Leaf(ENTRY, EntryKind.DECISION, b"\x01" * 32, b"\x02" * 32))
    refusal = leaf_bytes(Leaf(ENTRY, EntryKind.DECISION, b"\x03" * 32, b"\x04" * 32))
    assert len(permit) == len(refusal) < 300


@pytest.mark.parametrize(("facts", "subject"), [(b"", b"x" * 32), (b"x" * 32, b"x" * 33)])
def test_a_commitment_of_another_length_is_refused(facts: bytes, subject: bytes) -> None:
    with pytest.raises(MalformedError, match="32 bytes"):
        leaf_bytes(Leaf(ENTRY, EntryKind.KEY, facts, subject))


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b'"v":1', b'"v":2'),
        (b'"v":1,', b'"v": 1,'),
        (b"decision", b"gossip"),
        (b"0190163d-", b"0190163D-"),
        (b"0190163d-", b"0190163d"),
        (b'"}', b'"}\n'),
        (b"AAA=", b"AAB="),
        (b"AAA=", b"AA=="),
        (b"AAA=", b"A==="),
        (b'"facts"', b'"fact"'),
    ],
)
def test_other_spellings_of_a_leaf_are_refused(good: bytes, bad: bytes) -> None:
    assert good in RAW
    with pytest.raises(MalformedError):
        parse_leaf(RAW.replace(good, bad))
