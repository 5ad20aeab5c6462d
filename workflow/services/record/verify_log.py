"""Proving the log: every record has its place or waits for it, and the signed tree stands on exactly these records."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import Connection, Row

from config import Settings
from workflow.models import log_stream
from workflow.models.record_stream import InOrder
from workflow.records.checkpoints import Checkpoint, check_cosignature, open_checkpoint
from workflow.records.faults import BrokenRecordError, Fault, FaultCode
from workflow.records.notes import NoteError, Verifier, read_signatures, read_verifier
from workflow.records.tiles import Edge, Tile
from workflow.services.record.keep_checkpoints import CheckpointFolder
from workflow.services.record.log_key import Keyholder


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known of the log outside its database: the key that signs it, the newest checkpoint, the witnesses' keys."""

    key: Verifier | None = None
    newest: Checkpoint | None = None
    witnesses: Mapping[str, Verifier] | None = None


@dataclass(frozen=True, slots=True)
class LogState:
    """How long the log is, up to where it is signed, and whether the newest checkpoint kept outside was compared."""

    size: int = 0
    signed: int = 0
    compared: bool = False


def outside_of(settings: Settings) -> Outside:
    """Read what an installation knows of its log outside the database; raises BrokenRecordError for what can't be read."""
    try:
        signer = Keyholder(settings.log_key_file).signer()
        newest = CheckpointFolder(settings.checkpoint_dir).newest()
    except (NoteError, OSError) as error:
        raise BrokenRecordError(Fault(FaultCode.OUTSIDE_UNREADABLE, found=str(error))) from error
    witnesses = [read_verifier(key) for key, _ in settings.witnesses]
    return Outside(signer.verifier if signer else None, newest, {each.name: each for each in witnesses})


def check_log(connection: Connection, outside: Outside, count: Callable[[int], None]) -> LogState:
    """Go through the log from its first place to its last; raises BrokenRecordError at the first fault."""
    keys = _keys(connection, outside)
    with ExitStack() as streams:
        tree = _Tree(connection, streams, keys, outside)
        for entries in streams.enter_context(log_stream.entries(connection)).partitions():
            _check_entries(tree.size, entries)
            tree.extend([entry.leaf_hash for entry in entries])
            count(len(entries))
        tree.finish()
    _check_places(connection)
    return LogState(tree.size, tree.signed, outside.newest is not None)


def _keys(connection: Connection, outside: Outside) -> Sequence[tuple[int, Verifier]]:
    """Give the keys that the log tells of, each with the place from which on it has to sign; the first signs from the start."""
    try:
        told = [(place, read_verifier(vkey)) for place, vkey in log_stream.keys(connection)]
    except (KeyError, NoteError, TypeError) as error:
        _break(FaultCode.KEY_DIFFERS, found=str(error))
    if outside.key is not None and told and told[-1][1] != outside.key:
        _break(FaultCode.KEY_DIFFERS, told=str(outside.key), found=str(told[-1][1]))
    signs = [(place if at else 0, key) for at, (place, key) in enumerate(told)]
    return [(place, key) for place, key in signs if place is not None]


def _check_entries(size: int, entries: Sequence[Row[Any]]) -> None:
    """Each entry has the next place and stands for its record's hash."""
    for place, (log_index, record_id, leaf, stands_for) in enumerate(map(tuple, entries), size):
        if log_index != place:
            _break(FaultCode.LOG_GAP, size=place, found=str(log_index))
        if stands_for is None or stands_for != leaf:
            _break(FaultCode.LEAF_DIFFERS, size=place, record_id=record_id)


def _check_places(connection: Connection) -> None:
    """Every record stands in the log once, or waits for its place."""
    for code, record_id in (
        (FaultCode.NOT_LOGGED, log_stream.neither_placed_nor_waiting(connection)),
        (FaultCode.LOGGED_TWICE, log_stream.placed_more_than_once(connection)),
    ):
        if record_id is not None:
            _break(code, record_id=record_id)


