"""Openings that are gone: each was erased by an entry that says so, or is a fault of the log.

The entry that erased names those it erased in facts that its own leaf commits to, so nobody can
add a name to it afterwards.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sharing.chain.errors import MalformedError
from sharing.chain.leaves import EntryKind, Leaf, commitment, parse_leaf

ERASED: Final = "erased"
"""Under which name the facts of an erasing entry list those it erased."""
_ERASING: Final = frozenset({EntryKind.ERASURE, EntryKind.RETENTION})


class Fault(StrEnum):
    """In which way an opening is not as it must be."""

    MISSING = "missing"
    """It is gone, and no entry is named that erased it."""
    NOT_SAID = "not_said"
    """It is gone, and the entry named for that is none that erases, or does not name it."""
    KEPT = "kept"
    """An entry says that it was erased, and something of it is there."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What is left of an entry's opening, and which entry is named as having erased it."""

    entry: UUID
    content: bool
    salt: bool
    erased_by: UUID | None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it lies in the log: its leaf, and the facts that its leaf commits to."""

    leaf: bytes
    facts_salt: bytes
    facts: bytes


def fault_of(opening: Opening, erased: frozenset[UUID]) -> Fault | None:
    """Return what is wrong with an opening, if anything.

    `erased` is what the entry named for it says it erased, as `erased_in` finds it.
    """
    if opening.content and opening.salt:
        return None if opening.erased_by is None else Fault.KEPT
    if opening.erased_by is None:
        return Fault.MISSING
    if opening.entry not in erased:
        return Fault.NOT_SAID
    return Fault.KEPT if opening.content or opening.salt else None


def erased_in(by: Written | None) -> frozenset[UUID]:
    """Return the entries that this one says it erased: none, unless its leaf commits to that."""
    if by is None:
        return frozenset()
    try:
        leaf = parse_leaf(by.leaf)
        if leaf.kind in _ERASING and _commits(leaf, by):
            return frozenset(map(UUID, json.loads(by.facts).get(ERASED, ())))
    except (MalformedError, ValueError):
        pass
    return frozenset()


def _commits(leaf: Leaf, by: Written) -> bool:
    return leaf.facts == commitment(by.facts_salt, by.facts)
