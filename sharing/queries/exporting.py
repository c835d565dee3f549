"""The log as files: what an export holds, made part by part from one snapshot of the database.

Whatever is wrong with the log goes into the export as it is: an entry that is gone leaves an empty
place in its bundle, so that the auditor's program sees it and not only this one.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from app.kernel.vault import Vault, VaultError
from sharing.chain.encoding import HASH_SIZE
from sharing.chain.tiles import (
    FULL,
    HEIGHT,
    Bundle,
    Tile,
    bundle_bytes,
    present_width,
    tile_path,
)
from sharing.models.log import LogCheckpointRow, LogCosignatureRow
from sharing.queries.tree import cosigned_note, published, tile_reader

CHECKPOINTS_IN_A_FILE: Final = 4096


class Openings(StrEnum):
    """How much of what opens the commitments of entries an export holds."""

    FACTS = "facts"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an export."""

    path: str
    content: bytes


_ROWS: Final = text("""
select place, e.id, e.at, e.recipient, e.source, e.outcome, e.leaf, e.facts, e.facts_salt,
  s.opening, s.salt
from generate_series(cast(:first as bigint), cast(:last as bigint)) place
left join log_leaf l on l.leaf_index = place
left join log_entry e on e.id = l.entry_id
left join log_subject s on s.id = e.id
order by place
""")
_PENDING: Final = text("""
select e.id, e.at, e.recipient, e.source, e.outcome, e.leaf, e.facts, e.facts_salt,
  null::bytea as opening, null::bytea as salt
from log_pending p join log_entry e on e.id = p.entry_id order by p.n limit 10000
""")


def one_snapshot(session: Session) -> None:
    """Have this transaction, which has read nothing yet, see one state of the log to its end."""
    session.execute(text("set transaction isolation level repeatable read"))


def members(session: Session, openings: Openings) -> Iterator[Member]:
    """Yield the files of the published log; none where there is no checkpoint yet."""
    head = published(session)
    if head is None:
        return
    yield Member("checkpoint", head.note)
    for index in range(-(-head.size // FULL)):
        yield from _entries(session, index, present_width(0, index, head.size), openings)
    yield from _upper_tiles(session, head.size)
    yield from _checkpoints(session, head.size)
    waiting = [
        _opening(session, row, Openings.FACTS, leaf=True) for row in session.execute(_PENDING)
    ]
    yield Member("pending", b"".join(waiting))


def _entries(session: Session, index: int, width: int, openings: Openings) -> Iterator[Member]:
    span = {"first": index * FULL, "last": index * FULL + width - 1}
    rows = session.execute(_ROWS, span).all()
    yield Member(tile_path(Tile(0, index, width)), _tile(session, Tile(0, index, width)))
    leaves = [row.leaf or b"" for row in rows]
    yield Member(tile_path(Bundle(index, width)), bundle_bytes(leaves))
    opened = (_opening(session, row, openings) if row.leaf else b"\n" for row in rows)
    yield Member(f"openings/{index:06}", b"".join(opened))


def _opening(session: Session, row: Row[Any], openings: Openings, *, leaf: bool = False) -> bytes:
    """Return the line that opens the two commitments of an entry, in JSON."""
    said = {
        "id": str(row.id),
        "at": row.at.isoformat(),
        "recipient": row.recipient,
        "source": row.source,
        "outcome": row.outcome,
        "facts": _base64(row.facts),
        "facts_salt": _base64(row.facts_salt),
    }
    if leaf:
        said["leaf"] = row.leaf.decode()
    if openings is Openings.PEOPLE:
        said |= {"about": _base64(_about(session, row)), "salt": _base64(row.salt)}
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def _about(session: Session, row: Row[Any]) -> bytes | None:
    """Return an entry's personal half, None once it is erased; nothing if it was tampered with."""
    if row.opening is None:
        return None
    try:
        return Vault.of(session).named("log").open(row.opening, "log_subject", row.id, "opening")
    except VaultError:
        return b""


def _upper_tiles(session: Session, size: int) -> Iterator[Member]:
    level = 1
    while hashes := size >> HEIGHT * level:
        for index in range(-(-hashes // FULL)):
            tile = Tile(level, index, present_width(level, index, size))
            yield Member(tile_path(tile), _tile(session, tile))
        level += 1


def _tile(session: Session, tile: Tile) -> bytes:
    return tile_reader(session)(tile)[: tile.width * HASH_SIZE]


def _checkpoints(session: Session, size: int) -> Iterator[Member]:
    """Yield every checkpoint up to this size, a line of JSON each, thousands to a file."""
    cosigned = select(LogCosignatureRow.size).where(LogCosignatureRow.size <= size)
    witnessed = set(session.scalars(cosigned.order_by(LogCosignatureRow.size)))
    after, n = -1, 0
    while True:
        rows = session.execute(
            select(LogCheckpointRow.size, LogCheckpointRow.at, LogCheckpointRow.note)
            .where(LogCheckpointRow.size > after, LogCheckpointRow.size <= size)
            .order_by(LogCheckpointRow.size)
            .limit(CHECKPOINTS_IN_A_FILE)
        ).all()
        if not rows:
            return
        lines = []
        for row in rows:
            cosigned_here = row.size in witnessed
            note = cosigned_note(session, row.size, row.note) if cosigned_here else row.note
            said = {"at": row.at.isoformat(), "note": note.decode("utf-8", "replace")}
            lines.append(json.dumps(said, ensure_ascii=False).encode() + b"\n")
        yield Member(f"checkpoints/{n:06}", b"".join(lines))
        after, n = rows[-1].size, n + 1


def _base64(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode()
