"""The tree as tiles of 256 hashes, addressed as C2SP tlog-tiles says, so that any reader of such logs can read ours."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from workflow.records.merkle import HASH_BYTES, Frontier, HashAt, levels_above, root_over

HEIGHT = 8
WIDTH = 1 << HEIGHT

_STEP = 1000


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Consecutive hashes of one level: of leaves at level 0, above it of full tiles of the level below."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its address below the log's prefix."""
        return f"tile/{self.level}/{_address(self.number, self.width)}"

    @property
    def entries_path(self) -> str:
        """The address of the entries whose hashes a tile of level 0 holds."""
        return f"tile/entries/{_address(self.number, self.width)}"


ReadTile: TypeAlias = "Callable[[Tile], bytes]"
"""Gives the hashes of a tile, one after the other."""


def tiles_of(size: int) -> Iterator[Tile]:
    """Give every tile of a tree of this size, the partial ones at the right edge too."""
    level = 0
    while size:
        yield from (Tile(level, number) for number in range(size // WIDTH))
        if size % WIDTH:
            yield Tile(level, size // WIDTH, size % WIDTH)
        size //= WIDTH
        level += 1


def hashes_in(tile: bytes) -> list[bytes]:
    """Part a tile into its hashes."""
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def root_of_full(tile: bytes) -> bytes:
    """Give the root of a full tile: its hash in the tile above it."""
    (root,) = list(levels_above(hashes_in(tile)))[HEIGHT]
    return root


def reading(size: int, read: ReadTile) -> HashAt:
    """Give the hash of any complete subtree of a tree of this size; each tile is read and hashed once."""
    opened: dict[tuple[int, int], list[list[bytes]]] = {}

    def hash_at(level: int, number: int) -> bytes:
        height = level % HEIGHT
        place = (level // HEIGHT, number >> (HEIGHT - height))
        if place not in opened:
            tile = Tile(*place, width=min(WIDTH, (size >> place[0] * HEIGHT) - place[1] * WIDTH))
            opened[place] = [list(each) for each in levels_above(hashes_in(read(tile)))]
        return opened[place][height][number % (WIDTH >> height)]

    return hash_at


class Edge:
    """The right edge of a tree in tiles: leaves come in at the end and full tiles come out."""

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._levels: list[list[bytes]] = []  # the hashes of the last, partial tile of each level
        while size:
            width = size % WIDTH
            self._levels.append(hashes_in(read(Tile(len(self._levels), size // WIDTH, width))) if width else [])
            size //= WIDTH

    def append(self, leaves: Iterable[bytes]) -> Iterator[tuple[Tile, bytes, bytes]]:
        """Put leaves in their places; gives each tile that becomes full, its hashes and its root."""
        waiting = iter(leaves)
        while part := [*islice(waiting, WIDTH - self.size % WIDTH)]:
            self.size += len(part)
            yield from self._put(0, part)

    def root(self) -> bytes:
        """Give the root of the tree as it stands."""
        complete: list[bytes] = []
        for hashes in reversed(self._levels):
            edge = Frontier()
            for each in hashes:
                edge.append(each)
            complete += edge.complete
        return root_over(complete)

    def _put(self, level: int, values: Iterable[bytes]) -> Iterator[tuple[Tile, bytes, bytes]]:
        if level == len(self._levels):
            self._levels.append([])
        hashes = self._levels[level]
        hashes += values
        if len(hashes) == WIDTH:
            tile = b"".join(hashes)
            root = root_of_full(tile)
            hashes.clear()
            yield Tile(level, (self.size - 1) >> HEIGHT * (level + 1)), tile, root
            yield from self._put(level + 1, [root])


def bundle(entries: Iterable[bytes]) -> bytes:
    """Put entries together as an entry bundle: each after its length in two bytes."""
    return b"".join(len(each).to_bytes(2, "big") + each for each in entries)


def _address(number: int, width: int) -> str:
    """Write a tile's number in elements of three digits, all but the last with an x before them."""
    elements = [f"{number % _STEP:03d}"]
    while number := number // _STEP:
        elements.append(f"x{number % _STEP:03d}")
    part = "" if width == WIDTH else f".p/{width}"
    return "/".join(reversed(elements)) + part
