"""How SQLite is made safe: durable, with its guards in force, its writers one after the other."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from tests.support.databases import Database
from workflow.models.database import WRITER, prepare_engine


@pytest.fixture
def engine(sqlite_database: Database) -> Iterator[Engine]:
    made = create_engine(sqlite_database.url)
    prepare_engine(made)
    yield made
    made.dispose()


def writer(engine: Engine) -> Connection:
    """A connection that has begun to write."""
    connection = engine.connect().execution_options(**{WRITER: True})
    connection.begin()
    return connection


def writes_elsewhere(engine: Engine) -> threading.Thread:
    """Another thread that writes as soon as it can."""

    def write() -> None:
        with writer(engine) as connection:
            connection.commit()

    thread = threading.Thread(target=write)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("busy_timeout", 30000),
    ],
)
def test_every_connection_is_set_up(engine: Engine, pragma: str, value: object) -> None:
    for _ in range(2):
        with engine.connect() as connection:
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def test_writers_begin_one_after_the_other(engine: Engine) -> None:
    told: list[str] = []

    def second() -> None:
        with writer(engine) as connection:
            told.append("second begins")
            connection.commit()

    with writer(engine) as connection:
        thread = threading.Thread(target=second)
        thread.start()
        told.append("first ends")
        connection.commit()
    thread.join()
    assert told == ["first ends", "second begins"]


def test_readers_wait_for_nobody(engine: Engine) -> None:
    with writer(engine), engine.connect() as reader:
        assert reader.execute(text("SELECT count(*) FROM record")).scalar_one() == 0


@pytest.mark.parametrize("end", ["commit", "rollback", "close", "invalidate"])
def test_a_turn_ends_however_the_connection_comes_back(engine: Engine, end: str) -> None:
    with writer(engine) as connection:
        getattr(connection, end)()
    thread = writes_elsewhere(engine)
    thread.join()


def test_the_same_connection_may_begin_again(engine: Engine) -> None:
    with writer(engine) as connection:
        connection.commit()
        connection.begin()
        connection.commit()
    writes_elsewhere(engine).join()


def test_a_turn_ends_with_the_error_that_ends_the_work(engine: Engine) -> None:
    with pytest.raises(LookupError), writer(engine):
        raise LookupError
    writes_elsewhere(engine).join()
