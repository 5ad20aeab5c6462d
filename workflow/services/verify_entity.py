"""Proving one entity: its records hold together, and its rows are what they tell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import JSON, Row, Table

from workflow.models.as_stored import Read, document, moment, reader
from workflow.models.recorded import RECORDED
from workflow.records.canonical import DIGESTED, Envelope, Json, as_told, canonical_bytes, plain
from workflow.records.chain import Chain
from workflow.records.faults import BrokenRecordError, Fault, FaultCode
from workflow.records.replay import Replay
from workflow.services.verify_cards import faults_of_card, faults_of_scheme

SIGNED = {"scheme": faults_of_scheme, "scorecard": faults_of_card}
"""The kinds that people sign, and what must still be true of what they signed."""

_LABELS = (
    ("number", "username", "code", "item", "file_name"),
    ("subject_name", "title", "name", "subject_code", "role"),
)
"""What people call an entity: the first of each that it has."""

_LONGEST = 80
_AS_STORED = tuple(name for name in Envelope.__slots__ if name != "at")


class Column(NamedTuple):
    """How a column is read, and what it holds where no record speaks of it: what it began with when it was added."""

    name: str
    read: Read
    is_document: bool
    unspoken: Json


def columns_of(table: Table, dialect: str) -> tuple[Column, ...]:
    """Give the columns of a recorded table as they are proved."""
    return tuple(
        Column(column.name, reader(column, dialect), _is_compared_whole(column), _unspoken(column))
        for column in table.columns
    )


def _is_compared_whole(column: Any) -> bool:
    return isinstance(column.type, JSON) and column.name not in DIGESTED


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
            envelope = Envelope(**{name: getattr(row, name) for name in _AS_STORED}, at=moment(row.at))
            content = document(row.content)
            wrong = chain.take(envelope, row.hash, row.salt, content)
            contradiction = None if wrong else self._replay.take(row.id, content)
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
        """Read a row in plain form and compare each of its fields with what the records tell."""
        found: dict[str, Json] = {}
        for column, stored in zip(self.columns[table], row, strict=True):
            try:
                value = column.read(stored)
            except ValueError as error:
                self._break(FaultCode.UNREADABLE, table=table, row_id=row.id, column=column.name, found=str(error))
            expected = told.get(column.name, column.unspoken)
            if not _same(column, expected, value):
                said = {"told": _shown(expected), "found": _shown(value)}
                self._break(FaultCode.FIELD_DIFFERS, table=table, row_id=row.id, column=column.name, **said)
            found[column.name] = value
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


def _same(column: Column, told: Json, found: Json) -> bool:
    """Compare so that true is not 1; documents by their bytes, long derived fields by their digest."""
    if column.is_document:
        return canonical_bytes(told) == canonical_bytes(found)
    found = as_told(column.name, found)
    return told == found and type(told) is type(found)


def _shown(value: Json) -> str:
    """Write a value in the few characters that a sentence has room for."""
    text = "—" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
