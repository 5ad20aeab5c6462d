"""What somebody can do who holds the database file: any row of any table changed, taken, put or exchanged."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from sqlite3 import connect
from typing import Any

from flask import Flask
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    String,
    Table,
    create_engine,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.pool import NullPool

from tests.support.bare_app import opened
from tests.support.databases import SQLITE, Database
from workflow.models.database import db
from workflow.models.types import Exact, Instant

Row = dict[str, Any]


@dataclass(frozen=True)
class Prey:
    """A database file that is attacked again and again: it begins each time as it was left untouched."""

    app: Flask
    path: Path
    pristine: Path

    @contextmanager
    def attacked(self) -> Iterator[Connection]:
        """Give the file to somebody without triggers, foreign keys and checks; what they did is committed."""
        self.restore()
        engine = create_engine(f"sqlite:///{self.path}", poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            yield connection
            connection.commit()

    def restore(self) -> None:
        """Put the untouched file back."""
        db.session.remove()
        db.engine.dispose()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.pristine, self.path)


@contextmanager
def prey_of(database: Database) -> Iterator[Prey]:
    """Take the triggers from a database and keep it as it is."""
    assert database.kind == SQLITE
    path = Path(database.url.removeprefix("sqlite:///"))
    pristine = path.with_name("pristine.db")
    with closing(connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(path, pristine)
    with opened(database) as app:
        yield Prey(app, path, pristine)


def rows_of(connection: Connection, table: Table) -> list[Row]:
    """Every row of a table by its key."""
    return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]


def change(connection: Connection, table: Table, row: Row, values: Row) -> None:
    """Change one row."""
    connection.execute(update(table).where(*_is(table, row)).values(values))


def take(connection: Connection, table: Table, row: Row) -> None:
    """Remove one row."""
    connection.execute(delete(table).where(*_is(table, row)))


def put(connection: Connection, table: Table, row: Row) -> None:
    """Add one row."""
    connection.execute(insert(table).values(row))


def exchange(connection: Connection, table: Table, one: Row, other: Row) -> None:
    """Let two rows change places: each gets the other's key."""
    keys = [column.name for column in table.primary_key]
    for row in (one, other):
        take(connection, table, row)
    put(connection, table, {**one, **{key: other[key] for key in keys}})
    put(connection, table, {**other, **{key: one[key] for key in keys}})


def _is(table: Table, row: Row) -> list[Any]:
    return [column == row[column.name] for column in table.primary_key]


def other_value(column: Column[Any], value: Any) -> Any:
    """Give another value of the column's own type."""
    match value:
        case None:
            return _some_value(column)
        case bool():
            return not value
        case int() | Decimal():
            return value + 1_000_000  # beyond the next id
        case str():
            return f"{value}x"
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:]
        case list():
            return [*value, "forged"]
        case dict():
            return {**value, "forged": "1"}
        case date():
            return value + timedelta(days=1000)
    raise AssertionError(column)


def _some_value(column: Column[Any]) -> Any:
    some: dict[Any, Any] = {
        Exact: Decimal(1),
        Instant: datetime(2026, 11, 6, tzinfo=UTC),
        Date: date(2026, 11, 6),
        Boolean: True,
        Integer: 1,
        LargeBinary: b"\0" * 32,
        JSON: {"forged": "1"},
        String: "x",
    }
    return next(value for kind, value in some.items() if isinstance(column.type, kind))
