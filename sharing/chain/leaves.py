"""Leaves of the log: what an entry leaves in the tree for ever, and nothing personal in it.

A leaf holds two salted commitments, to the facts of an entry and to the people it concerns. Permit
and refusal look alike in it. Its bytes are stored and hashed as they were first written, so nobody
ever has to canonicalise them.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sharing.chain.encoding import checked_hash, read_hash, write_base64
from sharing.chain.errors import MalformedError

SALT_SIZE: Final = 32
# RFC 6962 takes 0x00 for leaves and 0x01 for nodes: a commitment can pass for neither.
_COMMITMENT: Final = b"\x02"
_LEAF: Final = b"\x00"
_FORM: Final = re.compile(
    rb'\{"v":1,"id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})","kind":"([a-z]+)",'
    rb'"facts":"([A-Za-z0-9+/=]{44})","subject":"([A-Za-z0-9+/=]{44})"\}'
)


class EntryKind(StrEnum):
    """What kind of event an entry records.

    Kinds are added and never change their meaning; `v` in a leaf speaks of its form alone. Who
    checks a log need not know a kind to check a leaf's hash and commitments.
    """

    DECISION = "decision"
    PREVIEW = "preview"
    READING = "reading"
    ERASURE = "erasure"
    RETENTION = "retention"
    KEY = "key"
    RESTORE = "restore"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Leaf:
    """The public part of an entry: its id, its kind and its two commitments of 32 bytes."""

    id: UUID
    kind: EntryKind
    facts: bytes
    subject: bytes


def commitment(salt: bytes, content: bytes) -> bytes:
    """Return the hash that binds to the content and, without the salt, tells nothing of it.

    The salt is 32 random bytes, fresh for each commitment: personal data hashed without one can be
    guessed.
    """
    if len(salt) != SALT_SIZE:
        raise MalformedError("a salt has 32 bytes")
    return hashlib.sha256(_COMMITMENT + salt + content).digest()


def leaf_bytes(leaf: Leaf) -> bytes:
    """Return the exact bytes of a leaf, about 250 of them."""
    facts = write_base64(checked_hash(leaf.facts))
    subject = write_base64(checked_hash(leaf.subject))
    return (
        f'{{"v":1,"id":"{leaf.id}","kind":"{leaf.kind}","facts":"{facts}","subject":"{subject}"}}'
    ).encode("ascii")


def parse_leaf(raw: bytes) -> Leaf:
    """Return the leaf that has exactly these bytes."""
    # A JSON parser would also take other spellings of the same members.
    found = _FORM.fullmatch(raw)
    if found is None:
        raise MalformedError("not a leaf")
    entry, kind, facts, subject = found.groups()
    try:
        known = EntryKind(kind.decode("ascii"))
    except ValueError as error:
        raise MalformedError("a leaf of an unknown kind") from error
    return Leaf(UUID(entry.decode("ascii")), known, read_hash(facts), read_hash(subject))


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf's bytes (RFC 6962, section 2.1)."""
    return hashlib.sha256(_LEAF + leaf).digest()
