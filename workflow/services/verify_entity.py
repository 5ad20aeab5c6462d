"""Proving one entity: its records hold together, and its rows are what they tell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import JSON, Row, Table

from workflow.models.as_stored import Read, document, moment, reader, text
from workflow.models.recorded import RECORDED
from workflow.records.canonical import DIGESTED, Envelope, Json, as_told, canonical_bytes, digest_of_text, plain
from workflow.records.chain import Chain
from workflow.records.faults import BrokenRecordError, Fault, FaultCode
from workflow.records.replay import Contradiction, Replay
from workflow.services.verify_cards import faults_of_card, faults_of_scheme

SIGNED = {"scheme": faults_of_scheme, "scorecard": faults_of_card}
"""The kinds that people sign, and what must still be true of what they signed."""

_LABELS = (
    ("number", "username", "code", "item", "file_name"),
    ("subject_name", "title", "name", "subject_code", "role"),
)
"""What people call an entity: the first of each that it has."""

_LONGEST = 80
_AT = Envelope.__slots__.index("at")


class Column(NamedTuple):
    """How a column is read, and what it holds where no record speaks of it: what it began with when it was added."""

    name: str
    read: Read
    is_document: bool
    is_text: bool
    unspoken: Json


@cache
def columns_of(table: Table, dialect: str) -> tuple[Column, ...]:
    """Give the columns of a recorded table as they are proved."""
    return tuple(_column(column, reader(column, dialect)) for column in table.columns)


def _column(column: Any, read: Read) -> Column:
    return Column(column.name, read, isinstance(column.type, JSON), read is text, _unspoken(column))


def _unspoken(column: Any) -> Json:
    default = column.default
    if default is None or column.primary_key:
        return None
    return as_told(column.name, default.arg(None) if default.is_callable else default.arg)


@dataclass(slots=True)
class Entity:
    """One entity with the rows that are there of it, by table."""

    kind: str
    entity_id: int
    own: str
    columns: Mapping[str, tuple[Column, ...]]
    rows: Mapping[str, Sequence[Row[Any]]]
    _replay: Replay = field(default_factory=Replay)

    def check(self, records: Iterable[Row[Any]], count: Callable[[], None]) -> None:
        """Go through its records, oldest first, then through its rows; raises BrokenRecordError at the first fault."""
        chain, last = Chain(), 0
        for row in records:
            if self._take(row, chain):
                last = row.id
            count()
        if not chain.notes_follow():
            self._break(FaultCode.CHAIN_BROKEN)
        if not chain.version:
            self._break(FaultCode.ROW_UNRECORDED, **self._any_row())
        parts = {name: self._parts(name) for name in self.columns if name != self.own}
        own = self._own_row({"version": chain.version, "record_id": plain(last)})
        self._check_missing(parts)
        if self.kind in SIGNED:
            for fault in SIGNED[self.kind](own, parts):
                raise self._placed(fault)

    def _take(self, row: Row[Any], chain: Chain) -> bool:
        """Take one record; says whether it made a version."""
        try:
            *named, stored_hash, salt, written, erasure_id = tuple(row)
            named[_AT] = moment(named[_AT])
            envelope = Envelope(*named)
            content = document(written)
            wrong = chain.take(envelope, stored_hash, salt, content, written, erased=erasure_id is not None)
            contradiction = None if wrong else self._replay_one(row, content)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self._break(FaultCode.UNREADABLE, record_id=row.id, table="record", row_id=row.id, found=str(error))
        if wrong is FaultCode.VERSION_MISSING:
            self._break(wrong, record_id=row.id, told=str(chain.version + 1), found=str(row.version))
        if wrong is not None:
            self._break(wrong, record_id=row.id, version=row.version)
        if contradiction is not None:
            column = contradiction.field.rpartition("/")[2]
            said = {"told": _shown(contradiction.told), "found": _shown(contradiction.found)}
            self._break(FaultCode.BEFORE_DIFFERS, record_id=row.id, version=row.version, column=column, **said)
        return row.version is not None

    def _replay_one(self, row: Row[Any], content: Any) -> Contradiction | None:
        """Play a record's content; where an order erased it, what was told so far counts no more."""
        if content is not None:
            return self._replay.take(row.id, content)
        if row.version is not None:
            self._replay.forget()
        return None

    def _own_row(self, ties: Mapping[str, Json]) -> dict[str, Json]:
        rows = self.rows[self.own]
        if not rows:
            self._break(FaultCode.ROW_MISSING, table=self.own, row_id=self.entity_id)
        if len(rows) > 1:
            self._break(FaultCode.ROW_UNRECORDED, table=self.own, row_id=self.entity_id)
        return self._read(self.own, rows[0], {**self._replay.fields, "id": plain(self.entity_id), **ties})

    def _parts(self, table: str) -> list[dict[str, Json]]:
        parent = str(RECORDED[table].parent_column)
        found = []
        for row in self.rows[table]:
            told = self._replay.parts.get((table, row.id))
            if told is None:
                self._break(FaultCode.ROW_UNRECORDED, table=table, row_id=row.id)
            ties = {"id": plain(row.id), "record_id": plain(told.record_id), parent: plain(self.entity_id)}
            found.append(self._read(table, row, {**told.fields, **ties}))
        return found

    def _check_missing(self, parts: Mapping[str, Sequence[Mapping[str, Json]]]) -> None:
        there = {(table, int(str(row["id"]))) for table, rows in parts.items() for row in rows}
        for table, row_id in sorted(self._replay.parts.keys() - there):
            self._break(FaultCode.ROW_MISSING, table=table, row_id=row_id)

    def _read(self, table: str, row: Row[Any], told: Mapping[str, Json]) -> dict[str, Json]:
        """Compare each field of a row with what the records tell; gives the row in plain form."""
        found: dict[str, Json] = {}
        for column, stored in zip(self.columns[table], row, strict=True):
            expected = told.get(column.name, column.unspoken)
            if stored is expected is None or (column.is_text and stored.__class__ is str and stored == expected):
                found[column.name] = expected
                continue
            try:
                found[column.name] = _proved(column, expected, stored)
            except _DiffersError as error:
                said = {"told": _shown(expected), "found": _shown(error.found)}
                self._break(FaultCode.FIELD_DIFFERS, table=table, row_id=row.id, column=column.name, **said)
            except (TypeError, ValueError) as error:
                self._break(FaultCode.UNREADABLE, table=table, row_id=row.id, column=column.name, found=str(error))
        return found

    def _any_row(self) -> dict[str, Any]:
        table = next(name for name, rows in self.rows.items() if rows)
        return {"table": table, "row_id": self.rows[table][0].id}

    def _break(self, code: FaultCode, **place: Any) -> NoReturn:
        raise self._placed(Fault(code, **place))

    def _placed(self, fault: Fault) -> BrokenRecordError:
        return BrokenRecordError(replace(fault, kind=self.kind, entity_id=self.entity_id, label=self._label()))

    def _label(self) -> str:
        told = self._replay.fields
        names = (next((str(told[name]) for name in group if told.get(name)), "") for group in _LABELS)
        return " ".join(filter(None, names))


