"""Reading the log from its first place to its last, with the record behind each."""

from typing import Any

from sqlalchemy import Connection, Result, exists, func, or_, select

from workflow.models.log import LogCheckpoint, LogCosignature, LogEntry, LogTile
from workflow.models.record import Record, RecordContent, RecordPending


def entries(connection: Connection) -> Result[Any]:
    """Give the entries by place, each with its record's hash, which is none where there is no such record."""
    query = (
        select(LogEntry.log_index, LogEntry.record_id, LogEntry.leaf_hash, Record.hash)
        .outerjoin(Record, Record.id == LogEntry.record_id)
        .order_by(LogEntry.log_index)
    )
    return connection.execute(query)


def count(connection: Connection) -> int:
    """Give the number of places."""
    return int(connection.scalar(select(func.count()).select_from(LogEntry)) or 0)


def levels(connection: Connection) -> list[int]:
    """Give the levels that have tiles."""
    return sorted(connection.scalars(select(LogTile.level).distinct()))


def tiles(connection: Connection, level: int) -> Result[Any]:
    """Give the full tiles of a level, from the left."""
    query = select(LogTile.number, LogTile.root, LogTile.hashes).where(LogTile.level == level)
    return connection.execute(query.order_by(LogTile.number))


def checkpoints(connection: Connection) -> Result[Any]:
    """Give the checkpoints by size."""
    return connection.execute(select(LogCheckpoint.size, LogCheckpoint.note).order_by(LogCheckpoint.size))


def cosignatures(connection: Connection) -> Result[Any]:
    """Give what witnesses signed, by size."""
    query = select(LogCosignature.size, LogCosignature.witness, LogCosignature.line)
    return connection.execute(query.order_by(LogCosignature.size, LogCosignature.witness))


def keys(connection: Connection) -> list[tuple[int | None, str]]:
    """Give each key that the log's own records name, oldest first, with the place of the record in the log."""
    query = (
        select(LogEntry.log_index, RecordContent.content)
        .select_from(Record)
        .join(RecordContent, RecordContent.record_id == Record.id)
        .outerjoin(LogEntry, LogEntry.record_id == Record.id)
        .where(Record.entity_kind == "log")
        .order_by(Record.version)
    )
    return [
        (place, change["to"])
        for place, content in connection.execute(query)
        for change in content["changes"]
        if change["field"] == "vkey"
    ]


def neither_placed_nor_waiting(connection: Connection) -> int | None:
    """Give a record that is not in the log and does not wait for its place, if there is one."""
    placed = exists().where(LogEntry.record_id == Record.id)
    waiting = exists().where(RecordPending.record_id == Record.id)
    return connection.scalar(select(Record.id).where(~or_(placed, waiting)).limit(1))


def placed_more_than_once(connection: Connection) -> int | None:
    """Give a record that has several places in the log, or one and still waits, if there is one."""
    waits = select(LogEntry.record_id).join(RecordPending, RecordPending.record_id == LogEntry.record_id).limit(1)
    found = connection.scalar(waits)
    if found is not None or not _some_twice(connection):
        return found
    several = select(LogEntry.record_id).group_by(LogEntry.record_id).having(func.count() > 1).limit(1)
    return connection.scalar(several)


def _some_twice(connection: Connection) -> bool:
    """Say whether there are more places than records that have one: counting takes no memory."""
    placed = exists().where(LogEntry.record_id == Record.id)
    records = connection.scalar(select(func.count()).select_from(Record).where(placed))
    return count(connection) != records
