"""The connection to the database: one declarative base, one session, and how SQLite is made safe."""

import threading
from functools import partial
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

WRITER = "kaogong_writer"
"""The execution option of a connection that is going to write."""

PATIENCE_SECONDS = 30
"""How long a writer waits for its turn on SQLite."""

_TURN = "kaogong_turn"

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table descends from."""

    metadata = MetaData(naming_convention=_NAMES)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def prepare_engine(engine: Engine) -> None:
    """Make SQLite durable and its writers take turns; other databases are left as they are."""
    if engine.dialect.name != "sqlite":
        return
    turn = threading.Lock()
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", partial(_begin_sqlite, turn))
    event.listen(engine, "checkin", partial(_end_sqlite, turn))


def _open_sqlite(connection: Any, _: object) -> None:
    """Take transactions into our own hands and set what SQLite forgets with every connection."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA recursive_triggers = ON")
    cursor.close()


def _begin_sqlite(turn: threading.Lock, connection: Connection) -> None:
    """Begin writers at once as writers: a read that later writes fails with «database is locked».

    Writers of this process wait for their turn asleep; SQLite itself would have each look again and again.
    """
    if not connection.get_execution_options().get(WRITER, False):
        connection.exec_driver_sql("BEGIN")
        return
    held = connection.connection.record_info
    if held is not None and not held.get(_TURN):
        held[_TURN] = turn.acquire(timeout=PATIENCE_SECONDS)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _end_sqlite(turn: threading.Lock, _: object, record: ConnectionPoolEntry) -> None:
    """Let the next writer of this process have its turn, however the connection came back."""
    if (record.record_info or {}).pop(_TURN, False):
        turn.release()
