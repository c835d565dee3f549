import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.chain.encoding import LARGEST
from sharing.chain.errors import MalformedError
from sharing.chain.tiles import (
    FULL,
    Bundle,
    Tile,
    bundle_bytes,
    grow,
    new_tiles,
    parse_bundle,
    parse_tile_path,
    present_width,
    split_hashes,
    tile_path,
    tiles_reader,
)
from sharing.chain.tree import consistency_proof, inclusion_proof, leaves_reader, root
from tests.chain.make import hashes

SIZE = 66_000
LEAVES = hashes(SIZE)
widths = st.integers(1, FULL)
indexes = st.integers(0, LARGEST)


class Store:
    """Tiles as a log keeps them: the widest of each alone."""

    def __init__(self) -> None:
        self.size = 0
        self.tiles: dict[tuple[int, int], bytes] = {}

    def add(self, added: list[bytes]) -> dict[Tile, bytes]:
        written = grow(self.size, added, self.held)
        self.tiles |= {(tile.level, tile.index): raw for tile, raw in written.items()}
        self.size += len(added)
        return written

    def held(self, tile: Tile) -> bytes:
        return self.tiles.get((tile.level, tile.index), b"")


@pytest.fixture(scope="module")
def store() -> Store:
    grown = Store()
    for start in range(0, SIZE, 1000):
        grown.add(LEAVES[start : start + 1000])
    return grown


@given(st.builds(Tile, st.integers(0, 63), indexes, widths) | st.builds(Bundle, indexes, widths))
def test_a_path_leads_back_to_its_tile(what: Tile | Bundle) -> None:
    assert parse_tile_path(tile_path(what)) == what


@pytest.mark.parametrize(
    ("what", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(63, 999, 255), "tile/63/999.p/255"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(2, 1234067, 1), "tile/2/x001/x234/067.p/1"),
        (Bundle(1234067), "tile/entries/x001/x234/067"),
        (Bundle(0, 12), "tile/entries/000.p/12"),
    ],
)
def test_paths_are_those_of_the_specification(what: Tile | Bundle, path: str) -> None:
    assert tile_path(what) == path
    assert parse_tile_path(path) == what


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/64/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/x1/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000\n",
        "tile/0/\N{ARABIC-INDIC DIGIT ZERO}00",
        "tile/entries/000.p/0",
        "tile/entries/x999/x999/x999/x999/x999/x999/999",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/x000/x000/x000/x000/x000/x000/x000/001",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(MalformedError):
        parse_tile_path(path)


@pytest.mark.parametrize(
    ("level", "index", "width"), [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_there_is_no_tile_outside_the_format(level: int, index: int, width: int) -> None:
    with pytest.raises(MalformedError):
        Tile(level, index, width)


@pytest.mark.parametrize(("index", "width"), [(-1, 1), (0, 0), (0, 257)])
def test_there_is_no_bundle_outside_the_format(index: int, width: int) -> None:
    with pytest.raises(MalformedError):
        Bundle(index, width)


def test_a_tree_of_70000_has_the_tiles_the_specification_counts() -> None:
    tiles = new_tiles(0, 70_000)
    full = [tile.level for tile in tiles if tile.width == FULL]
    partial = [(tile.level, tile.width) for tile in tiles if tile.width < FULL]
    assert (full.count(0), full.count(1), len(full)) == (273, 1, 274)
    assert partial == [(0, 112), (1, 17), (2, 1)]
    assert new_tiles(255, 256) == (Tile(0, 0), Tile(1, 0, 1))
    assert new_tiles(256, 256) == ()


@given(st.integers(0, 200_000), st.integers(0, 3_000))
def test_new_tiles_are_those_wider_than_before(old: int, more: int) -> None:
    new = old + more
    for tile in new_tiles(old, new):
        before = present_width(tile.level, tile.index, old)
        assert before < tile.width == present_width(tile.level, tile.index, new)


def test_a_tree_does_not_shrink() -> None:
    with pytest.raises(MalformedError):
        new_tiles(2, 1)


def test_the_present_width_asks_for_a_level_of_the_format() -> None:
    assert present_width(63, 0, LARGEST) == 0
    with pytest.raises(MalformedError):
        present_width(64, 0, 1)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 700), max_size=6))
def test_tiles_do_not_depend_on_how_the_leaves_came(batches: list[int]) -> None:
    step_by_step, at_once = Store(), Store()
    for count in batches:
        start = step_by_step.size
        written = step_by_step.add(LEAVES[start : start + count])
        assert tuple(written) == new_tiles(start, start + count)
        assert all(len(raw) == tile.width * 32 for tile, raw in written.items())
    at_once.add(LEAVES[: sum(batches)])
    assert step_by_step.tiles == at_once.tiles


def test_a_log_cannot_grow_from_a_tile_it_lost() -> None:
    with pytest.raises(MalformedError, match="shorter"):
        grow(3, LEAVES[:1], lambda _: b"")


def test_only_hashes_are_added() -> None:
    with pytest.raises(MalformedError):
        grow(0, [b"short"], lambda _: b"")


@pytest.mark.parametrize("size", [1, 255, 256, 257, 65_536, SIZE])
def test_roots_and_proofs_read_from_tiles_are_those_of_the_leaves(store: Store, size: int) -> None:
    memory = leaves_reader(LEAVES)
    assert root(size, tiles_reader(size, store.held)) == root(size, memory)
    for index in {0, size // 3, size - 1}:
        made = inclusion_proof(index, size, tiles_reader(size, store.held))
        assert made == inclusion_proof(index, size, memory)
        old = index + 1
        made = consistency_proof(old, size, tiles_reader(size, store.held))
        assert made == consistency_proof(old, size, memory)


def test_one_proof_asks_for_each_tile_once(store: Store) -> None:
    asked: list[Tile] = []

    def held(tile: Tile) -> bytes:
        asked.append(tile)
        return store.held(tile)

    inclusion_proof(1_000, SIZE, tiles_reader(SIZE, held))
    assert len(asked) == len(set(asked))
    assert set(asked) <= set(new_tiles(0, SIZE))


def test_a_tree_does_not_answer_for_nodes_it_has_not(store: Store) -> None:
    read = tiles_reader(5, store.held)
    for level, index in [(0, 5), (2, 1), (3, 0), (8, 0)]:
        with pytest.raises(MalformedError, match="no such node"):
            read(level, index)


def test_a_tile_holds_whole_hashes() -> None:
    with pytest.raises(MalformedError):
        split_hashes(b"x" * 33)


@given(st.lists(st.binary(max_size=70), min_size=1, max_size=FULL))
def test_a_bundle_gives_back_its_leaves(leaves: list[bytes]) -> None:
    assert parse_bundle(bundle_bytes(leaves)) == tuple(leaves)


def test_the_longest_leaf_fits_a_bundle() -> None:
    longest = b"x" * 65_535
    assert parse_bundle(bundle_bytes([longest])) == (longest,)
    with pytest.raises(MalformedError):
        bundle_bytes([longest + b"x"])


@pytest.mark.parametrize("leaves", [[], [b"x"] * 257])
def test_a_bundle_is_neither_empty_nor_too_full(leaves: list[bytes]) -> None:
    with pytest.raises(MalformedError):
        bundle_bytes(leaves)
    with pytest.raises(MalformedError):
        parse_bundle(b"".join(b"\x00\x01" + leaf for leaf in leaves))


@pytest.mark.parametrize("raw", [b"\x00", b"\x00\x02a", b"\x00\x01a\x00", b"\xff\xff"])
def test_a_bundle_that_breaks_off_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedError, match="breaks off"):
        parse_bundle(raw)
