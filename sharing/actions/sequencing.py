"""Pending entries become leaves of the tree, under one leader, each exactly once.

Everything of a batch is one transaction: pending rows go, leaves, tiles and the signed checkpoint
come, and the size moves from the value it was read at, so that a leader that was paused and wakes
up beside another changes nothing. A checkpoint that was not committed was never published.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from sharing.chain.checkpoints import Checkpoint, checkpoint_text
from sharing.chain.notes import Note, Signer, format_note, sign
from sharing.chain.tiles import Tile, TileReader, grow, tiles_reader
from sharing.chain.tree import EMPTY_ROOT, root
from sharing.models.log import (
    LogCheckpointRow,
    LogCosignatureRow,
    LogPendingRow,
    LogStateRow,
    LogTileRow,
)
from sharing.queries.tree import consistency, tile_reader

LARGEST_BATCH: Final = 1000
_LEADER: Final = 0x5249474854534551  # "RIGHTSEQ"
# One statement for all: a row at a time costs the sequencer more than everything else it does.
_PLACED: Final = text("""
insert into log_leaf (leaf_index, entry_id)
select :size + place - 1, entry
from unnest(:entries) with ordinality as placed (entry, place)
""").bindparams(bindparam("entries", type_=ARRAY(Uuid)))


class SteppedAside(Exception):
    """Another leader moved the log on meanwhile: nothing of this batch may stand."""


@dataclass(frozen=True, slots=True)
class Head:
    """How long the log is, and its root."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class State:
    """How far the log has come and how much of that is published; why it stopped, if it did."""

    size: int
    published_size: int
    halted_because: str | None
    origin: str | None


def lead(session: Session) -> bool:
    """Become the leader until this transaction ends; False where somebody else is."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_LEADER))))


def state_of(session: Session) -> State:
    """Return how far the log has come."""
    row = session.execute(
        select(
            LogStateRow.size,
            LogStateRow.published_size,
            LogStateRow.halted_because,
            LogStateRow.origin,
        )
    ).one()
    return State(row.size, row.published_size, row.halted_because, row.origin)


def is_waiting(session: Session) -> bool:
    """Say whether any entry waits for its place."""
    return bool(session.scalar(select(select(LogPendingRow.n).exists())))


def integrate(session: Session, signers: Sequence[Signer], size: int, at: datetime) -> Head | None:
    """Give up to a thousand pending entries their place after `size`; None where none is pending.

    `SteppedAside` if the log is no longer of this size.
    """
    waiting = _take(session)
    if not waiting:
        return None
    hashes = [leaf_hash for _, _, leaf_hash in waiting]
    held = tile_reader(session)
    tiles = grow(size, hashes, held)
    values = [
        {"level": tile.level, "idx": tile.index, "hashes": content}
        for tile, content in tiles.items()
    ]
    row = upsert(LogTileRow)
    session.execute(
        row.on_conflict_do_update(
            index_elements=[LogTileRow.level, LogTileRow.idx], set_={"hashes": row.excluded.hashes}
        ),
        values,
    )
    session.execute(_PLACED, {"size": size, "entries": [entry for _, entry, _ in waiting]})
    grown = size + len(waiting)
    head = Head(grown, root(grown, tiles_reader(grown, _just_written(tiles, held))))
    _sign(session, signers, head, at)
    _move(session, size, grown)
    return head


def begin(session: Session, signers: Sequence[Signer], at: datetime) -> None:
    """Sign the checkpoint of the empty log, once, so that there is always one to read."""
    known = session.scalar(select(func.count()).select_from(LogCheckpointRow))
    if not known:
        _sign(session, signers, Head(0, EMPTY_ROOT), at)
    unnamed = LogStateRow.origin.is_(None)
    session.execute(update(LogStateRow).where(unnamed).values(origin=signers[0].name))


def root_at(session: Session, size: int) -> bytes:
    """Return the root that the tree had when it was of this size."""
    return root(size, tiles_reader(size, tile_reader(session)))


def publish(session: Session, size: int, at: datetime) -> None:
    """Let readers see the log up to this size, and say that the sequencer lives and keeps up.

    Where more is waiting than one batch takes, the log is late from when it last was not.
    """
    session.execute(
        update(LogStateRow).values(published_size=func.greatest(LogStateRow.published_size, size))
    )
    waiting = select(LogPendingRow.n).limit(LARGEST_BATCH + 1).subquery()
    keeps_up = select(func.count()).select_from(waiting).scalar_subquery() <= LARGEST_BATCH
    session.execute(update(LogStateRow).where(keeps_up).values(checked_at=at))


def checkpoint_of(session: Session, size: int) -> bytes | None:
    """Return the checkpoint that the log itself signed at this size; None if it signed none."""
    found = select(LogCheckpointRow.note).where(LogCheckpointRow.size == size)
    return session.scalar(found)


def prover(session: Session) -> Callable[[int, int], tuple[bytes, ...]]:
    """Return what proves that the tree of one size begins with that of another."""

    def prove(old: int, new: int) -> tuple[bytes, ...]:
        return consistency(session, old, new)

    return prove


def cosigners_of(session: Session, size: int) -> frozenset[str]:
    """Return the witnesses that have cosigned the checkpoint of this size."""
    found = select(LogCosignatureRow.witness).where(LogCosignatureRow.size == size)
    return frozenset(session.scalars(found.order_by(LogCosignatureRow.witness)))


def add_cosignature(session: Session, size: int, witness: str, line: bytes, at: datetime) -> None:
    """Put a witness's line under a checkpoint; the first one stays."""
    row = {"size": size, "witness": witness, "line": line, "at": at}
    session.execute(upsert(LogCosignatureRow).values(row).on_conflict_do_nothing())


def halt(session: Session, because: str) -> None:
    """Stop the log: from here on nothing is disclosed until a person has looked."""
    session.execute(update(LogStateRow).values(halted_because=because))


def _just_written(tiles: Mapping[Tile, bytes], held: TileReader) -> TileReader:
    """Return what reads these tiles as they were written, and the others from where they lie."""
    written = {(tile.level, tile.index): hashes for tile, hashes in tiles.items()}

    def read(tile: Tile) -> bytes:
        return written.get((tile.level, tile.index)) or held(tile)

    return read


def _take(session: Session) -> list[tuple[int, UUID, bytes]]:
    first = select(LogPendingRow.n).order_by(LogPendingRow.n).limit(LARGEST_BATCH)
    taken = session.execute(
        delete(LogPendingRow)
        .where(LogPendingRow.n.in_(first))
        .returning(LogPendingRow.n, LogPendingRow.entry_id, LogPendingRow.leaf_hash)
        .execution_options(synchronize_session=False)
    )
    return sorted((n, entry, leaf_hash) for n, entry, leaf_hash in taken)


def _sign(session: Session, signers: Sequence[Signer], head: Head, at: datetime) -> None:
    said = checkpoint_text(Checkpoint(signers[0].name, head.size, head.root))
    note = format_note(Note(said, tuple(sign(said, one) for one in signers)))
    session.execute(
        insert(LogCheckpointRow).values(size=head.size, root=head.root, note=note, at=at)
    )


def _move(session: Session, size: int, grown: int) -> None:
    moved = session.execute(
        text("update log_state set size = :grown where size = :size returning size"),
        {"grown": grown, "size": size},
    ).first()
    if moved is None:
        raise SteppedAside
