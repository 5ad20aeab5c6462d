"""Proving one entity: its records hold together, and its rows are what they tell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from sqlalchemy import Row

from workflow.models.as_stored import document, moment
from workflow.models.recorded import RECORDED
from workflow.records.canonical import Envelope, Json, plain
from workflow.records.chain import Chain
from workflow.records.faults import BrokenRecordError, Fault, FaultCode
from workflow.records.replay import Contradiction, Replay
from workflow.services.record.verify_cards import faults_of_card, faults_of_report, faults_of_scheme
from workflow.services.record.verify_rows import DifferentError, PlainRow, Rows, UnreadableError

SIGNED = {"scheme": faults_of_scheme, "scorecard": faults_of_card, "report": faults_of_report}
"""The kinds that people sign, and what must still be true of what they signed."""

_LABELS = (
    ("number", "username", "code", "item", "file_name"),
    ("subject_name", "title", "name", "subject_code", "role"),
)
"""What people call an entity: the first of each that it has."""

_LONGEST = 80
_AT = Envelope._fields.index("at")


@dataclass(slots=True)
class Entity:
    """One entity with the rows that are there of it, by table."""

    kind: str
    entity_id: int
    own: str
    tables: Mapping[str, Rows]
    rows: Mapping[str, Sequence[Row[Any]]]
    _replay: Replay = field(default_factory=Replay)
    _erased: set[int] = field(default_factory=set)

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
        parts = {name: self._parts(name) for name in self.tables if name != self.own}
        own = self._own_row({"version": chain.version, "record_id": plain(last)})
        self._check_missing()
        if self.kind in SIGNED:
            for fault in SIGNED[self.kind](own, parts, frozenset(map(str, self._erased))):
                raise self._placed(fault)

    def _take(self, row: Row[Any], chain: Chain) -> bool:
        """Take one record; says whether it made a version."""
        try:
            *named, stored_hash, salt, written, erasure_id = tuple(row)
            named[_AT] = moment(named[_AT])
            envelope, content = Envelope(*named), document(written)
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
        self._erased.add(row.id)
        if row.version is not None:
            self._replay.forget()
        return None

    def _own_row(self, ties: Mapping[str, Json]) -> PlainRow:
        rows = self.rows[self.own]
        if not rows:
            self._break(FaultCode.ROW_MISSING, table=self.own, row_id=self.entity_id)
        if len(rows) > 1:
            self._break(FaultCode.ROW_UNRECORDED, table=self.own, row_id=self.entity_id)
        return self._read(self.own, rows[0], {**self._replay.fields, "id": plain(self.entity_id), **ties})

    def _parts(self, table: str) -> list[PlainRow]:
        parent, own = str(RECORDED[table].parent_column), plain(self.entity_id)
        found = []
        for row in self.rows[table]:
            told = self._replay.parts.pop((table, row.id), None)
            if told is None:
                self._break(FaultCode.ROW_UNRECORDED, table=table, row_id=row.id)
            ties = {"id": plain(row.id), "record_id": plain(told.record_id), parent: own}
            found.append(self._read(table, row, {**told.fields, **ties}))
        return found

    def _check_missing(self) -> None:
        """Whatever part was told of and not found."""
        for table, row_id in sorted(self._replay.parts):
            self._break(FaultCode.ROW_MISSING, table=table, row_id=row_id)

    def _read(self, table: str, row: Row[Any], told: Mapping[str, Json]) -> PlainRow:
        """Compare a row with what the records tell; gives it in plain form."""
        try:
            return self.tables[table].prove(row, told)
        except DifferentError as error:
            said = {"told": _shown(error.told), "found": _shown(error.found)}
            self._break(FaultCode.FIELD_DIFFERS, table=table, row_id=row.id, column=error.column, **said)
        except UnreadableError as error:
            self._break(FaultCode.UNREADABLE, table=table, row_id=row.id, column=error.column, found=str(error))

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


def _shown(value: Json) -> str:
    """Write a value in the few characters that a sentence has room for."""
    shown = "—" if value is None else str(value)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
