"""The log as files: what an export holds, made part by part.

Whatever is wrong with the log goes into the export as it is: an entry that is gone leaves an empty
place in its bundle, so that the auditor's program sees it and not only this one.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from app.kernel.vault import Vault, VaultError
from sharing.chain.encoding import HASH_SIZE
from sharing.chain.tiles import (
    FULL,
    HEIGHT,
    LARGEST_LEAF,
    Bundle,
    Tile,
    bundle_bytes,
    present_width,
    tile_path,
)
from sharing.models.log import LogCheckpointRow, LogCosignatureRow
from sharing.queries.tree import published, tile_reader
from sharing.terms.exporting import Openings

CHECKPOINTS_IN_A_FILE: Final = 4096
_FRAMED: Final = bytes.maketrans(b"\t\n", b"??")
Reading = Callable[[], AbstractContextManager[Session]]
"""Opens a transaction that reads the whole log."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an export."""

    path: str
    content: bytes


_ROWS: Final = text("""
select place, e.id, e.recipient, e.source, e.outcome, e.leaf, e.facts, e.facts_salt,
  case when e.at between '1970-01-01' and '9999-12-31' then e.at end as at,
  s.subject, s.opening, s.salt
from generate_series(cast(:first as bigint), cast(:last as bigint)) place
left join log_leaf l on l.leaf_index = place
left join log_entry e on e.id = l.entry_id
left join log_subject s on s.id = e.id
order by place
""")
# What was erased while the export was made, or just before, has no place in its tree yet.
_ERASED_SINCE: Final = text("""
select e.leaf, e.facts
from log_entry e
where e.id in (select entry_id from log_pending
    union all select entry_id from log_leaf where leaf_index >= :size)
  and (position('"kind":"erasure"'::bytea in e.leaf) > 0
    or position('"kind":"retention"'::bytea in e.leaf) > 0)
order by e.id limit 10000
""")


def members(reading: Reading, openings: Openings) -> Iterator[Member]:
    """Yield the files of the published log; none where there is no checkpoint yet.

    Each part is read in a transaction of its own, which nobody who reads slowly holds open. That
    gives one state all the same: what is below the checkpoint never changes but by erasure.
    """
    with reading() as session:
        head = published(session)
    if head is None:
        return
    yield Member("checkpoint", head.note)
    for index in range(-(-head.size // FULL)):
        with reading() as session:
            width = present_width(0, index, head.size)
            part = tuple(_entries(session, index, width, openings))
        yield from part
    for tile in _upper_tiles(head.size):
        with reading() as session:
            content = _tile(session, tile)
        yield Member(tile_path(tile), content)
    yield from _checkpoints(reading, head.size)
    with reading() as session:
        rows = session.execute(_ERASED_SINCE, {"size": head.size}).all()
    waiting = (
        _line({"leaf": row.leaf.decode(errors="replace"), "facts": _base64(row.facts)})
        for row in rows
    )
    yield Member("pending", b"".join(waiting))


def _entries(session: Session, index: int, width: int, openings: Openings) -> Iterator[Member]:
    span = {"first": index * FULL, "last": index * FULL + width - 1}
    rows = session.execute(_ROWS, span).all()
    yield Member(tile_path(Tile(0, index, width)), _tile(session, Tile(0, index, width)))
    leaves = [(row.leaf or b"")[:LARGEST_LEAF] for row in rows]
    yield Member(tile_path(Bundle(index, width)), bundle_bytes(leaves))
    opened = (_opening(session, row, openings) if row.leaf else b"\n" for row in rows)
    yield Member(f"openings/{index:06}", b"".join(opened))


def _opening(session: Session, row: Row[Any], openings: Openings) -> bytes:
    """Return the line that opens the two commitments of an entry, the bytes that they are of as is.

    It is JSON, the facts, and for `people` the personal half unless it is gone, with tabs between.
    What was written by the service holds no tab and no line break; what does was tampered with.
    """
    said = _filed(row) | {"facts_salt": _base64(row.facts_salt)}
    parts = [row.facts]
    if openings is Openings.PEOPLE:
        said |= {"subject": row.subject and str(row.subject), "salt": _base64(row.salt)}
        about = _about(session, row)
        parts += [] if about is None else [about]
    return b"\t".join([_line(said).rstrip(), *(one.translate(_FRAMED) for one in parts)]) + b"\n"


def _filed(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "at": row.at and row.at.isoformat(),
        "recipient": row.recipient,
        "source": row.source,
        "outcome": row.outcome,
    }


def _about(session: Session, row: Row[Any]) -> bytes | None:
    """Return an entry's personal half, None once it is erased; nothing if it was tampered with."""
    if row.opening is None:
        return None
    try:
        return Vault.of(session).named("log").open(row.opening, "log_subject", row.id, "opening")
    except VaultError:
        return b""


def _upper_tiles(size: int) -> Iterator[Tile]:
    level = 1
    while hashes := size >> HEIGHT * level:
        for index in range(-(-hashes // FULL)):
            yield Tile(level, index, present_width(level, index, size))
        level += 1


def _tile(session: Session, tile: Tile) -> bytes:
    return tile_reader(session)(tile)[: tile.width * HASH_SIZE]


def _checkpoints(reading: Reading, size: int) -> Iterator[Member]:
    """Yield every checkpoint up to this size, a line of JSON each, thousands to a file."""
    after, n = -1, 0
    while True:
        with reading() as session:
            rows = session.execute(
                select(LogCheckpointRow.size, LogCheckpointRow.at, LogCheckpointRow.note)
                .where(LogCheckpointRow.size > after, LogCheckpointRow.size <= size)
                .order_by(LogCheckpointRow.size)
                .limit(CHECKPOINTS_IN_A_FILE)
            ).all()
            if not rows:
                return
            below = _cosignatures(session, rows[0].size, rows[-1].size)
        lines = []
        for row in rows:
            note = (row.note + below.get(row.size, b"")).decode("utf-8", "replace")
            lines.append(_line({"at": row.at.isoformat(), "note": note}))
        yield Member(f"checkpoints/{n:06}", b"".join(lines))
        after, n = rows[-1].size, n + 1


def _cosignatures(session: Session, first: int, last: int) -> dict[int, bytes]:
    """Return the lines of witnesses below the checkpoints of these sizes."""
    found = (
        select(LogCosignatureRow.size, LogCosignatureRow.line)
        .where(LogCosignatureRow.size >= first, LogCosignatureRow.size <= last)
        .order_by(LogCosignatureRow.size, LogCosignatureRow.witness)
    )
    lines: dict[int, bytes] = {}
    for size, line in session.execute(found):
        lines[size] = lines.get(size, b"") + line
    return lines


def _line(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _base64(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode()
