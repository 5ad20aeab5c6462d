"""The tree as the database holds it: full tiles as they are, partial ones from what stands below them."""

from sqlalchemy import Connection, bindparam, func, select

from workflow.models.log import LogEntry, LogTile
from workflow.records.tiles import WIDTH, ReadTile, Tile

_FULL = select(LogTile.hashes).where(LogTile.level == bindparam("level"), LogTile.number == bindparam("number"))
_LEAVES = (
    select(LogEntry.leaf_hash)
    .where(LogEntry.log_index >= bindparam("first"), LogEntry.log_index < bindparam("beyond"))
    .order_by(LogEntry.log_index)
)
_ROOTS = (
    select(LogTile.root)
    .where(
        LogTile.level == bindparam("below"),
        LogTile.number >= bindparam("first"),
        LogTile.number < bindparam("beyond"),
    )
    .order_by(LogTile.number)
)
_SIZE = select(func.coalesce(func.max(LogEntry.log_index) + 1, 0))


class MissingTileError(LookupError):
    """The database lacks a part of the tree that it should hold."""


def size_of(connection: Connection) -> int:
    """Give how many records stand in the log."""
    return int(connection.execute(_SIZE).scalar_one())


def tile_reader(connection: Connection) -> ReadTile:
    """Read tiles from the database; raises MissingTileError for one that is not there whole."""

    def read(tile: Tile) -> bytes:
        if tile.width == WIDTH:
            found = connection.execute(_FULL, {"level": tile.level, "number": tile.number}).scalar()
            hashes = b"" if found is None else bytes(found)
        else:
            first = tile.number * WIDTH
            places = {"below": tile.level - 1, "first": first, "beyond": first + tile.width}
            rows = connection.execute(_ROOTS if tile.level else _LEAVES, places).scalars()
            hashes = b"".join(bytes(each) for each in rows)
        if len(hashes) != tile.width * 32:
            raise MissingTileError(tile.path)
        return hashes

    return read