class _Tree:
    """The tree as the entries give it, compared with the tiles and checkpoints that are there."""

    def __init__(
        self, connection: Connection, streams: ExitStack, keys: Sequence[tuple[int, Verifier]], outside: Outside
    ) -> None:
        self._keys = keys
        self._outside = outside
        self._edge = Edge(0, _nothing)
        self._tiles = {
            level: InOrder(streams.enter_context(log_stream.tiles(connection, level)), lambda row: int(row.number))
            for level in log_stream.levels(connection)
        }
        self._checkpoints = InOrder(
            streams.enter_context(log_stream.checkpoints(connection)), lambda row: int(row.size)
        )
        self._cosignatures = InOrder(
            streams.enter_context(log_stream.cosignatures(connection)), lambda row: int(row.size)
        )
        self.signed = 0
        self._check_size()

    @property
    def size(self) -> int:
        return self._edge.size

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Put leaves in their places, up to each size at which something was signed."""
        start, end = self.size, self.size + len(leaves)
        while self.size < end:
            stop = min(end, *self._sizes_ahead(end))
            for tile, hashes, root in self._edge.append(leaves[self.size - start : stop - start]):
                self._check_tile(tile, hashes, root)
            self._check_size()

    def _sizes_ahead(self, end: int) -> Iterator[int]:
        newest = self._outside.newest
        for size in (self._checkpoints.key, self._cosignatures.key, None if newest is None else newest.size):
            yield size if size is not None and size > self.size else end

    def finish(self) -> None:
        """Nothing may be left over once all entries are in the tree."""
        for level, tiles in self._tiles.items():
            if tiles.key is not None:
                _break(FaultCode.TILE_DIFFERS, size=self.size, found=f"{level}/{tiles.key}")
        for stream in (self._checkpoints, self._cosignatures):
            if stream.key is not None:
                _break(FaultCode.CHECKPOINT_DIFFERS, size=stream.key, found=str(self.size))
        if self._outside.newest is not None and self._outside.newest.size > self.size:
            _break(FaultCode.BEHIND, size=self.size, told=str(self._outside.newest.size))

    def _check_tile(self, tile: Tile, hashes: bytes, root: bytes) -> None:
        stream = self._tiles.get(tile.level)
        found = list(stream.take(tile.number)) if stream else []
        if [(row.hashes, row.root) for row in found] != [(hashes, root)]:
            _break(FaultCode.TILE_DIFFERS, size=self.size, found=f"{tile.level}/{tile.number}")

    def _check_size(self) -> None:
        """Compare what is signed of the tree at this size, in the database and outside."""
        newest, lines = self._outside.newest, list(self._cosignatures.take(self.size))
        rows = list(self._checkpoints.take(self.size))
        if rows:
            self._check_checkpoint(rows[0], lines)
        elif lines:
            _break(FaultCode.CHECKPOINT_DIFFERS, size=self.size, found="—")
        if newest is not None and newest.size == self.size and newest.root != self._edge.root():
            _break(FaultCode.BEHIND, size=self.size, told=str(newest.size))

    def _check_checkpoint(self, row: Row[Any], lines: Sequence[Row[Any]]) -> None:
        key = [key for place, key in self._keys if place < self.size or not place][-1:]  # the last one told of
        try:
            checkpoint, note = open_checkpoint(row.note, key)
            for line in lines:
                self._check_cosignature(note, line)
        except (NoteError, ValueError, TypeError) as error:
            _break(FaultCode.SIGNATURE_FALSE, size=self.size, found=str(error))
        if (checkpoint.size, checkpoint.root) != (self.size, self._edge.root()):
            _break(FaultCode.CHECKPOINT_DIFFERS, size=self.size, found=str(checkpoint.size))
        self.signed = self.size

    def _check_cosignature(self, note: Any, line: Row[Any]) -> None:
        """Check what a witness signed; of one whose key is not known only that the line can be read."""
        (signature,) = read_signatures(line.line)
        witness = (self._outside.witnesses or {}).get(line.witness)
        if signature.name != line.witness:
            raise NoteError(line.witness)
        if witness is not None:
            check_cosignature(note, signature, witness)


def _nothing(tile: Tile) -> bytes:
    raise LookupError(tile)


def _break(code: FaultCode, **place: Any) -> NoReturn:
    raise BrokenRecordError(Fault(code, **place))
