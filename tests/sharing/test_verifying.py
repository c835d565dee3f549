"""What an auditor makes of an export: keys, witnesses, receipts, erasures, and files that lack."""

import json
import re
import subprocess
import sys
import tarfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from app import verifier
from app.kernel.db import speak_for
from sharing.actions.exporting import SERVICE
from sharing.actions.log import Line, append_entry
from sharing.actions.sequencing import integrate, publish
from sharing.chain.checkpoints import Checkpoint, checkpoint_text, cosign
from sharing.chain.leaves import EntryKind
from sharing.chain.notes import (
    KeyKind,
    Note,
    Signer,
    format_note,
    format_vkey,
    parse_note,
    sign,
    signature_line,
)
from sharing.chain.receipts import Receipt, receipt_text
from sharing.terms.exporting import Openings
from tests.service import LOG_ORIGIN, MONDAY, RECEIPT_KEY
from tests.sharing.keeping import LOG_KEY, RECEIPTS, judge, judged, policy, session_on, taken_out

WITNESS = Signer("watcher", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def gone(index: int) -> str:
    """Destroy the personal half of an entry."""
    entry = f"(select entry_id from log_leaf where leaf_index = {index})"
    return f"update log_subject set opening = null, salt = null where id = {entry}"


def head_of(size: int, root: bytes, signer: Signer = LOG_KEY) -> bytes:
    """A checkpoint as somebody with the log's key, or another, might sign it."""
    said = checkpoint_text(Checkpoint(LOG_ORIGIN, size, root))
    return format_note(Note(said, (sign(said, signer),)))


def promise(entry: UUID, leaf_hash: bytes, minutes: int = 15) -> bytes:
    """A receipt as the log's web process signs it, for something that may not be in the log."""
    by = MONDAY + timedelta(minutes=minutes)
    said = receipt_text(Receipt(LOG_ORIGIN, entry, leaf_hash, MONDAY, by))
    return format_note(Note(said, (sign(said, RECEIPTS),)))


def cosigned(log: Connection, size: int, at: int, *, of: int = 0, claims: int = 0) -> None:
    """Put a witness's cosignature, perhaps of another checkpoint or time, under a checkpoint."""
    found = text("select note from log_checkpoint where size = :size")
    note = parse_note(log.scalar(found, {"size": of or size}))
    made = cosign(note.text, WITNESS, at)
    claimed = (claims or at).to_bytes(8, "big") + made.made[8:]
    line = signature_line(replace(made, made=claimed))
    log.execute(
        text("insert into log_cosignature values (:size, 'watcher', :line, now())"),
        {"size": size, "line": line},
    )


def test_two_checkpoints_of_one_size_are_evidence(
    log: Connection, kept: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_bytes(head_of(7, b"r" * 32))
    evidence = tmp_path / "evidence"

    taken = taken_out(log, tmp_path)
    found = judge(taken, checkpoints=[kept / "checkpoint-7", other], evidence=evidence)

    assert found.says("tampering: entries 7 to 7: not what was signed for when the log had 7")
    assert found.code == 1
    assert other.read_bytes() in evidence.read_bytes()
    assert (kept / "checkpoint-7").read_bytes() in evidence.read_bytes()


def test_two_receipts_for_one_id_are_evidence(log: Connection, kept: Path, tmp_path: Path) -> None:
    entry = log.scalar(text("select entry_id from log_leaf where leaf_index = 0"))
    forged = tmp_path / "forged"
    forged.write_bytes(promise(entry, b"x" * 32))

    found = judge(taken_out(log, tmp_path), receipts=[kept / "receipt-0", forged])

    assert found.says("tampering", str(entry), "two receipts promise different entries")
    assert found.says("tampering: entry 0", "is not what its receipt promises")
    assert found.code == 1


def test_an_entry_that_was_promised_and_never_came_is_a_broken_promise(
    log: Connection, tmp_path: Path
) -> None:
    never, later = tmp_path / "never", tmp_path / "later"
    never.write_bytes(promise(UUID(int=1), b"x" * 32, minutes=1))
    later.write_bytes(promise(UUID(int=2), b"x" * 32))
    at = MONDAY + timedelta(minutes=2)

    taken = taken_out(log, tmp_path, at=at)

    assert judge(taken, receipts=[later]).code == 2
    folder = tmp_path / "receipts"
    folder.mkdir()
    for one in (never, later):
        one.rename(folder / one.name)
    broken = judge(taken, receipts=[folder])
    assert broken.says("tampering", str(UUID(int=1)), "it was promised a place by")
    assert broken.says("incomplete", str(UUID(int=2)), "it has no place yet")
    assert broken.code == 1


@pytest.mark.parametrize(
    ("signer", "said"),
    [
        (Signer(LOG_ORIGIN, RECEIPT_KEY), "no key that you trust signed it"),
        (Signer("other/log", LOG_KEY.private), "no key that you trust signed it"),
    ],
    ids=["another key", "another name"],
)
def test_a_checkpoint_by_a_key_that_is_not_trusted_is_refused(
    log: Connection, kept: Path, tmp_path: Path, signer: Signer, said: str
) -> None:
    root = log.scalar(text("select root from log_checkpoint where size = 7"))
    log.exec_driver_sql("alter table log_checkpoint disable trigger all")
    log.execute(
        text("update log_checkpoint set note = :note where size = 7"),
        {"note": head_of(7, root, signer)},
    )

    found = judged(log, kept, tmp_path)

    assert found.says("tampering: checkpoint", said)
    assert found.code == 1


def test_a_quorum_of_witnesses_is_asked_for(log: Connection, kept: Path, tmp_path: Path) -> None:
    trusted = {"witnesses": [format_vkey(WITNESS.verifier(KeyKind.COSIGNATURE))], "quorum": 1}

    lacking = judged(log, kept, tmp_path, **trusted)
    cosigned(log, 7, int(MONDAY.timestamp()))
    enough = judged(log, kept, tmp_path, **trusted)

    assert lacking.says("incomplete: checkpoint: 0 witnesses cosigned it, you want 1")
    assert (lacking.code, enough.code) == (2, 0)
    assert enough.says("sound", "1 witnesses")


@pytest.mark.parametrize("fault", [{"of": 3}, {"claims": 2}], ids=["moved", "time changed"])
def test_a_cosignature_that_was_changed_or_moved_is_refused(
    log: Connection, kept: Path, tmp_path: Path, fault: dict[str, int]
) -> None:
    cosigned(log, 7, 1, **fault)

    found = judged(
        log, kept, tmp_path, witnesses=[format_vkey(WITNESS.verifier(KeyKind.COSIGNATURE))]
    )

    assert found.says("tampering: checkpoint: the signature of watcher does not hold")
    assert found.code == 1


@pytest.mark.parametrize(("hours", "index"), [(-2, 0), (5, 3)])
def test_times_that_witnesses_deny_are_warned_of(
    log: Connection, kept: Path, tmp_path: Path, hours: int, index: int
) -> None:
    at = int((MONDAY + timedelta(hours=hours)).timestamp())
    cosigned(log, 3, at)
    cosigned(log, 7, at)

    found = judged(
        log, kept, tmp_path, witnesses=[format_vkey(WITNESS.verifier(KeyKind.COSIGNATURE))]
    )

    assert found.says(f"warning: entry {index}", "which its witnesses deny")
    assert found.code == 0


def test_an_erasure_that_still_waits_for_its_place_leaves_the_question_open(
    log: Connection, kept: Path, tmp_path: Path
) -> None:
    with session_on(log) as session:
        speak_for(session, SERVICE)
        named = session.scalar(text("select entry_id from log_leaf where leaf_index = 3"))
        line = Line(SERVICE, None, "erasure", {"erased": [str(named)]}, {})
        append_entry(session, line, MONDAY, EntryKind.ERASURE)
    log.exec_driver_sql(gone(3))

    found = judged(log, kept, tmp_path)

    assert found.says("incomplete: entry 3", "by an entry that still waits for its place")
    assert found.code == 2


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_month_that_was_dropped_explains_what_is_gone_and_nothing_that_is_there(
    log: Connection, kept: Path, tmp_path: Path, *, is_gone: bool
) -> None:
    with session_on(log) as session:
        speak_for(session, SERVICE)
        one = session.scalar(text("select entry_id from log_leaf where leaf_index = 3"))
        month = {"erased": [], "from": str(one), "before": str(UUID(int=one.int + 1))}
        append_entry(session, Line(SERVICE, None, "x", month, {}), MONDAY, EntryKind.RETENTION)
        head = integrate(session, (LOG_KEY,), 7, MONDAY)
        publish(session, 8, MONDAY)
    if is_gone:
        log.exec_driver_sql(gone(3))

    found = judged(log, kept, tmp_path)

    assert head is not None
    if is_gone:
        assert found.says("note: entry 3: its personal half was erased by entry 7")
    else:
        assert found.says(f"tampering: entry 7: {one} was erased, it says, and something of it")
    assert found.code == (0 if is_gone else 1), found.lines


def test_what_an_export_leaves_out_cannot_be_judged(log: Connection, tmp_path: Path) -> None:
    taken = taken_out(log, tmp_path, Openings.FACTS)

    lacking = judge(taken)
    enough = judge(taken, openings="facts")

    assert lacking.says("incomplete: openings: facts, you want people")
    assert (lacking.code, enough.code) == (2, 0)


def test_an_export_that_breaks_off_cannot_be_judged(log: Connection, tmp_path: Path) -> None:
    whole = taken_out(log, tmp_path).read_bytes()
    short = tmp_path / "short.tar"

    for length in (0, 100, len(whole) // 2, len(whole) - 5000):
        short.write_bytes(whole[:length])
        found = judge(short)
        assert found.code == 2, found.lines
        assert found.says("cannot be judged")


def test_an_export_that_was_changed_since_is_told_from_the_log(
    log: Connection, tmp_path: Path
) -> None:
    whole = taken_out(log, tmp_path).read_bytes()
    changed = tmp_path / "changed.tar"
    changed.write_bytes(whole.replace(b'"source":"eh-hub"', b'"source":"em-hub"', 1))

    found = judge(changed)

    assert found.says("tampering: openings/000000: changed after the export was signed")
    assert found.code == 1


def test_no_file_can_be_taken_out_of_an_export(log: Connection, tmp_path: Path) -> None:
    taken, less = taken_out(log, tmp_path), tmp_path / "less.tar"
    with tarfile.open(taken) as archive:
        held = [(one, archive.extractfile(one).read()) for one in archive]
    assert len(held) == 8
    for missing, _ in held:
        with tarfile.open(less, "w") as archive:
            for one, content in held:
                if one.name != missing.name:
                    archive.addfile(one, BytesIO(content))
        assert judge(less).code != 0, missing.name


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_bit_of_an_export_can_be_flipped(
    log: Connection, tmp_path: Path, where: float, bit: int
) -> None:
    taken = tmp_path / "log.tar"
    if not taken.exists():
        taken_out(log, tmp_path)
    whole = bytearray(taken.read_bytes())
    with tarfile.open(taken) as archive:
        held = [(one.offset_data, one.size) for one in archive]
    place = int(where * sum(size for _, size in held))
    for start, size in held:
        if place < size:
            whole[start + place] ^= 1 << bit
            break
        place -= size
    (tmp_path / "flipped.tar").write_bytes(whole)

    assert judge(tmp_path / "flipped.tar").code in {1, 2}


def test_a_policy_or_a_receipt_that_cannot_be_read_is_said_to_be(
    log: Connection, kept: Path, tmp_path: Path
) -> None:
    taken = taken_out(log, tmp_path)

    assert judge(taken, quorum=1).says("incomplete", "more witnesses must sign than there are")
    assert judge(taken, openings="all").says("incomplete", "openings are one of")
    assert judge(taken, log_keys=[{"vkey": "x"}]).says("incomplete", "not a key")
    found = judge(taken, receipts=[kept / "checkpoint-3"])
    assert (found.code, found.says("incomplete", "checkpoint-3", "not a receipt")) == (2, True)


def test_the_verifier_is_one_file_that_needs_nothing_of_the_service(
    log: Connection, kept: Path, tmp_path: Path
) -> None:
    taken = taken_out(log, tmp_path)
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "verifier.py").write_bytes(Path(verifier.__file__).read_bytes())
    (alone / "trust.json").write_text(json.dumps(policy()))

    told = subprocess.run(
        [sys.executable, "-I", "verifier.py", taken, "--policy", "trust.json"],
        cwd=alone,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.endswith("0 receipts; 0 witnesses\n")
    program = (alone / "verifier.py").read_text()
    imported = set(re.findall(r"^(?:from|import) (\w+)", program, re.MULTILINE))
    assert imported - {"cryptography"} <= set(sys.stdlib_module_names)
