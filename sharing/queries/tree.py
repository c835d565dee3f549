"""The tree of the log as it is stored: tiles, checkpoints, bundles of leaves, and proofs."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharing.chain.encoding import HASH_SIZE
from sharing.chain.proofs import Proof
from sharing.chain.tiles import (
    FULL,
    Bundle,
    Tile,
    TileReader,
    bundle_bytes,
    present_width,
    tiles_reader,
)
from sharing.chain.tree import consistency_proof, inclusion_proof
from sharing.models.log import (
    LogCheckpointRow,
    LogCosignatureRow,
    LogEntryRow,
    LogLeafRow,
    LogStateRow,
    LogTileRow,
)


@dataclass(frozen=True, slots=True)
class Published:
    """The newest checkpoint that anyone may read, with its witnesses' signatures."""

    size: int
    note: bytes


def tile_reader(session: Session) -> TileReader:
    """Return what reads stored tiles; one that is not there is empty."""

    def held(tile: Tile) -> bytes:
        found = select(LogTileRow.hashes).where(
            LogTileRow.level == tile.level, LogTileRow.idx == tile.index
        )
        return session.scalar(found) or b""

    return held


def published(session: Session) -> Published | None:
    """Return the newest published checkpoint; None before the sequencer first ran."""
    found = (
        select(LogCheckpointRow.size, LogCheckpointRow.note)
        .join(LogStateRow, LogStateRow.published_size == LogCheckpointRow.size)
        .order_by(LogCheckpointRow.size)
    )
    row = session.execute(found).first()
    if row is None:
        return None
    return Published(row.size, cosigned_note(session, row.size, row.note))


def cosigned_note(session: Session, size: int, note: bytes) -> bytes:
    """Return a checkpoint of this size with the lines that its witnesses signed since."""
    lines = (
        select(LogCosignatureRow.line)
        .where(LogCosignatureRow.size == size)
        .order_by(LogCosignatureRow.witness)
    )
    return note + b"".join(session.scalars(lines))


def tile(session: Session, what: Tile, size: int) -> bytes | None:
    """Return a tile of the published tree, at the width asked; None if it is not that wide."""
    if what.width > present_width(what.level, what.index, size):
        return None
    return tile_reader(session)(what)[: what.width * HASH_SIZE]


def bundle(session: Session, what: Bundle, size: int) -> bytes | None:
    """Return the leaves of a bundle of the published tree; None if not all of them are there."""
    if what.width > present_width(0, what.index, size):
        return None
    first = what.index * FULL
    leaves = session.scalars(
        select(LogEntryRow.leaf)
        .join(LogLeafRow, LogLeafRow.entry_id == LogEntryRow.id)
        .where(LogLeafRow.leaf_index >= first, LogLeafRow.leaf_index < first + what.width)
        .order_by(LogLeafRow.leaf_index)
    ).all()
    # Where one is gone, those after it would be read as the ones before.
    return bundle_bytes(leaves) if len(leaves) == what.width else None


def proof_of(session: Session, entry: UUID) -> Proof | None:
    """Return the finished proof of an entry; None until it is in a published tree."""
    head = published(session)
    place = select(LogLeafRow.leaf_index).where(LogLeafRow.entry_id == entry)
    index = session.scalar(place.order_by(LogLeafRow.leaf_index))
    if head is None or index is None or index >= head.size:
        return None
    nodes = tiles_reader(head.size, tile_reader(session))
    return Proof(index, inclusion_proof(index, head.size, nodes), head.note)


def consistency(session: Session, old: int, new: int) -> tuple[bytes, ...]:
    """Return the proof that the tree of `new` leaves begins with that of `old`.

    `sharing.chain.errors.MalformedError` where there are no such trees.
    """
    return consistency_proof(old, new, tiles_reader(new, tile_reader(session)))
