"""A small log that is kept as an auditor keeps it: exports, checkpoints and receipts in files."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.db import Database
from app.kernel.roles import APP, SEQUENCER, role_url
from app.parts import load_vault
from app.verifier import main
from sharing.actions.exporting import SERVICE, as_tar
from sharing.actions.log import Line, append_entry
from sharing.chain.leaves import EntryKind
from sharing.chain.notes import Signer, format_vkey
from sharing.chain.receipts import receipt_key_name
from sharing.jobs.sequencer import Anchor, Sequencer
from sharing.queries.exporting import members
from sharing.terms.exporting import Openings
from tests.make import ELM, a_family, ask, said
from tests.postgres import libpq
from tests.service import LOG_ORIGIN, MONDAY, RECEIPT_KEY, RING, Service

LOG_KEY = Signer(LOG_ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
RECEIPTS = Signer(receipt_key_name(LOG_ORIGIN), RECEIPT_KEY)


def policy(**other: Any) -> dict[str, Any]:
    """What an auditor of the tests' log trusts."""
    return {
        "origin": LOG_ORIGIN,
        "log_keys": [{"vkey": format_vkey(LOG_KEY.verifier())}],
        "receipt_keys": [{"vkey": format_vkey(RECEIPTS.verifier())}],
        "openings": "people",
    } | other


@contextmanager
def sequencing(admin_url: str, anchor: Path, clock: Clock = lambda: MONDAY) -> Iterator[Sequencer]:
    """Have a sequencer for as long as the block lasts."""
    database = Database.connect(role_url(admin_url, SEQUENCER), None, pool_size=1)
    yield Sequencer(database, LOG_KEY, Anchor(anchor), clock)
    database.close()


def append(admin_url: str, kind: EntryKind, facts: dict[str, Any], at: datetime = MONDAY) -> None:
    """Put an entry into the log as the service itself does."""
    app = role_url(admin_url, APP)
    database = Database.connect(app, load_vault(app, RING))
    with database.transaction(speaking_for=SERVICE) as session:
        line = Line(SERVICE, None, str(kind), facts | {"outcome": str(kind)}, about={})
        append_entry(session, line, at, kind)
    database.close()


def keep_a_log(address: str, folder: Path) -> None:
    """Fill a database with a log of seven entries, and keep what an auditor would of it.

    Three disclosures; a checkpoint; another, a refusal, the erasure of entry 1, and one more.
    """
    service = Service(address)
    family = a_family(service)
    said(service, family)
    for n in range(3):
        (folder / f"receipt-{n}").write_text(ask(service).get_json()["receipt"])
    with sequencing(address, folder / "anchor.json") as sequencer:
        sequencer.step()
    (folder / "checkpoint-3").write_bytes(service.call("GET", "/log/checkpoint").get_data())
    (folder / "receipt-3").write_text(ask(service).get_json()["receipt"])
    ask(service, agency=ELM)
    with psycopg.connect(libpq(address), autocommit=True) as superuser:
        ((entry,),) = superuser.execute("select entry_id from log_leaf where leaf_index = 1")
        append(address, EntryKind.ERASURE, {"erased": [str(entry)]})
        superuser.execute(
            "update log_subject set opening = null, salt = null where id = %s", [entry]
        )
    ask(service)
    with sequencing(address, folder / "anchor.json") as sequencer:
        sequencer.step()
    (folder / "checkpoint-7").write_bytes(service.call("GET", "/log/checkpoint").get_data())
    service.close()


def exported(
    session: Session, path: Path, openings: Openings = Openings.PEOPLE, at: datetime = MONDAY
) -> Path:
    """Take the log out as it stands, whatever its state."""
    files = members(lambda: nullcontext(session), openings)
    with path.open("wb") as file:
        for part in as_tar(files, LOG_ORIGIN, openings, RECEIPTS, at):
            file.write(part)
    return path


@dataclass(frozen=True)
class Judged:
    """What the verifier said."""

    code: int
    lines: list[str]

    def says(self, *words: str) -> bool:
        return any(all(word in line for word in words) for line in self.lines)


def judge(
    export: Path,
    *,
    checkpoints: Iterable[Path] = (),
    receipts: Iterable[Path] = (),
    evidence: Path | None = None,
    **trust: Any,
) -> Judged:
    """Run the verifier as its command does."""
    trusted = export.with_suffix(".trust")
    trusted.write_text(json.dumps(policy(**trust)))
    arguments = [str(export), "--policy", str(trusted)]
    for option, paths in (("--previous", checkpoints), ("--receipts", receipts)):
        for path in paths:
            arguments += [option, str(path)]
    if evidence is not None:
        arguments += ["--evidence", str(evidence)]
    lines: list[str] = []
    return Judged(main(arguments, lines.append), lines)


@contextmanager
def session_on(log: Connection) -> Iterator[Session]:
    """A session inside the transaction that is undone in the end."""
    address = log.engine.url.render_as_string(hide_password=False)
    with Database(log, load_vault(address, RING)).transaction() as session:
        yield session


def taken_out(
    log: Connection, folder: Path, openings: Openings = Openings.PEOPLE, at: datetime = MONDAY
) -> Path:
    """Take the log out as it stands."""
    with session_on(log) as session:
        return exported(session, folder / "log.tar", openings, at)


def judged(log: Connection, kept: Path, tmp_path: Path, **trust: Any) -> Judged:
    """Take the log out and check it against everything that was kept."""
    return judge(
        taken_out(log, tmp_path),
        checkpoints=[kept / "checkpoint-3", kept / "checkpoint-7"],
        receipts=[kept / f"receipt-{n}" for n in range(4)],
        **trust,
    )
