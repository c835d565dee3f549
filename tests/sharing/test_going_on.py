"""The log goes on: under a new key, and under a new name after a restore."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from app.kernel.db import Database
from app.kernel.roles import SEQUENCER, role_url
from app.kernel.signing import create_key
from app.oauth.cli import keys_commands
from app.verifier import main
from sharing.actions import keyring
from sharing.actions.keyring import KeyFiles
from sharing.actions.log import ORIGIN, RECEIPTS
from sharing.actions.restoring import RestoreFault
from sharing.chain.checkpoints import parse_checkpoint
from sharing.chain.notes import Note, Signer, format_note, parse_note, sign
from sharing.chain.receipts import Receipt, receipt_key_name, receipt_text
from sharing.cli.log import log_commands
from sharing.cli.restoring import restore_log, what_is_lost
from sharing.jobs.sequencer import Anchor, OtherLog, Sequencer
from tests.service import LOG_ORIGIN, Service
from tests.sharing.keeping import Judged
from tests.sharing.seeing import Rows
from tests.sharing.test_sequencer import ask


class OurLog:
    """A log with its files in a folder, run and looked after by its own commands."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service, self.folder = service, folder
        self.database = Database.connect(role_url(service.admin_url, SEQUENCER), None, pool_size=1)
        self.anchor = Anchor(folder / "anchor.json")
        self.origin = LOG_ORIGIN
        service.as_client("operator").post(
            "/v1/agencies", {"code": "oak-school", "name": "Oak", "kind": "school"}
        )

    @property
    def files(self) -> KeyFiles:
        names = (self.folder / name for name in ("log.pem", "receipt.pem", "log-keys.json"))
        return KeyFiles(self.origin, *names)

    def goes_by(self, origin: str) -> None:
        """Start each process anew under another name of the log."""
        self.origin = origin
        signer = Signer(receipt_key_name(origin), self.service.parts.receipts.private)
        self.service.app.extensions |= {ORIGIN: origin, RECEIPTS: signer}

    def asked(self, times: int) -> None:
        self.service.as_client("oak-school", scopes=("disclosure.request",))
        ask(self.service, times)

    def sequenced(self) -> None:
        """Start a worker anew, and let it do what there is."""
        one = Sequencer(self.database, self.files.log_signers, self.anchor, self.service.clock)
        while one.step():
            pass

    def command(self, group: Any, *arguments: str) -> Result:
        self.service.app.extensions[keyring.EXTENSION] = self.files
        with self.service.app.app_context():
            return CliRunner().invoke(group, arguments)

    def policy(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.command(log_commands, "trust").output)
        return told

    def judged_by(self, policy: dict[str, Any], *kept: str | Path) -> Judged:
        """Take the log out and check it against a policy, and what else was kept."""
        tar, trust = self.folder / "log.tar", self.folder / "trust.json"
        told = self.command(log_commands, "export", "--out", str(tar), "--people")
        assert told.exit_code == 0, told.output
        trust.write_text(json.dumps(policy))
        lines: list[str] = []
        return Judged(
            main([str(tar), "--policy", str(trust), *map(str, kept)], lines.append), lines
        )


@pytest.fixture
def ours(service: Service, tmp_path: Path) -> Iterator[OurLog]:
    create_key(tmp_path / "log.pem")
    create_key(tmp_path / "receipt.pem")
    made = OurLog(service, tmp_path)
    signer = made.service.parts.receipts
    # The application signs with the key that its file would hold.
    (tmp_path / "receipt.pem").write_bytes(_pem(signer))
    yield made
    made.database.close()


def _pem(signer: Signer) -> bytes:
    return signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_a_log_is_exported_and_checked_by_its_commands(ours: OurLog, superuser: Rows) -> None:
    ours.asked(2)
    ours.sequenced()

    first = ours.judged_by(ours.policy() | {"openings": "people"})
    ours.sequenced()
    second = ours.judged_by(ours.policy())

    assert (first.code, second.code) == (0, 0), first.lines
    assert first.says("sound: 2 entries")
    assert second.says("sound: 3 entries")
    ((recipient, facts),) = superuser.execute(
        "select recipient, convert_from(facts, 'UTF8') from log_entry"
        " where outcome = 'export' order by id limit 1"
    )
    assert recipient == "(service)"
    assert json.loads(facts)["act"] == "export"
    assert (ours.folder / "log.tar").stat().st_mode & 0o777 == 0o600


