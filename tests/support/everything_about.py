"""Two people of whom every table that an order of erasure reaches says something, made from the schema."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, Table, event, select, text

from tests.support.databases import POSTGRESQL, Database
from tests.support.raw import connected
from tests.support.settable_clock import SettableClock
from workflow.models.database import Base, db
from workflow.models.guards import tables
from workflow.models.personal import DESTROYED, ERASABLE, Way
from workflow.models.recorded import RECORDED
from workflow.models.tables import metadata
from workflow.models.triggers import install
from workflow.models.types import Exact, Instant
from workflow.policy import SYSTEM
from workflow.services.importing.workbooks import write_table
from workflow.services.unit_of_work import Part, Work, unit_of_work

SAID = "tells"
"""What stands, with the person's mark before it, in each column that an order erases."""

_numbers = count(7000)
_STATES = {"scorecard": "void", "report": "published"}
_BY_RECORD = "record_content"


@contextmanager
def unguarded(database: Database) -> Iterator[None]:
    """Let rows come to be that no use case would make; the guards stand again afterwards, the checks do not."""
    db.session.remove()
    with connected(database, as_owner=True) as connection:
        for table in tables():
            for event_name in ("insert", "update", "delete"):
                of_table = f" ON {table.name}" if database.kind == POSTGRESQL else ""
                connection.exec_driver_sql(f"DROP TRIGGER guard_{table.name}_{event_name}{of_table}")
        if database.kind == POSTGRESQL:
            checks = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c'"
            for table_name, check in connection.execute(text(checks)).all():
                if table_name in metadata.tables:
                    connection.exec_driver_sql(f'ALTER TABLE {table_name} DROP CONSTRAINT "{check}"')
        connection.commit()
    if database.kind != POSTGRESQL:
        db.engine.dispose()
        event.listen(db.engine, "connect", lambda each, _: each.execute("PRAGMA ignore_check_constraints = ON"))
    yield
    db.session.remove()
    with connected(database, as_owner=True) as connection:
        install(connection)
        connection.commit()


@dataclass
class Told:
    """What was told of one person: their mark, staff number and name, and the rows of each table."""

    mark: str
    code: str
    name: str
    clock: SettableClock
    rows: dict[str, int] = field(default_factory=dict)

    def says(self, table: str, column: str) -> str:
        """What a column says of the person."""
        return f"{self.mark}-{SAID}-{table}.{column}"

    def everywhere(self) -> None:
        """Say something in every column that an order erases, with every row leading to this person."""
        for table in metadata.sorted_tables:
            if table.name in ERASABLE and RECORDED[table.name].parent_table is None:
                with unit_of_work(SYSTEM, self.clock) as work:
                    self._tell(work, table)
            elif table.name in DESTROYED and table.name != _BY_RECORD:
                with unit_of_work(SYSTEM, self.clock) as work:
                    work.session.execute(table.insert().values(self._values(table)))

    def _tell(self, work: Work, table: Table) -> None:
        row = _model(table.name)(**self._values(table))
        self.rows[table.name] = row.id
        tied = [name for name in ERASABLE if RECORDED[name].parent_table == table.name]
        parts = [
            Part(_model(name)(**values), f"{name}/1", {}, is_new=True)
            for name in tied
            for values in [self._values(metadata.tables[name])]
        ]
        work.create(row, f"{RECORDED[table.name].kind}.create", parts=parts, reason=self.says(table.name, "(reason)"))

    def _values(self, table: Table) -> dict[str, Any]:
        return {
            column.name: self._value(table, column)
            for column in table.columns
            if column.name not in {"version", "record_id"}
        }

    def _value(self, table: Table, column: Column[Any]) -> Any:
        fixed = self._fixed(table.name)
        if column.name in fixed:
            return fixed[column.name]
        if column.foreign_keys:
            return self._leads_to(column)
        if table.name in ERASABLE and column.name in ERASABLE[table.name].columns:
            return self._words(table, column)
        if column.nullable and table.name not in DESTROYED:
            return None
        return self._plain(table, column)

    def _fixed(self, table: str) -> Mapping[str, Any]:
        """What has to be so for a row to speak of the person, and for its state to allow an order."""
        fixed: dict[str, Any] = {"subject_kind": "person", "subject_id": self.rows.get("person"), "hash": self.mark * 8}
        if table == "person":
            fixed |= {"name": self.name, "code": self.code}
        if table in _STATES:
            fixed["state"] = _STATES[table]
        if table in {"access", "credential"}:
            fixed["kind"] = "token"
        if table == "sign_in_failure":
            fixed["username"] = self.says("account", "username")
        if table == "kept_answer":
            fixed |= {"account_id": 1, "answer": {"subject": self.name, "said": self.says(table, "answer")}}
        if table == "verify_run":
            fixed["verdict"] = {"told": f"{self.name} {self.says(table, 'verdict')}"}
        if table == "evidence_content":
            fixed["content"] = self.says(table, "content").encode()
        if table == "import_content":
            fixed["file"] = write_table(["姓名"], [[self.name]])
            fixed["effects"] = [{"id": 0, "said": self.says(table, "effects")}]
        return fixed

    def _leads_to(self, column: Column[Any]) -> Any:
        target = next(iter(column.foreign_keys)).column
        if target.table.name == "evidence_content":
            return self.mark * 8
        if target.table.name in self.rows:
            return self.rows[target.table.name]
        return None if column.nullable else db.session.scalar(select(target).limit(1))

    def _words(self, table: Table, column: Column[Any]) -> Any:
        said, way = self.says(table.name, column.name), ERASABLE[table.name].columns[column.name]
        if way is Way.MENTION:
            return f"{self.name}在{table.name}.{column.name}"
        if way is not Way.DOCUMENT:
            return said
        begins = column.default.arg(None) if column.default is not None else {}
        return [said] if isinstance(begins, list) else {"said": said}

    def _plain(self, table: Table, column: Column[Any]) -> Any:
        number = next(_numbers)
        match column.type:
            case Boolean():
                return False
            case Instant():
                return self.clock()
            case Exact():
                return Decimal(number)
            case Date():
                return date(2026, 10, 1)
            case JSON():
                return {}
            case Integer():
                return number
        destroyed = column.name in DESTROYED.get(table.name, "").split()
        words = self.says(table.name, column.name) if destroyed else str(number)
        return words.encode() if isinstance(column.type, LargeBinary) else words


def _model(table: str) -> Any:
    return next(each.class_ for each in Base.registry.mappers if each.class_.__tablename__ == table)


def written() -> Iterator[tuple[str, str, str]]:
    """Give every value of the database with its table and column, as text."""
    with db.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                for column, value in row.items():
                    yield table.name, column, value.decode("latin-1") if isinstance(value, bytes) else str(value)
