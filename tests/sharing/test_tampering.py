"""What a superuser of the database can do to the log, and how an auditor sees it (rule 39).

Each row does it to a copy of one small log, takes the log out and has the verifier judge.
"""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.sharing.keeping import judged

OFF = "alter table {} disable trigger all;"
ENTRY = "(select entry_id from log_leaf where leaf_index = {})"


def entry(index: int, change: str) -> str:
    return (
        OFF.format("log_entry") + f"update log_entry set {change} where id = {ENTRY.format(index)}"
    )


def leaf(statement: str) -> str:
    return OFF.format("log_leaf") + OFF.format("log_leaf_0") + statement


def subject(index: int, change: str) -> str:
    return f"update log_subject set {change} where id = {ENTRY.format(index)}"


SWAPPED = leaf(
    "update log_leaf set leaf_index = -1 where leaf_index = 2;"
    "update log_leaf set leaf_index = 2 where leaf_index = 5;"
    "update log_leaf set leaf_index = 5 where leaf_index = -1"
)
CUT = leaf(
    "delete from log_leaf where leaf_index >= 3;"
    "alter table log_checkpoint disable trigger all; delete from log_checkpoint where size > 3;"
    "update log_tile set hashes = substr(hashes, 1, 96);"
    "update log_state set size = 3, published_size = 3"
)
TWICE = leaf(f"update log_leaf set entry_id = {ENTRY.format(4)} where leaf_index = 5")
CHECKPOINT = "alter table log_checkpoint disable trigger all; update log_checkpoint set note = {}"
TILE = "update log_tile set hashes = overlay(hashes placing sha256('x') from {} for 32)"
SOUND = (
    "sound: 7 entries of rightshare.test/log; openings: people; 3 checkpoints of the log and"
    " 2 of yours; 4 receipts; 0 witnesses\n"
)
FAULTS = {
    "1 an entry deleted": (
        OFF.format("log_entry") + f"delete from log_entry where id = {ENTRY.format(4)}",
        ["tampering: entry 4: the tree holds its hash, and the entry itself is gone"],
    ),
    "2 the bytes of an entry edited": (
        entry(3, "leaf = replace(encode(leaf, 'escape'), 'decision', 'reading')::bytea"),
        ["tampering: entry 3: its bytes are not those"],
    ),
    "2 the facts of an entry edited": (
        entry(3, "facts = replace(convert_from(facts, 'UTF8'), 'permit', 'deny')::bytea"),
        ["tampering: entry 3: its facts are not those"],
    ),
    "2 the salt of the facts changed": (
        entry(6, "facts_salt = sha256('x')"),
        ["tampering: entry 6: its facts are not those"],
    ),
    "2 an entry filed under another outcome": (
        entry(4, "outcome = 'permit'"),
        ["tampering: entry 4: filed as permit, not so its facts"],
    ),
    "2 a personal half put in from another entry": (
        subject(0, "salt = sha256('x')"),
        ["tampering: entry 0: its personal half is not the one"],
    ),
    "2 a personal half overwritten": (
        subject(0, "opening = '\\x01'"),
        ["tampering: entry 0: its personal half is not the one"],
    ),
    "13 a personal half gone without an erasure": (
        subject(3, "opening = null, salt = null"),
        ["tampering: entry 3: its personal half is gone, and no entry says that it was erased"],
    ),
    "13 the row of a personal half gone": (
        OFF.format("log_subject") + f"delete from log_subject where id = {ENTRY.format(6)}",
        ["tampering: entry 6: its personal half is gone"],
    ),
    "3 two entries swapped": (
        SWAPPED,
        ["tampering: entry 2: its bytes are not those", "tampering: entry 5: its bytes"],
    ),
    "3 two entries swapped, and the tiles made to fit": (
        SWAPPED
        + ";update log_tile set hashes = overlay(overlay(hashes placing substr(hashes, 161, 32)"
        " from 65 for 32) placing substr(hashes, 65, 32) from 161 for 32)",
        ["tampering: entries 0 to 2: not what was signed for when the log had 3"],
    ),
    "4 the tail cut, the size lowered": (
        CUT,
        ["tampering: size 3: rolled back: a checkpoint of 7 entries is known"],
    ),
    "an entry in two places": (TWICE, ["tampering: entry 5: its bytes are not those"]),
    "a tile rewritten": (
        TILE.format(65),
        ["tampering: entry 2: its bytes", "tampering: entries 0 to 2: not what was signed for"],
    ),
    "7 the newest checkpoint under another name": (
        CHECKPOINT.format("replace(convert_from(note, 'UTF8'), 'rightshare', 'other')::bytea"),
        ["tampering: checkpoint: it is of another log"],
    ),
    "7 the size in a checkpoint changed": (
        CHECKPOINT.format("replace(convert_from(note, 'UTF8'), E'\\n7\\n', E'\\n6\\n')::bytea")
        + " where size = 7",
        ["tampering: checkpoint: the signature of rightshare.test/log does not hold"],
    ),
    "7 a signature line twice": (
        CHECKPOINT.format("note || substr(note, position(convert_to('— ', 'UTF8') in note))"),
        ["tampering: checkpoint: two signatures of one key"],
    ),
}


def test_a_log_that_nobody_touched_is_sound(log: Connection, kept: Path, tmp_path: Path) -> None:
    found = judged(log, kept, tmp_path)

    assert found.lines == [
        "note: entry 1: its personal half was erased by entry 5\n",
        SOUND,
    ]
    assert found.code == 0


@pytest.mark.parametrize(("statements", "findings"), FAULTS.values(), ids=FAULTS)
def test_rule_39_what_a_superuser_did_is_found_and_named(
    log: Connection, kept: Path, tmp_path: Path, statements: str, findings: list[str]
) -> None:
    log.exec_driver_sql(statements)

    found = judged(log, kept, tmp_path)

    for finding in findings:
        assert found.says(finding), found.lines
    assert found.code == 1
