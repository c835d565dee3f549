"""A log as it is after years: entries that say what real ones say, of many agencies and people.

What an entry says is taken from disclosures that the service itself decided, with other agencies,
purposes and people in it. Leaves, hashes, salts and sealed halves are made as the service makes
them; only the way into the tables is shorter (`COPY`), in two processes.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text

from app.config import Settings
from app.kernel.clock import system_clock
from app.kernel.ids import new_id
from app.kernel.vault import KeyRing, Vault
from app.parts import Parts, key_files, load_vault, parts_for
from app.verifier import Tree
from sharing.actions.anchor import Anchor
from sharing.actions.disclosing import disclose
from sharing.actions.log import LOG_KEY, canonical
from sharing.actions.sequencing import Head
from sharing.chain.checkpoints import Checkpoint, checkpoint_text
from sharing.chain.leaves import SALT_SIZE, EntryKind, Leaf, commitment, leaf_bytes, leaf_hash
from sharing.chain.notes import Note, format_note, sign
from sharing.chain.tiles import FULL
from sharing.rules.lines import line_of, marks_of, month_of, tallies_of, worker_of
from sharing.terms.asking import Asker, DisclosureRequest, Identifier, Practitioner
from sharing.terms.codes import Assurance
from sharing.terms.lines import USUAL_HOURS, Written
from tests.bench.world import CLIENT, HUB, PURPOSE, SCHOOL, World
from tests.postgres import libpq

CHUNK = 20_000
AGENCIES, SUBJECTS, PRACTITIONERS = 100, 20_000, 2_000
YEARS = timedelta(days=2 * 365)
PURPOSES = (PURPOSE, "safeguarding", "school_admission", "evaluation", "housing")
RARE = 1_000
"""One entry in so many is an override."""
ENTRY = ("id", "at", "recipient", "source", "outcome", "leaf", "leaf_hash", "facts", "facts_salt")
_LINE = (
    *("id", "leaf_index", "at", "recipient", "source", "client", "practitioner", "entry_kind"),
    *("act", "kind", "purpose", "basis", "categories", "disclosed", "records", "outcome", "code"),
    *("grounds", "flags", "agreements", "override", "out_of_hours", "first_contact", "marks"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """What one real entry says, in both of its halves, and how it is filed."""

    outcome: str
    facts: Mapping[str, Any]
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a process made: the hashes of its leaves, and what its lines add up to."""

    hashes: list[bytes]
    marks: Counter[str]
    tallies: Counter[tuple[Any, ...]]


class _Undone(Exception):
    """Rolls back what was only looked at."""


def agency(n: int) -> str:
    return f"agency-{n % AGENCIES}"


def subject(n: int) -> UUID:
    return UUID(int=0x7000 << 64 | 0x8 << 60 | n % SUBJECTS)


def practitioner(n: int) -> str:
    return f"staff-{n % PRACTITIONERS}"


def fill(world: World, entries: int) -> None:
    """Put so many entries into the world's log, with their places, their lines and a checkpoint."""
    said = _real(parts_for(world.settings), world.children[0])
    began = datetime.now(UTC) - YEARS
    make = partial(_chunk, world.settings, said, entries, began)
    tree, marks, tallies, tiles = Tree(), Counter[str](), Counter[tuple[Any, ...]](), list[bytes]()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for one in pool.map(make, range(0, entries, CHUNK)):
            tiles += one.hashes
            marks += one.marks
            tallies += one.tallies
            for hashed in one.hashes:
                tree.add(hashed)
            print(f"\r  {tree.size:,} entries", end="", flush=True)
    print()
    _settle(world, tree, tiles, marks, tallies)


def _real(parts: Parts, child: str) -> list[Said]:
    """Return what entries of real requests say: a permit, and refusals of two kinds."""
    found = []
    for identifier, category in ((child, "plan"), ("999999", "plan"), (child, "household")):
        with suppress(_Undone), parts.database.transaction() as session:
            disclose(session, _asked(identifier, category), system_clock)
            row = session.execute(
                text(
                    "select id, outcome, facts, opening from log_entry join log_subject using (id)"
                )
            ).one()
            key = Vault.of(session).named(LOG_KEY)
            about = json.loads(key.open(row.opening, "log_subject", row.id, "opening"))
            found.append(Said(row.outcome, json.loads(row.facts), about))
            raise _Undone
    return found


def _asked(child: str, category: str) -> DisclosureRequest:
    asker = Asker(CLIENT, SCHOOL, frozenset({PURPOSE}), frozenset({"content"}), may_override=False)
    return DisclosureRequest(
        *(asker, SCHOOL, HUB, "content", PURPOSE, "public_task", (category,)),
        (Identifier("mosaic", child),),
        Practitioner("teacher-7", "lead", Assurance.STATED),
    )


