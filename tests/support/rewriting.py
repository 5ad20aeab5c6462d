"""Rewriting the record as somebody can who knows all of this code and holds the database, but not the log's key."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from workflow.models.log import LogCheckpoint, LogCosignature, LogEntry, LogTile
from workflow.models.organisation import Unit
from workflow.models.record import Record, RecordContent
from workflow.records.canonical import Envelope, content_hash
from workflow.records.checkpoints import Checkpoint
from workflow.records.notes import Signer
from workflow.records.tiles import Edge


def retell(connection: Connection, unit: str, title: str) -> None:
    """Let a unit have begun under another title: in its first record, in every hash after it, and in its row."""
    unit_id = connection.scalar(select(Unit.id).where(Unit.code == unit))
    query = select(Record).where(Record.entity_kind == "unit", Record.entity_id == unit_id).order_by(Record.version)
    records = [dict(row) for row in connection.execute(query).mappings()]
    told = connection.execute(select(RecordContent).where(RecordContent.record_id == records[0]["id"])).mappings().one()
    content = {**told["content"], "changes": [_retold(each, title) for each in told["content"]["changes"]]}
    connection.execute(update(RecordContent).where(RecordContent.record_id == records[0]["id"]).values(content=content))
    records[0]["content_hash"] = content_hash(told["salt"], content)
    _rehash(connection, records)
    connection.execute(update(Unit.__table__).where(Unit.id == unit_id).values(title=title))


def rename_key(connection: Connection, signer: Signer) -> None:
    """Let the log have begun with a key of one's own."""
    table = Record.__table__.metadata.tables["log_key"]
    record = dict(connection.execute(select(Record).where(Record.entity_kind == "log")).mappings().one())
    content = connection.scalar(select(RecordContent.content).where(RecordContent.record_id == record["id"]))
    salt = connection.scalar(select(RecordContent.salt).where(RecordContent.record_id == record["id"]))
    assert content is not None
    assert salt is not None
    vkey = str(signer.verifier)
    content = {**content, "changes": [{"field": "vkey", "from": None, "to": vkey}]}
    connection.execute(update(RecordContent).where(RecordContent.record_id == record["id"]).values(content=content))
    connection.execute(update(table).values(vkey=vkey))
    record["content_hash"] = content_hash(salt, content)
    _rehash(connection, [record])


def rebuild_tree(connection: Connection) -> Edge:
    """Put the log's tiles on the hashes that the records have now; gives the tree's edge."""
    connection.execute(delete(LogTile))
    edge = Edge(0, lambda tile: bytes(tile.width))
    query = select(LogEntry.log_index, Record.hash).join(Record, Record.id == LogEntry.record_id)
    for place, leaf in connection.execute(query.order_by(LogEntry.log_index)).all():
        connection.execute(update(LogEntry).where(LogEntry.log_index == place).values(leaf_hash=leaf))
        for tile, hashes, root in edge.append([leaf]):
            row = {"level": tile.level, "number": tile.number, "root": root, "hashes": hashes}
            connection.execute(insert(LogTile), row)
    return edge


def drop_checkpoints(connection: Connection) -> None:
    """Take away what is signed."""
    connection.execute(delete(LogCosignature))
    connection.execute(delete(LogCheckpoint))


def sign(connection: Connection, edge: Edge, signer: Signer) -> None:
    """Put a checkpoint of one's own in the place of those that are there."""
    at = connection.scalar(select(LogCheckpoint.at))
    drop_checkpoints(connection)
    note = Checkpoint(signer.name, edge.size, edge.root()).signed(signer)
    connection.execute(insert(LogCheckpoint), {"size": edge.size, "note": str(note), "at": at})


def _retold(change: dict[str, Any], title: str) -> dict[str, Any]:
    return {**change, "to": title} if change["field"] == "title" else change


def _rehash(connection: Connection, records: list[dict[str, Any]]) -> None:
    """Let each record follow from the one before."""
    previous = None
    for record in records:
        record["previous_hash"] = previous
        record["hash"] = previous = Envelope(**{name: record[name] for name in Envelope._fields}).hash()
        connection.execute(update(Record).where(Record.id == record["id"]).values(record))
