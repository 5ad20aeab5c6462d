"""Writing the log to a folder as C2SP tlog-tiles lays it out, so that anybody's tools can read and prove it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, bindparam, select

from workflow.models.log import LogEntry
from workflow.models.log_tree import tile_reader
from workflow.models.record import Record
from workflow.models.record_stream import one_moment
from workflow.records.canonical import Envelope
from workflow.records.merkle import leaf_hash
from workflow.records.tiles import WIDTH, Tile, bundle, hashes_in, tiles_of
from workflow.services import log_key, look_up_log
from workflow.services.look_up_log import SignedTree
from workflow.services.whole_files import write_whole

KEYS = "keys"
CHECKPOINT = "checkpoint"

_ENTRIES = (
    select(Record.__table__)
    .join(LogEntry, LogEntry.record_id == Record.id)
    .where(LogEntry.log_index >= bindparam("first"), LogEntry.log_index < bindparam("beyond"))
    .order_by(LogEntry.log_index)
)


class AlteredEntryError(RuntimeError):
    """A record is not what its leaf in the log says."""


def export(folder: Path, progress: Callable[[int], object] = lambda _: None) -> SignedTree:
    """Write tiles, entries, the log's keys and last of all the newest checkpoint, in memory that does not grow with the log.

    Entries are the records' envelopes: ids, events, times and hashes, never a score. Raises Refusal while nothing is signed,
    AlteredEntryError for a record that is not the one in the log.
    """
    tree = look_up_log.newest_checkpoint()
    with one_moment() as connection:
        read = tile_reader(connection)
        for tile in tiles_of(tree.size):
            hashes = read(tile)
            _write(folder / tile.path, hashes)
            if tile.level == 0:
                entries = list(_entries(connection, tile))
                _check(tile, entries, hashes)
                _write(folder / tile.entries_path, bundle(entries))
                progress(tile.width)
    _write(folder / KEYS, "".join(f"{key}\n" for key in log_key.known()).encode())
    write_whole(folder / CHECKPOINT, tree.note.encode())
    return tree


def _entries(connection: Connection, tile: Tile) -> Iterator[bytes]:
    first = tile.number * WIDTH
    for row in connection.execute(_ENTRIES, {"first": first, "beyond": first + tile.width}).mappings():
        yield Envelope(**{name: row[name] for name in Envelope._fields}).canonical()


def _check(tile: Tile, entries: list[bytes], hashes: bytes) -> None:
    if [leaf_hash(each) for each in entries] != hashes_in(hashes):
        raise AlteredEntryError(tile.entries_path)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
