"""Proving the rows of a recorded table: each column of each row is what the records tell."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import JSON, Row, Table

from workflow.models.as_stored import Read, reader, text, writer
from workflow.records.canonical import (
    DIGESTED,
    Json,
    as_told,
    canonical_bytes,
    canonical_text,
    digest_of_text,
    plain,
)

PlainRow = dict[str, Json]

_OTHERWISE = object()
"""In the place of a document that is not written as it is told."""


class DifferentError(Exception):
    """A column of a row is not what the records tell; carries both in plain form."""

    def __init__(self, column: str, told: Json, found: Json) -> None:
        super().__init__(column)
        self.column, self.told, self.found = column, told, found


class UnreadableError(Exception):
    """A column of a row holds what this system would not have written."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


class Column(NamedTuple):
    """How a column is read, and what it holds where no record speaks of it: what it began with when it was added."""

    name: str
    read: Read
    is_document: bool
    unspoken: Json


class Rows:
    """Proves the rows of one table: a whole row at once, and column by column where that does not succeed."""

    def __init__(self, table: Table, dialect: str) -> None:
        self.columns = tuple(_column(column, reader(column, dialect)) for column in table.columns)
        self._names = tuple(column.name for column in self.columns)
        places = list(enumerate(self.columns))
        self._reads = [(at, each.read) for at, each in places if each.read is not text and not each.is_document]
        self._documents = [at for at, each in places if each.is_document and each.name not in DIGESTED]
        self._digested = [at for at, each in places if each.name in DIGESTED]
        self._write = writer(dialect)

    def prove(self, row: Row[Any], told: Mapping[str, Json]) -> PlainRow:
        """Give a row in plain form, a long derived document in canonical form; raises DifferentError, UnreadableError."""
        expected = [*map(told.get, self._names)]
        try:
            stored, documents = self._as_told(row, expected)
        except (TypeError, ValueError):
            return self._one_by_one(row, told)
        if stored != expected or [*map(type, stored)] != [*map(type, expected)]:
            return self._one_by_one(row, told)
        return {**dict(zip(self._names, expected, strict=True)), **documents}

    def _as_told(self, row: Row[Any], expected: list[Json]) -> tuple[list[Any], PlainRow]:
        """Give the row as records tell it, as far as that is seen at once; and its long documents in canonical form."""
        stored: list[Any] = list(row)
        documents: PlainRow = {}
        for at, read in self._reads:
            if stored[at] is not None:
                stored[at] = read(stored[at])
        for at in self._documents:
            if stored[at] is not None:
                is_told = self._write(stored[at]).encode() == canonical_bytes(expected[at])
                stored[at] = expected[at] if is_told else _OTHERWISE
        for at in self._digested:
            written = documents[self._names[at]] = self._write(stored[at])
            stored[at] = digest_of_text(written)
        return stored, documents

    def _one_by_one(self, row: Row[Any], told: Mapping[str, Json]) -> PlainRow:
        found: PlainRow = {}
        for column, stored in zip(self.columns, row, strict=True):
            try:
                found[column.name] = _proved(column, told.get(column.name, column.unspoken), stored)
            except (TypeError, ValueError) as error:
                raise UnreadableError(column.name, str(error)) from error
        return found


@cache
def rows_of(table: Table, dialect: str) -> Rows:
    """Give the proof of a table's rows, which is made once."""
    return Rows(table, dialect)


def _column(column: Any, read: Read) -> Column:
    return Column(column.name, read, isinstance(column.type, JSON), _unspoken(column))


def _unspoken(column: Any) -> Json:
    default = column.default
    if default is None or column.primary_key:
        return None
    return as_told(column.name, default.arg(None) if default.is_callable else default.arg)


def _proved(column: Column, told: Json, stored: Any) -> Json:
    """Give a stored value in plain form if it is what the records tell; raises for any other.

    The same text may be written in two ways, as text that is not normalised is: both have the same canonical bytes, in
    which true is not 1.
    """
    value = plain(None if stored is None else column.read(stored))
    shown = as_told(column.name, value)
    if canonical_bytes(shown) != canonical_bytes(told):
        raise DifferentError(column.name, told, shown)
    return canonical_text(value) if column.name in DIGESTED else value
