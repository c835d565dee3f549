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
OLDER = "alter table log_checkpoint disable trigger all;"
WAITING = (
    "with made as (insert into log_entry select gen_random_uuid(), at, recipient, source, outcome,"
    f" leaf, leaf_hash, facts, facts_salt from log_entry where id = {ENTRY.format(5)}"
    " returning id, leaf_hash) insert into log_pending (entry_id, leaf_hash) select * from made"
)
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
        ["tampering: entry 4: filed as permit, elm-school, eh-hub, not so its facts"],
    ),
    "an entry hidden from the agency that asked": (
        entry(3, "recipient = 'elm-school'"),
        ["tampering: entry 3: filed as permit, elm-school, eh-hub, not so its facts"],
    ),
    "an entry hidden from the agency that told": (
        entry(3, "source = null"),
        ["tampering: entry 3: filed as permit, oak-school, None, not so its facts"],
    ),
    "an entry put to another time": (
        entry(3, "at = at - interval '3 days'"),
        ["tampering: entry 3: filed under another id or time"],
    ),
    "an entry put to no time at all": (
        entry(3, "at = 'infinity'"),
        ["tampering: entry 3: what opens it is not there, or cannot be read"],
    ),
    "an entry put to another person": (
        subject(3, "subject = gen_random_uuid()"),
        ["tampering: entry 3: filed under a subject whom it is not about"],
    ),
    "an entry hidden from the person whom it is about": (
        subject(3, "subject = null"),
        ["tampering: entry 3: filed under a subject whom it is not about"],
    ),
    "the beginning of the facts passed off as salt": (
        entry(3, "facts_salt = facts_salt || substr(facts, 1, 9), facts = substr(facts, 10)"),
        ["tampering: entry 3: its facts are not those"],
    ),
    "the end of the salt passed off as facts": (
        entry(3, "facts_salt = substr(facts_salt, 1, 9), facts = substr(facts_salt, 10) || facts"),
        ["tampering: entry 3: its facts are not those"],
    ),
    "an entry that no bundle has room for": (
        entry(3, "leaf = convert_to(repeat('x', 70000), 'UTF8')"),
        ["tampering: entry 3: its bytes are not those"],
    ),
    "an entry that is no text": (
        entry(3, "leaf = '\\xff'"),
        ["tampering: entry 3: its bytes are not those"],
    ),
    "a checkpoint of the past dropped": (
        OLDER + "delete from log_checkpoint where size = 3",
        ["tampering: size 3: the log signed this checkpoint, and has it no longer"],
    ),
    "a checkpoint of the past signed by nobody": (
        OLDER + "update log_checkpoint set note = overlay(note placing 'AAAA'::bytea from"
        " length(note) - 20 for 4) where size = 3",
        ["tampering: checkpoints/000000: the signature of rightshare.test/log does not hold"],
    ),
    "a checkpoint of the past under another name": (
        OLDER + "update log_checkpoint set note ="
        " replace(convert_from(note, 'UTF8'), 'rightshare', 'other')::bytea where size = 3",
        ["tampering: checkpoints/000000: it is of another log, 'other.test/log'"],
    ),
    "what is no checkpoint": (
        OLDER + "update log_checkpoint set note = '\\xff00'",
        ["tampering: checkpoint: not a checkpoint", "tampering: checkpoints/000000"],
    ),
    "a tile emptied": (
        "update log_tile set hashes = ''",
        ["tampering: tile/0/000.p/7: it holds 0, not 7"],
    ),
    "something erased that is there, and an erasure that waits to explain it": (
        subject(1, "salt = sha256('x')") + ";" + WAITING,
        ["tampering: entry 5:", "was erased, it says, and something of it is there"],
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
