"""The tree as tiles of 256 hashes, at the addresses of C2SP tlog-tiles."""

import pytest

from workflow.records.merkle import inclusion_proof, leaf_hash, levels_above, root_at, root_of
from workflow.records.tiles import Edge, Tile, bundle, hashes_in, reading, root_of_full, tiles_of

LEAVES = [leaf_hash(str(number).encode()) for number in range(70_000)]


def stored(leaves: list[bytes]) -> dict[Tile, bytes]:
    """Write every tile of the tree, straight from the definition."""
    tiles, hashes, level = {}, list(leaves), 0
    while hashes:
        for start in range(0, len(hashes), 256):
            part = hashes[start : start + 256]
            tiles[Tile(level, start // 256, len(part))] = b"".join(part)
        hashes = [root_of(hashes[start : start + 256]) for start in range(0, len(hashes) - 255, 256)]
        level += 1
    return tiles


TILES = stored(LEAVES)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(0, 0, 5), "tile/0/000.p/5"),
        (Tile(3, 999), "tile/3/999"),
        (Tile(1, 1_000, 255), "tile/1/x001/000.p/255"),
    ],
)
def test_the_address_of_a_tile(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tile.entries_path == path.replace(f"tile/{tile.level}/", "tile/entries/")


def test_the_tiles_of_a_tree_of_seventy_thousand() -> None:
    tiles = list(tiles_of(70_000))
    full = [sum(each.level == level and each.width == 256 for each in tiles) for level in range(3)]
    assert full == [273, 1, 0]
    assert [each for each in tiles if each.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert set(tiles) == set(TILES)


def test_a_tree_of_one_full_tile_has_the_tile_above_it() -> None:
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_a_full_tiles_root_stands_in_the_tile_above() -> None:
    assert root_of_full(TILES[Tile(0, 3)]) == hashes_in(TILES[Tile(1, 0)])[3] == root_of(LEAVES[768:1024])


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000])
def test_root_and_proofs_come_from_the_tiles_alone(size: int) -> None:
    tiles = stored(LEAVES[:size]) if size != len(LEAVES) else TILES
    levels = list(levels_above(LEAVES[:size]))
    assert root_at(size, reading(size, tiles.__getitem__)) == root_of(LEAVES[:size])
    for index in {0, size // 2, size - 1}:
        from_tiles = inclusion_proof(index, size, reading(size, tiles.__getitem__))
        assert from_tiles == inclusion_proof(index, size, lambda level, number: levels[level][number])


def test_a_proof_reads_few_tiles_and_each_once() -> None:
    read: list[Tile] = []

    def reads(tile: Tile) -> bytes:
        read.append(tile)
        return TILES[tile]

    inclusion_proof(12_345, 70_000, reading(70_000, reads))
    assert len(read) == len(set(read)) <= 4


def test_entries_stand_in_a_bundle_each_after_its_length() -> None:
    assert bundle([b"ab", b"", b"y" * 300]) == b"\x00\x02ab" + b"\x00\x00" + b"\x01\x2c" + b"y" * 300


@pytest.mark.parametrize("begin", [0, 1, 255, 256, 65_280, 65_535])
def test_the_edge_of_a_tree_goes_on_from_any_size(begin: int) -> None:
    edge = Edge(begin, stored(LEAVES[:begin]).__getitem__)
    full = {tile: hashes for tile, hashes, _ in edge.append(LEAVES[begin:65_600])}
    before, after = set(tiles_of(begin)), {each for each in tiles_of(65_600) if each.width == 256}
    assert full == {tile: TILES[tile] for tile in after - before}
    assert edge.root() == root_of(LEAVES[:65_600])
