"""Reading the whole record and every recorded row in order, a bounded number at a time, as of one moment."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Result,
    Select,
    Table,
    bindparam,
    func,
    select,
    type_coerce,
)

from workflow.models.as_stored import UNTOUCHED
from workflow.models.database import Base, db
from workflow.models.erasures import ErasedContent
from workflow.models.record import Record, RecordContent, RecordPending
from workflow.models.recorded import RECORDED

AT_ONCE = 1000

T = TypeVar("T")

_NO_MORE: tuple[None, Iterator[Any]] = (None, iter(()))


@contextmanager
def one_moment() -> Iterator[Connection]:
    """Give a connection that reads the database as it is now, whatever is written meanwhile, and in small portions."""
    frozen = {"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}
    with db.engine.connect() as connection:
        yield connection.execution_options(yield_per=AT_ONCE, **frozen)


class InOrder(Generic[T]):
    """Rows that come by a growing key, taken one key at a time."""

    def __init__(self, rows: Iterable[T], key: Callable[[T], int]) -> None:
        self._groups = groupby(rows, key)
        self.key: int | None
        self._group: Iterator[T]
        self._advance()

    def take(self, key: int) -> Iterator[T]:
        """Give the rows of this key, which is the next one or a later one; all of them have to be taken."""
        if self.key == key:
            yield from self._group
            self._advance()

    def _advance(self) -> None:
        self.key, self._group = next(self._groups, _NO_MORE)


def tables_of(kind: str) -> tuple[Table, tuple[Table, ...]]:
    """Give the table of the entities of a kind and the tables of their parts."""
    own = next(name for name, tie in RECORDED.items() if tie.kind == kind and tie.parent_table is None)
    parts = (name for name, tie in RECORDED.items() if tie.parent_table == own)
    return Base.metadata.tables[own], tuple(Base.metadata.tables[name] for name in parts)


def records_of(connection: Connection, kind: str) -> Result[Any]:
    """Give the records of a kind with salt, content and who erased it, entity by entity, from the first version to the last."""
    return connection.execute(_records_query(), {"kind": kind})


def rows_of(connection: Connection, table: Table) -> Result[Any]:
    """Give the rows of a recorded table in the order of their entities."""
    return connection.execute(_rows_query(table))


@cache
def _records_query() -> Select[Any]:
    return (
        select(*_as_stored(Record.__table__), *_as_stored(RecordContent.__table__, "salt", "content"))
        .add_columns(ErasedContent.erasure_id)
        .outerjoin(RecordContent, RecordContent.record_id == Record.id)
        .outerjoin(ErasedContent, ErasedContent.erased_record_id == Record.id)
        .where(Record.entity_kind == bindparam("kind"))
        .order_by(Record.entity_id, Record.version)
    )


@cache
def _rows_query(table: Table) -> Select[Any]:
    return select(*_as_stored(table)).order_by(table.c[RECORDED[table.name].parent_column or "id"])


def _as_stored(table: FromClause, *names: str) -> Iterator[ColumnElement[Any]]:
    """Select columns, or all of them, so that they come as the driver gives them."""
    return (type_coerce(table.c[name], UNTOUCHED).label(name) for name in names or table.c.keys())


def count_records(connection: Connection) -> int:
    """Give the number of records."""
    return int(connection.scalar(select(func.count()).select_from(Record)) or 0)


def count_pending(connection: Connection) -> int:
    """Give the number of records that wait for their place in the log."""
    return int(connection.scalar(select(func.count()).select_from(RecordPending)) or 0)


def kinds(connection: Connection) -> set[str]:
    """Give the kinds that there are records of."""
    return set(connection.scalars(select(Record.entity_kind).distinct()))


def one_of_kind(connection: Connection, kind: str) -> int:
    """Give the id of a record of this kind."""
    return int(connection.scalar(select(Record.id).where(Record.entity_kind == kind).limit(1)) or 0)


def without_record(connection: Connection) -> tuple[str, int] | None:
    """Give the table and the id of a content, or of a place in the queue, that belongs to no record."""
    for model in (RecordContent, RecordPending):
        query: Select[Any] = (
            select(model.record_id).outerjoin(Record, Record.id == model.record_id).where(Record.id.is_(None)).limit(1)
        )
        found = connection.scalar(query)
        if found is not None:
            return model.__tablename__, int(found)
    return None
