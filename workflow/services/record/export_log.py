"""Writing the log to a folder as C2SP tlog-tiles lays it out, so that anybody's tools can read and prove it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, select

from workflow.errors import Refusal
from workflow.models.log import LogEntry
from workflow.models.log_tree import tile_reader
from workflow.models.record import Record
from workflow.models.record_stream import one_moment
from workflow.policy import COMPANY, Action, Actor, decide_unit
from workflow.records.canonical import Envelope
from workflow.records.merkle import leaf_hash
from workflow.records.tiles import WIDTH, Tile, bundle, hashes_in, tiles_of
from workflow.services.record import log_key, look_up_log
from workflow.services.record.look_up_log import SignedTree
from workflow.services.whole_files import write_whole
from workflow.services.zipped import zipped

Progress = Callable[[int], object]

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


@dataclass(frozen=True, slots=True)
class Archive:
    """The whole log as one file: of which tree, under which name, and its bytes as they are read."""

    tree: SignedTree
    name: str
    pieces: Iterator[bytes]


def export(folder: Path, progress: Progress = lambda _: None) -> SignedTree:
    """Write the log's files to a folder, in memory that does not grow with the log; the checkpoint comes last and whole.

    Raises Refusal while nothing is signed, AlteredEntryError for a record that is not the one in the log.
    """
    tree = look_up_log.newest_checkpoint()
    for path, data in _files(tree, progress):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (write_whole if path == CHECKPOINT else Path.write_bytes)(folder / path, data)
    return tree


def archive(actor: Actor) -> Archive:
    """Give the same files as one; raises Refusal for who may not or while nothing is signed.

    A record that is not the one in the log raises AlteredEntryError on the way: the archive then has no end.
    """
    denied = decide_unit(actor, Action.RECORDS_EXPORT, COMPANY)
    if denied is not None:
        raise Refusal(denied)
    tree = look_up_log.newest_checkpoint()
    return Archive(tree, f"kaogong-log-{tree.size}.zip", zipped(_files(tree, lambda _: None), tree.at))


def may_export(actor: Actor) -> bool:
    """Say whether the actor may take the log away."""
    return decide_unit(actor, Action.RECORDS_EXPORT, COMPANY) is None


def _files(tree: SignedTree, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """Give tiles, entries, the log's keys and last of all the checkpoint, each by its path.

    Entries are the records' envelopes: ids, events, times and hashes, never a score.
    """
    with one_moment() as connection:
        read = tile_reader(connection)
        for tile in tiles_of(tree.size):
            hashes = read(tile)
            yield tile.path, hashes
            if tile.level == 0:
                entries = list(_entries(connection, tile))
                _check(tile, entries, hashes)
                yield tile.entries_path, bundle(entries)
                progress(tile.width)
    yield KEYS, "".join(f"{key}\n" for key in log_key.known()).encode()
    yield CHECKPOINT, tree.note.encode()


def _entries(connection: Connection, tile: Tile) -> Iterator[bytes]:
    first = tile.number * WIDTH
    for row in connection.execute(_ENTRIES, {"first": first, "beyond": first + tile.width}).mappings():
        yield Envelope(**{name: row[name] for name in Envelope._fields}).canonical()


def _check(tile: Tile, entries: list[bytes], hashes: bytes) -> None:
    if [leaf_hash(each) for each in entries] != hashes_in(hashes):
        raise AlteredEntryError(tile.entries_path)