def _chunk(
    settings: Settings, said: Sequence[Said], entries: int, began: datetime, first: int
) -> Chunk:
    """Make and store the entries of a chunk."""
    assert settings.database_url is not None
    vault = load_vault(settings.database_url, KeyRing.read(settings.vault_file))
    places = range(first, min(first + CHUNK, entries))
    made = [_entry(vault, said, began + YEARS * n / entries, n) for n in places]
    with psycopg.connect(libpq(settings.database_url)) as connection:
        connection.execute("set synchronous_commit = off")
        _copy(connection, "log_entry", ENTRY, (one[0] for one in made))
        about = ("id", "subject", "opening", "salt")
        _copy(connection, "log_subject", about, (one[1] for one in made))
        leaves = ((n, one[0][0]) for n, one in zip(places, made, strict=True))
        _copy(connection, "log_leaf", ("leaf_index", "entry_id"), leaves)
        _copy(connection, "log_line", _LINE, (one[2] for one in made))
    marks = Counter(chain.from_iterable(one[2][-1] for one in made))
    tallies = Counter(chain.from_iterable(one[3] for one in made))
    return Chunk([one[0][6] for one in made], marks, tallies)


def _entry(vault: Vault, said: Sequence[Said], at: datetime, n: int) -> tuple[tuple[Any, ...], ...]:
    """Return the rows of an entry and what its line counts for."""
    one = said[n % 10 if n % 10 < len(said) else 0]
    recipient, source, entry = agency(n), agency(n // AGENCIES + 1), new_id(at)
    facts = dict(one.facts) | {
        "agency": recipient,
        "recipient": recipient,
        "client": f"{recipient}-mis-{n % 3}",
        "source": source,
        "purpose": PURPOSES[n % 7 % len(PURPOSES)],
        "override": "court_order" if n % RARE == 0 else None,
    }
    person = subject(n * 7919)
    about = dict(one.about) | {
        "subject": str(person),
        "practitioner": {"id": practitioner(n * 104_729), "role": "lead"},
    }
    opened, sealed = canonical(facts), canonical(about)
    salts = os.urandom(SALT_SIZE), os.urandom(SALT_SIZE)
    pair = commitment(salts[0], opened), commitment(salts[1], sealed)
    leaf = leaf_bytes(Leaf(entry, EntryKind.DECISION, *pair))
    opening = vault.named(LOG_KEY).seal(sealed, "log_subject", entry, "opening")
    filed = (entry, at, recipient, source, one.outcome, leaf, leaf_hash(leaf), opened, salts[0])
    written = Written(n, *filed[:5], "decision", facts, about, person)
    return filed, (entry, person, opening, salts[1]), *_line(vault, written)


def _line(vault: Vault, written: Written) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    line, worker = line_of(written, USUAL_HOURS), worker_of(written)
    digest = (
        None if worker is None else vault.digest("log", "practitioner", worker.agency, worker.id)
    )
    row = asdict(line) | {"practitioner": digest, "marks": marks_of(line)}
    kept = [row[name] for name in _LINE]
    listed = tuple(list(one) if isinstance(one, (tuple, frozenset)) else one for one in kept)
    month = month_of(line.at)
    counted = tuple(
        (month, line.recipient, line.source or "", one.what.value, one.which)
        for one in tallies_of(line)
    )
    return listed, counted


def _copy(
    connection: psycopg.Connection[Any],
    table: str,
    columns: Sequence[str],
    rows: Iterator[Sequence[Any]],
) -> None:
    with connection.cursor().copy(f"copy {table} ({', '.join(columns)}) from stdin") as into:
        for row in rows:
            into.write_row(row)


def _settle(
    world: World,
    tree: Tree,
    leaves: Sequence[bytes],
    marks: Counter[str],
    tallies: Counter[tuple[Any, ...]],
) -> None:
    """Store the tree, sign it, and let everybody take it for what the sequencer published."""
    signer = key_files(world.settings).log_signers()[0]
    said = checkpoint_text(Checkpoint(signer.name, tree.size, tree.root()))
    note, at = format_note(Note(said, (sign(said, signer),))), datetime.now(UTC)
    rows = {0: leaves} | tree.rows
    tiles = (
        (level, n, b"".join(row[n * FULL : n * FULL + FULL]))
        for level, row in rows.items()
        for n in range(-(-len(row) // FULL))
    )
    with psycopg.connect(world.url) as connection:
        _copy(connection, "log_tile", ("level", "idx", "hashes"), tiles)
        head = (tree.size, tree.root(), note, at)
        _copy(connection, "log_checkpoint", ("size", "root", "note", "at"), iter([head]))
        _copy(connection, "log_mark", ("mark", "lines"), iter(marks.items()))
        counted = ((*key, n) for key, n in tallies.items())
        _copy(connection, "log_tally", _TALLY, counted)
        connection.execute(
            "update log_state set size = %s, published_size = %s, origin = %s, checked_at = %s",
            [tree.size, tree.size, signer.name, at],
        )
        connection.execute("update log_index set next_leaf = %s", [tree.size])
    Anchor(world.settings.anchor_file).write(Head(tree.size, tree.root()))
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute("vacuum analyze")


_TALLY = ("month", "recipient", "source", "what", "which", "n")
