"""Tiles and entry bundles of a log (C2SP tlog-tiles): up to 256 hashes, or leaves, under one path.

A tile of level L holds the hashes of complete subtrees over 256**L leaves. A tile only ever grows,
and a narrower one is a prefix of a wider one, so one stored tile answers for every size of the log.
"""

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sharing.chain.encoding import HASH_SIZE, checked_hash, checked_number, read_number
from sharing.chain.errors import MalformedError
from sharing.chain.tree import NodeReader, complete_root

FULL: Final = 256
HEIGHT: Final = 8
TOP_LEVEL: Final = 63
LARGEST_LEAF: Final = 0xFFFF
_PATH: Final = re.compile(
    r"tile/([0-9]{1,2}|entries)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([0-9]{1,3}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Where a tile stands and how many hashes it holds."""

    level: int
    index: int
    width: int = FULL

    def __post_init__(self) -> None:
        if not (0 <= self.level <= TOP_LEVEL and 1 <= self.width <= FULL):
            raise MalformedError("no such tile")
        checked_number(self.index)


@dataclass(frozen=True, slots=True, order=True)
class Bundle:
    """Where an entry bundle stands, counted like tiles of level 0, and how many leaves it holds."""

    index: int
    width: int = FULL

    def __post_init__(self) -> None:
        if not 1 <= self.width <= FULL:
            raise MalformedError("no such entry bundle")
        checked_number(self.index)


# What a log holds for a tile: at least the hashes asked for, perhaps more that came later.
TileReader = Callable[[Tile], bytes]


def tile_path(what: Tile | Bundle) -> str:
    """Return the path of a tile or bundle below the prefix of its log."""
    level = "entries" if isinstance(what, Bundle) else str(what.level)
    digits = str(what.index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[n : n + 3] for n in range(0, len(digits), 3)]
    elements = [f"x{group}" for group in groups[:-1]] + groups[-1:]
    partial = "" if what.width == FULL else f".p/{what.width}"
    return f"tile/{level}/{'/'.join(elements)}{partial}"


def parse_tile_path(path: str) -> Tile | Bundle:
    """Return the tile or bundle that has exactly this path."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise MalformedError("not the path of a tile")
    level, elements, partial = found.groups()
    index = int(elements.replace("/", "").replace("x", ""))
    width = FULL if partial is None else read_number(partial.encode())
    what: Tile | Bundle
    what = Bundle(index, width) if level == "entries" else Tile(int(level), index, width)
    # Refuses `x000/001`, `.p/256` and `tile/00`: second names for what has one.
    if tile_path(what) != path:
        raise MalformedError("not the one path of this tile")
    return what


def present_width(level: int, index: int, size: int) -> int:
    """Return how many hashes a tile holds in a tree of this size, 0 where there is none yet."""
    if not 0 <= level <= TOP_LEVEL:
        raise MalformedError("no such level")
    hashes = checked_number(size) >> (HEIGHT * level)
    return max(0, min(FULL, hashes - checked_number(index) * FULL))


def new_tiles(old: int, new: int) -> tuple[Tile, ...]:
    """Return the tiles that a tree grown from `old` to `new` leaves has and had not, from below."""
    if checked_number(old) > checked_number(new):
        raise MalformedError("a tree cannot shrink")
    return tuple(_new_tiles(old, new))


def _new_tiles(old: int, new: int) -> Iterator[Tile]:
    level = 0
    while new > old:
        for index in range(old >> HEIGHT, ((new - 1) >> HEIGHT) + 1):
            yield Tile(level, index, min(FULL, new - index * FULL))
        level, old, new = level + 1, old >> HEIGHT, new >> HEIGHT


def grow(size: int, leaf_hashes: Sequence[bytes], held: TileReader) -> dict[Tile, bytes]:
    """Return the tiles, with their hashes, that these leaves add to a tree of `size`.

    They are those of `new_tiles`; `held` is asked only for partial tiles on the old right edge.
    """
    written = {}
    level, start = 0, checked_number(size)
    added = [checked_hash(given) for given in leaf_hashes]
    checked_number(size + len(added))
    while added:
        index, width = divmod(start, FULL)
        before = _read_tile(Tile(level, index, width), held) if width else b""
        row = before + b"".join(added)
        added = []
        for n in range(0, len(row), FULL * HASH_SIZE):
            hashes = row[n : n + FULL * HASH_SIZE]
            tile = Tile(level, index + n // (FULL * HASH_SIZE), len(hashes) // HASH_SIZE)
            written[tile] = hashes
            if tile.width == FULL:
                added.append(complete_root(split_hashes(hashes)))
        level, start = level + 1, start >> HEIGHT
    return written


def split_hashes(tile: bytes) -> list[bytes]:
    """Return the hashes that a tile holds."""
    if len(tile) % HASH_SIZE:
        raise MalformedError("a tile holds whole hashes")
    return [tile[n : n + HASH_SIZE] for n in range(0, len(tile), HASH_SIZE)]


def tiles_reader(size: int, held: TileReader) -> NodeReader:
    """Return a reader over the tiles of a tree of `size`, which asks for each tile once.

    Keep it no longer than the work on one tree: it remembers what it read.
    """
    checked_number(size)
    rows: dict[tuple[int, int], list[bytes]] = {}

    def read(level: int, index: int) -> bytes:
        above, within = divmod(level, HEIGHT)
        start = index << within
        key = (above, start // FULL)
        first = start % FULL
        end = first + (1 << within)
        if end > present_width(*key, size):
            raise MalformedError("the tree has no such node")
        if key not in rows:
            rows[key] = split_hashes(_read_tile(Tile(*key, present_width(*key, size)), held))
        return complete_root(rows[key][first:end])

    return read


def _read_tile(tile: Tile, held: TileReader) -> bytes:
    hashes = held(tile)
    if len(hashes) < tile.width * HASH_SIZE:
        raise MalformedError("a tile of the log is shorter than its tree needs")
    return hashes[: tile.width * HASH_SIZE]


def bundle_bytes(leaves: Sequence[bytes]) -> bytes:
    """Return an entry bundle: each leaf after its length in two bytes, most significant first."""
    if not 1 <= len(leaves) <= FULL or any(len(leaf) > LARGEST_LEAF for leaf in leaves):
        raise MalformedError("a bundle holds 1 to 256 leaves of at most 65,535 bytes")
    return b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in leaves)


def parse_bundle(raw: bytes) -> tuple[bytes, ...]:
    """Return the leaves of an entry bundle."""
    leaves = []
    at = 0
    while at < len(raw):
        end = at + 2 + int.from_bytes(raw[at : at + 2], "big")
        # With a single byte left, `end` lies beyond it too.
        if end > len(raw):
            raise MalformedError("an entry bundle breaks off")
        leaves.append(raw[at + 2 : end])
        at = end
    if not 1 <= len(leaves) <= FULL:
        raise MalformedError("a bundle holds 1 to 256 leaves")
    return tuple(leaves)