def test_a_new_key_signs_beside_the_old_until_the_overlap_ends(ours: OurLog) -> None:
    ours.asked(1)
    ours.sequenced()
    old = ours.policy()

    begun = ours.command(keys_commands, "rotate", "log")
    ours.sequenced()
    overlap, overlap_new = ours.judged_by(old), ours.judged_by(ours.policy())
    finished = ours.command(keys_commands, "rotate", "log", "--finish")
    ours.sequenced()
    after, after_new = ours.judged_by(old), ours.judged_by(ours.policy())

    new_vkey = begun.output.split(" ")[0]
    assert (begun.exit_code, finished.exit_code) == (0, 0)
    assert (overlap.code, overlap_new.code, after.code, after_new.code) == (0, 0, 2, 0)
    assert overlap.says(f"warning: entry 1: a key is added: {new_vkey}")
    assert overlap_new.says(f"note: entry 1: a key is added: {new_vkey}")
    assert after.says("incomplete: checkpoint: no key that you trust signed it", new_vkey)
    assert after_new.says("a key is retired")


def test_a_sequencer_at_work_takes_the_new_key_and_drops_the_old_without_a_new_start(
    ours: OurLog,
) -> None:
    at_work = Sequencer(ours.database, ours.files.log_signers, ours.anchor, ours.service.clock)
    signatures = []

    def one_more() -> None:
        ours.asked(1)
        ours.service.clock.passes(seconds=2)
        while at_work.step():
            pass
        note = ours.service.call("GET", "/log/checkpoint").get_data()
        signatures.append(len(parse_note(note).signatures))

    one_more()
    ours.command(keys_commands, "rotate", "log")
    one_more()
    hidden = ours.files.log.rename(ours.folder / "hidden.pem")
    one_more()  # as if it were replaced this very moment
    hidden.rename(ours.files.log)
    ours.command(keys_commands, "rotate", "log", "--finish")
    one_more()

    assert signatures == [1, 2, 2, 1]
    assert ours.judged_by(ours.policy()).code == 0


def test_a_rotation_is_finished_before_the_next_begins(ours: OurLog) -> None:
    ours.asked(1)
    ours.sequenced()

    unbegun = ours.command(keys_commands, "rotate", "log", "--finish")
    ours.command(keys_commands, "rotate", "log")
    again = ours.command(keys_commands, "rotate", "log")
    tokens = ours.command(keys_commands, "rotate", "oauth", "--finish")

    assert "no rotation of the log key" in str(unbegun.exception)
    assert "finish that rotation first" in str(again.exception)
    assert "finishes by itself" in tokens.output


def test_a_rotation_that_was_cut_short_is_begun_again(ours: OurLog) -> None:
    ours.asked(1)
    ours.sequenced()
    retiring = ours.files.retiring(keyring.WhichKey.LOG)
    retiring.hardlink_to(ours.files.log)

    begun = ours.command(keys_commands, "rotate", "log")
    ours.sequenced()

    assert begun.exit_code == 0
    assert ours.judged_by(ours.policy()).code == 0
    assert len(ours.files.log_signers()) == 2


def test_receipts_of_both_keys_count_until_the_overlap_ends(ours: OurLog) -> None:
    ours.command(keys_commands, "rotate", "receipt")
    both = ours.policy()["receipt_keys"]
    ours.service.clock.passes(hours=1)
    ours.command(keys_commands, "rotate", "receipt", "--finish")
    ended = ours.policy()["receipt_keys"]

    assert [one["to"] for one in both] == [None, None]
    assert [one["to"] for one in ended] == [ours.service.clock.at.isoformat(), None]


def cut_back(superuser: Rows, size: int) -> None:
    """Leave the database as an older backup holds it."""
    for table in ("log_leaf", "log_checkpoint", "log_entry"):
        superuser.execute(f"alter table {table} disable trigger append_only")
    superuser.execute(
        "delete from log_entry where id in (select entry_id from log_leaf where leaf_index >= %s)",
        [size],
    )
    superuser.execute("delete from log_leaf where leaf_index >= %s", [size])
    superuser.execute("delete from log_checkpoint where size > %s", [size])
    superuser.execute("update log_tile set hashes = substr(hashes, 1, 32 * %s)", [size])
    superuser.execute("update log_state set size = %s, published_size = %s", [size, size])
    for table in ("log_leaf", "log_checkpoint", "log_entry"):
        superuser.execute(f"alter table {table} enable always trigger append_only")


