"""The log's own bars for proofs: made from stored tiles, and checked by the auditor's program."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import process_time
from typing import Final

import psycopg

from app import verifier
from app.config import Settings
from app.parts import key_files, parts_for
from sharing.actions.exporting import as_tar
from sharing.actions.keyring import known_keys
from sharing.chain.leaves import leaf_hash
from sharing.chain.proofs import verify_proof
from sharing.queries.exporting import Openings, members
from sharing.queries.tree import proof_of
from tests.bench.measure import WrongAnswer, spread_of
from tests.bench.report import Row, milliseconds
from tests.bench.world import World

PROOFS: Final = 100
MOST_VERIFIED: Final = 1_000_000
SECONDS_A_MILLION: Final = {Openings.FACTS: 15.0, Openings.PEOPLE: 15.0}


def rows(world: World, entries: int) -> Iterator[Row | str]:
    """Measure proofs and the verification of an export, and yield the rows."""
    yield _proofs(world, entries)
    if entries > MOST_VERIFIED:
        yield f"No export of {entries:,} entries was verified: make bench-log ENTRIES=1000000"
        return
    for openings, seconds in SECONDS_A_MILLION.items():
        yield _verification(world, entries, openings, seconds)


def _proofs(world: World, entries: int) -> Row:
    database = parts_for(world.settings).ig_database
    key = key_files(world.settings).log_signers()[0].verifier()
    with psycopg.connect(world.url) as connection:
        places = [n * (entries // PROOFS) for n in range(PROOFS)]
        found = connection.execute(
            "select id, leaf from log_leaf join log_entry on id = entry_id"
            " where leaf_index = any (%s)",
            [places],
        ).fetchall()
    taken = []
    with database.reading() as session:
        for _ in range(3):
            began = process_time()
            made = [proof_of(session, entry) for entry, _ in found]
            taken.append((process_time() - began) / len(found))
            for proof, (_, leaf) in zip(made, found, strict=True):
                if proof is None:
                    raise WrongAnswer("an entry has no proof")
                verify_proof(proof, leaf_hash(leaf), [key])
    spread = spread_of(taken)
    return Row(
        f"log: CPU of a proof among {entries:,}, in 3 ms",
        milliseconds(spread.middle),
        "",
        spread_of([one / 0.003 for one in taken]),
        1,
        at_least=False,
    )


def _verification(world: World, entries: int, openings: Openings, goal: float) -> Row:
    """Take the log out, check it by the program alone, and yield its CPU for a million entries."""
    settings = world.settings
    tar, trust = settings.home / "log.tar", settings.home / "trust.json"
    _take_out(settings, openings, tar)
    trust.write_text(json.dumps(known_keys(key_files(settings))))
    taken = []
    for _ in range(3):
        before = getrusage(RUSAGE_CHILDREN).ru_utime
        told = subprocess.run(  # noqa: S603  (our own program)
            [sys.executable, str(Path(verifier.__file__)), str(tar), "--policy", str(trust)],
            capture_output=True,
            text=True,
            check=False,
        )
        taken.append((getrusage(RUSAGE_CHILDREN).ru_utime - before) * 1e6 / entries)
        if told.returncode:
            raise WrongAnswer(told.stdout[-500:] + told.stderr[-500:])
    tar.unlink()
    spread = spread_of(taken)
    return Row(
        f"log: CPU to verify a million, {openings.value} opened",
        f"{spread.middle:.1f} s",
        "",
        spread_of([one / goal for one in taken]),
        1,
        at_least=False,
    )


def _take_out(settings: Settings, openings: Openings, tar: Path) -> None:
    parts = parts_for(settings)
    files = members(parts.ig_database.reading, openings)
    with tar.open("wb") as file:
        for part in as_tar(files, settings.log_origin, openings, parts.receipts, datetime.now(UTC)):
            file.write(part)
