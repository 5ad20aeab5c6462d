"""The sequencer: gives committed records their places in the log and signs what the log then is (source: records.md)."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from workflow.models.database import WRITER, db
from workflow.models.log import LogCheckpoint, LogEntry, LogKey, LogTile
from workflow.models.log_tree import size_of, tile_reader
from workflow.models.record import Record, RecordPending
from workflow.models.types import BigId
from workflow.records.checkpoints import Checkpoint, read_checkpoint
from workflow.records.merkle import root_at
from workflow.records.notes import NoteError, Signer, read_note, read_verifier
from workflow.records.tiles import Edge, reading
from workflow.services.clock import Clock
from workflow.services.record import log_ahead
from workflow.services.record.keep_checkpoints import CheckpointFolder
from workflow.services.record.log_key import Keyholder

BATCH = 1000
"""How many records take their places in one transaction at most."""

_TURN = text("SELECT pg_advisory_xact_lock(30229518906551911)")  # the lock under which the log grows on PostgreSQL
_KEY = select(LogKey.vkey)
_AWAITING = select(RecordPending.record_id).order_by(RecordPending.record_id).limit(BATCH).subquery()
_PLACE = insert(LogEntry).from_select(
    ("log_index", "record_id", "leaf_hash"),
    select(
        bindparam("first", type_=BigId) - 1 + func.row_number().over(order_by=_AWAITING.c.record_id),
        _AWAITING.c.record_id,
        Record.hash,
    )
    .join(Record, Record.id == _AWAITING.c.record_id)
    .order_by(_AWAITING.c.record_id),
)
_PLACED = select(LogEntry.leaf_hash).where(LogEntry.log_index >= bindparam("first")).order_by(LogEntry.log_index)
_TILE = insert(LogTile)
_DONE = delete(RecordPending).where(
    RecordPending.record_id.in_(select(LogEntry.record_id).where(LogEntry.log_index >= bindparam("first")))
)
_SIGN = insert(LogCheckpoint)
_SIGNED = select(LogCheckpoint.note).where(LogCheckpoint.size == bindparam("size"))
_NEWEST = select(LogCheckpoint.size, LogCheckpoint.note).order_by(LogCheckpoint.size.desc()).limit(1)
_KEY_PLACE = select(LogKey.vkey, LogEntry.log_index).join(LogEntry, LogEntry.record_id == LogKey.record_id)
_SIGNED_UP_TO = select(func.coalesce(func.max(LogCheckpoint.size), 0)).scalar_subquery()
_PLACED_UP_TO = select(func.coalesce(func.max(LogEntry.log_index) + 1, 0)).scalar_subquery()
_NEWS = select(exists(select(RecordPending.record_id)), _SIGNED_UP_TO < _PLACED_UP_TO)

_BEHIND = (
    "日志检查点目录里有大小为 {0} 的检查点,而数据库中的日志只到 {1} 或与之不符:数据库可能是从旧备份恢复的,暂停一切签署。 / "
    "The checkpoint folder knows a log of {0} records, the database has {1} or others: it may come from an old backup. "
    "Nothing is signed."
)


class BehindCheckpointError(RuntimeError):
    """The database lies behind a checkpoint that is known outside it, or tells another story: nothing is signed."""


@dataclass(frozen=True, slots=True)
class Sequencer:
    """What the log needs beside the database: its key, and the folder that keeps its checkpoints."""

    keyholder: Keyholder
    folder: CheckpointFolder
    clock: Clock

    def catch_up(self) -> int:
        """Give every committed record its place and sign what the log then is; gives how many there were.

        Raises BehindCheckpointError where nothing may be signed; then nothing is placed either.
        """
        self._check_not_behind()
        done = 0
        with _connected() as connection:
            while self._has_news(connection):
                connection.rollback()
                done += self._batch()
            self._hand_out(connection)
        return done

    def _batch(self) -> int:
        """Place a batch and sign, in one transaction: one way on both databases, one at a time."""
        with _connected(writes=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(_TURN)  # on SQLite a writing transaction has its turn from the beginning
            if not self._has_news(connection):
                return 0  # another sequencer had its turn before us
            edge, placed = _place(connection)
            signers = self._signers(connection)
            if signers:
                note = Checkpoint(signers[0].name, edge.size, edge.root()).signed(*signers)
                connection.execute(_SIGN, {"size": edge.size, "note": str(note), "at": self.clock()})
        return placed

    def _has_news(self, connection: Connection) -> bool:
        """Say whether a record waits for its place, or the newest ones for a checkpoint that can be signed."""
        waiting, unsigned = connection.execute(_NEWS).one()
        return bool(waiting or (unsigned and self._signers(connection)))

    def _signers(self, connection: Connection) -> tuple[Signer, ...]:
        return self.keyholder.signers(connection.execute(_KEY).scalar())

    def _check_not_behind(self) -> None:
        """Raise BehindCheckpointError unless the log reaches the newest checkpoint that was kept outside; keeps what was found."""
        newest = self.folder.newest()  # read before the database, which a healthy folder never is ahead of
        if newest is not None:
            with _connected() as connection:
                size = size_of(connection)
                is_held = _holds(connection, newest, size)
            if not is_held:
                log_ahead.keep(log_ahead.FOLDER, newest.size, self.clock)
                raise BehindCheckpointError(_BEHIND.format(newest.size, size))
        log_ahead.forget(log_ahead.FOLDER)

    def _hand_out(self, connection: Connection) -> None:
        """Keep the newest checkpoint outside the database; then an old key that it tells of may go."""
        signed = connection.execute(_NEWEST).one_or_none()
        if signed is None:
            return
        newest = self.folder.newest()
        if newest is None or newest.size < signed.size:
            self.folder.keep(signed.size, signed.note)
        key = connection.execute(_KEY_PLACE).one_or_none()
        if key is not None and key.log_index < signed.size:
            self.keyholder.settle(key.vkey)


CANNOT_GO_ON = (BehindCheckpointError, NoteError, OSError, SQLAlchemyError)
"""What keeps the log from going on now; records wait meanwhile, and nobody's work does."""


def of(settings: Settings, clock: Clock) -> Sequencer:
    """Give the sequencer of an installation."""
    return Sequencer(Keyholder(settings.log_key_file), CheckpointFolder(settings.checkpoint_dir), clock)


def _holds(connection: Connection, known: Checkpoint, size: int) -> bool:
    """Say whether the log of `size` records goes on from a checkpoint that is known outside the database."""
    vkey = connection.execute(_KEY).scalar()
    if vkey is None or known.origin != read_verifier(vkey).name or known.size > size:
        return False
    signed = connection.execute(_SIGNED, {"size": known.size}).scalar()
    if signed is not None and read_checkpoint(read_note(signed)) == known:
        return True
    return root_at(known.size, reading(size, tile_reader(connection))) == known.root


def _connected(*, writes: bool = False) -> Connection:
    return db.engine.connect().execution_options(**{WRITER: writes})


def _place(connection: Connection) -> tuple[Edge, int]:
    """Write what waits at the end of the log, and the tiles that become full; gives the tree's edge and how many came."""
    first = size_of(connection)
    edge = Edge(first, tile_reader(connection))
    connection.execute(_PLACE, {"first": first})
    connection.execute(_DONE, {"first": first})
    placed = connection.scalars(_PLACED, {"first": first}).all()
    full = [
        {"level": tile.level, "number": tile.number, "root": root, "hashes": hashes}
        for tile, hashes, root in edge.append(bytes(leaf) for leaf in placed)
    ]
    if full:
        connection.execute(_TILE, full)
    return edge, len(placed)