class _DiffersError(Exception):
    """A value is not what the records tell; carries it in plain form."""

    def __init__(self, found: Json) -> None:
        super().__init__()
        self.found = found


def _proved(column: Column, told: Json, stored: Any) -> Json:
    """Give a stored value in plain form if it is what the records tell; raises for any other.

    Most values are written as they are told. Else they may be the same in another way, as text that is not normalised is:
    then they have the same canonical bytes, in which true is not 1.
    """
    if column.is_document and isinstance(stored, str) and _is_written_as_told(column, told, stored):
        return column.read(stored) if column.name in DIGESTED else told
    value = None if stored is None else column.read(stored)
    if not column.is_document and value == told and value.__class__ is told.__class__:
        return value
    value = plain(value)
    if canonical_bytes(as_told(column.name, value)) != canonical_bytes(told):
        raise _DiffersError(as_told(column.name, value))
    return value


def _is_written_as_told(column: Column, told: Json, stored: str) -> bool:
    """Say whether a document stands there in canonical form as it is told, a long derived one by its digest."""
    if column.name in DIGESTED and told is not None:
        return digest_of_text(stored) == told
    return stored.encode() == canonical_bytes(told)


def _shown(value: Json) -> str:
    """Write a value in the few characters that a sentence has room for."""
    shown = "—" if value is None else str(value)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
