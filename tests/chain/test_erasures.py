"""An opening that is gone was erased by an entry that says so, or is a fault: never silence."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from sharing.chain.erasures import Fault, Opening, Written, erased_in, fault_of
from sharing.chain.leaves import EntryKind, Leaf, commitment, leaf_bytes

GONE, OTHER, BY = (UUID(int=n, version=4) for n in (1, 2, 3))
SALT = bytes(32)


def written(kind: EntryKind = EntryKind.ERASURE, **facts: object) -> Written:
    said = json.dumps({"erased": [str(GONE)]} | facts).encode()
    leaf = Leaf(BY, kind, commitment(SALT, said), commitment(SALT, b"{}"))
    return Written(leaf_bytes(leaf), SALT, said)


ERASED = Opening(GONE, content=False, salt=False, erased_by=BY)
WHOLE = Opening(GONE, content=True, salt=True, erased_by=None)


@pytest.mark.parametrize(
    ("opening", "by", "fault"),
    [
        (WHOLE, None, None),
        (ERASED, written(), None),
        (ERASED, written(EntryKind.RETENTION), None),
        (replace(WHOLE, erased_by=BY), written(), Fault.KEPT),
        (replace(ERASED, salt=True), written(), Fault.KEPT),
        (replace(ERASED, content=True), written(), Fault.KEPT),
        (replace(ERASED, erased_by=None), None, Fault.MISSING),
        (replace(WHOLE, salt=False), None, Fault.MISSING),
        (ERASED, None, Fault.NOT_SAID),
        (replace(ERASED, entry=OTHER), written(), Fault.NOT_SAID),
        (ERASED, written(EntryKind.DECISION), Fault.NOT_SAID),
        (ERASED, replace(written(), leaf=b"no leaf"), Fault.NOT_SAID),
        (ERASED, written(erased=["no id"]), Fault.NOT_SAID),
    ],
)
def test_rule_44_what_is_gone_is_explained_or_a_fault(
    opening: Opening, by: Written | None, fault: Fault | None
) -> None:
    assert fault_of(opening, erased_in(by)) == fault


def test_a_name_added_to_an_erasing_entry_afterwards_counts_for_nothing() -> None:
    honest = written()
    forged = json.dumps({"erased": [str(GONE), str(OTHER)]}).encode()
    assert erased_in(honest) == {GONE}
    assert erased_in(replace(honest, facts=forged)) == frozenset()


def test_an_entry_that_erased_no_opening_names_none() -> None:
    assert erased_in(written(erased=[])) == frozenset()