def test_a_restored_database_serves_again_once_somebody_has_answered_for_it(
    ours: OurLog, superuser: Rows
) -> None:
    for _ in range(2):
        ours.asked(2)
        ours.sequenced()
    cut_back(superuser, 2)
    ours.sequenced()
    halted = ours.service.call("GET", "/readyz").status_code

    loss = what_is_lost(ours.database, ours.anchor, LOG_ORIGIN)
    restore_log(
        ours.service.parts.database,
        ours.database,
        ours.anchor,
        loss,
        because="disk failed",
        clock=ours.service.clock,
    )

    assert (halted, loss.lost, loss.next_origin) == (503, 2, f"{LOG_ORIGIN}/2")
    with pytest.raises(OtherLog, match=f"RIGHTSHARE_LOG_ORIGIN={LOG_ORIGIN}/2"):
        ours.sequenced()
    assert ours.service.call("GET", "/readyz").status_code == 503
    ours.origin = loss.next_origin
    ours.sequenced()
    raw = ours.service.call("GET", "/log/checkpoint").get_data()
    head = parse_checkpoint(parse_note(raw).text)
    assert (head.origin, head.size) == (f"{LOG_ORIGIN}/2", 3)
    with pytest.raises(RestoreFault, match="nothing that was signed for is missing"):
        what_is_lost(ours.database, ours.anchor, LOG_ORIGIN)


def test_receipts_and_checkpoints_of_what_a_restore_lost_are_broken_promises(
    ours: OurLog, superuser: Rows
) -> None:
    ours.policy()  # as each migration notes the keys there are
    receipts, checkpoints = [], []
    for n in range(2):
        ours.asked(2)
        ours.sequenced()
        receipts.append(_file(ours.folder / f"receipt-{n}", _receipt_of_the_last(ours, superuser)))
        head = ours.service.call("GET", "/log/checkpoint").get_data()
        checkpoints.append(_file(ours.folder / f"checkpoint-{n}", head))
    cut_back(superuser, 2)
    ours.sequenced()
    ours.service.clock.passes(minutes=1)  # long before a place was promised by
    loss = what_is_lost(ours.database, ours.anchor, LOG_ORIGIN)
    databases = ours.service.parts.database, ours.database
    restore_log(*databases, ours.anchor, loss, because="disk failed", clock=ours.service.clock)
    ours.goes_by(loss.next_origin)
    ours.sequenced()
    policy = ours.policy()

    before = ours.judged_by(policy, "--receipts", receipts[0], "--previous", checkpoints[0])
    lost = ours.judged_by(policy, "--receipts", receipts[1])
    rolled_back = ours.judged_by(policy, "--previous", checkpoints[1])
    stranger = ours.judged_by({**policy, "formerly": []}, "--receipts", receipts[0])

    assert before.code == 0, before.lines
    assert before.says("warning: entry 2: the log was restored: disk failed")
    assert (lost.code, lost.says("it was promised a place by")) == (1, True), lost.lines
    assert rolled_back.code == 1
    assert (stranger.code, stranger.says("not a receipt of this log")) == (2, True)


def _receipt_of_the_last(ours: OurLog, superuser: Rows) -> bytes:
    ((entry, leaf_hash),) = superuser.execute(
        "select id, leaf_hash from log_entry join log_leaf on entry_id = id"
        " order by leaf_index desc limit 1"
    )
    at = ours.service.clock.at
    said = receipt_text(Receipt(LOG_ORIGIN, entry, leaf_hash, at, at + timedelta(minutes=15)))
    return format_note(Note(said, (sign(said, ours.service.parts.receipts),)))


def _file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_second_restore_counts_on(ours: OurLog, superuser: Rows) -> None:
    ours.asked(1)
    ours.sequenced()
    superuser.execute("update log_state set origin = 'x/log/2', halted_because = 'a witness'")

    assert what_is_lost(ours.database, ours.anchor, LOG_ORIGIN).next_origin == "x/log/3"


def test_a_log_whose_tree_is_damaged_is_not_gone_on_with(ours: OurLog, superuser: Rows) -> None:
    ours.asked(3)
    ours.sequenced()
    superuser.execute("update log_tile set hashes = ''")

    with pytest.raises(RestoreFault, match="damaged"):
        what_is_lost(ours.database, ours.anchor, LOG_ORIGIN)
