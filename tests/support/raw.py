"""A database as somebody sees it who goes around the application: plain connections, and records made by hand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, insert, select
from sqlalchemy.pool import NullPool

from tests.support.databases import Database
from workflow.models.guards import tables
from workflow.models.record import Record, RecordContent
from workflow.models.types import new_id
from workflow.records.canonical import Envelope, content_hash

FORGED_AT = datetime(2026, 11, 6, tzinfo=UTC)
Row = Mapping[str, Any]


@contextmanager
def connected(database: Database, *, as_owner: bool = False) -> Iterator[Connection]:
    """A fresh connection with nothing set: on SQLite no foreign keys and no recursive triggers; never commits itself."""
    with _engine(database.owner_url if as_owner and database.owner_url else database.url).connect() as connection:
        yield connection


@lru_cache(maxsize=64)
def _engine(url: str) -> Engine:
    """What makes connections and keeps none."""
    return create_engine(url, poolclass=NullPool)


@dataclass(frozen=True)
class Intruder:
    """Somebody with plain connections to a database, as the application's role and as the owner of the tables."""

    database: Database
    application: Engine
    owner: Engine

    @contextmanager
    def connected(self, *, as_owner: bool = False) -> Iterator[Connection]:
        """A connection with nothing set, rolled back at the end and used again; what outlives that needs a fresh one."""
        with (self.owner if as_owner else self.application).connect() as connection:
            yield connection


@contextmanager
def intruding(database: Database) -> Iterator[Intruder]:
    """Keep an intruder's connections open within the block."""
    intruder = Intruder(database, create_engine(database.url), create_engine(database.owner_url or database.url))
    yield intruder
    intruder.application.dispose()
    intruder.owner.dispose()


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every guarded table, as a fresh connection reads it."""
    with connected(database) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in tables()
        }


def rows_of(connection: Connection, table: Table) -> list[Row]:
    """The rows of a table, by column."""
    return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]


def forge(connection: Connection, kind: str, entity_id: int, **values: Any) -> int:
    """Write a record of an entity's next version that holds together, but for the `values` given; gives its id."""
    query = select(Record).where(Record.entity_kind == kind, Record.entity_id == entity_id, Record.version.is_not(None))
    last = connection.execute(query.order_by(Record.version.desc()).limit(1)).mappings().first()
    salt, content = b"0123456789abcdef", values.pop("content", {})
    fields: dict[str, Any] = {
        "id": new_id(),
        "entity_kind": kind,
        "entity_id": entity_id,
        "version": last["version"] + 1 if last else 1,
        "event": "forged",
        "at": FORGED_AT,
        "actor_id": None,
        "role": None,
        "on_behalf_of": None,
        "state": None,
        "request_id": "",
        "previous_hash": last["hash"] if last else None,
        "content_hash": content_hash(salt, content),
    } | values
    connection.execute(insert(Record).values(**fields, hash=Envelope(**fields).hash()))
    connection.execute(insert(RecordContent).values(record_id=fields["id"], salt=salt, content=content))
    return int(fields["id"])
