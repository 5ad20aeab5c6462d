"""The whole record proves itself, on both databases; whoever removes the guards can change it, but not unnoticed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import CheckConstraint, Connection, Table, UniqueConstraint, select, update

from tests.support.attacks import other_value
from tests.support.bare_app import opened
from tests.support.databases import POSTGRESQL, Database
from tests.support.raw import connected
from tests.support.settable_clock import SettableClock
from tests.support.stocked import adjust, approve, stock
from tests.support.world import card_of, move
from workflow.errors import Refusal
from workflow.models.database import db
from workflow.models.guards import RECORD_TABLES
from workflow.models.record import Record
from workflow.models.recorded import RECORDED
from workflow.models.tables import metadata
from workflow.services.accounts.identify import Proof
from workflow.services.record import verify_records
from workflow.services.scorecards import sign
from workflow.services.scorecards.asking import Asked

TIES = {"id", "version", "record_id"}


@pytest.fixture(scope="module")
def stocked(module_database: Database) -> Iterator[Database]:
    """Cards in every state and a refused signing, without the triggers that forbid an update."""
    clock = SettableClock()
    with opened(module_database):
        world = stock(clock)
        adjust(world, clock, card_of("E103"))
        approve(world, clock, card_of("E103"))
        revision = move(world, clock, card_of("E103"), "admin", "revise", reason="录入有误")
        approve(world, clock, revision)
        move(world, clock, revision, "admin", "publish")
        clock.moment += timedelta(hours=1)
        card = card_of("market")
        asked = Asked("prepare", Proof(None))
        with pytest.raises(Refusal):
            sign.move(world.actor("preparer"), clock, card.id, asked, seen_version=card.version)
    with connected(module_database, as_owner=True) as connection:
        for name in (*RECORDED, *RECORD_TABLES):
            where = f" ON {name}" if module_database.kind == POSTGRESQL else ""
            connection.exec_driver_sql(f"DROP TRIGGER guard_{name}_update{where}")
        connection.commit()
    return module_database


@pytest.fixture
def database(stocked: Database) -> Iterator[Database]:
    with opened(stocked):
        yield stocked


@pytest.mark.usefixtures("database")
def test_an_untouched_record_holds() -> None:
    told: list[int] = []
    verdict = verify_records.verify(progress=told.append)
    assert (verdict.holds, verdict.records) == (True, verdict.log.size + verdict.pending)
    assert sum(told) == verify_records.count() == verdict.records + verdict.log.size
    assert db.session.scalar(select(Record.id).where(Record.version.is_(None)).limit(1)) is not None


def plain_columns(table: Table) -> list[str]:
    """The columns that no constraint holds, so that any database takes another value."""
    checks = " ".join(str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint))
    unique = {c.name for each in table.constraints if isinstance(each, UniqueConstraint) for c in each.columns}
    return [
        column.name
        for column in table.columns
        if column.name not in TIES | unique and column.name not in checks and not column.foreign_keys
    ]


CHANGEABLE = [
    name
    for name in (*RECORDED, "record", "record_content", "log_entry", "log_tile")
    if any(plain_columns(metadata.tables[name]))
]


@pytest.mark.parametrize("name", CHANGEABLE)
def test_a_changed_value_is_found_in_every_table(database: Database, name: str) -> None:
    table = metadata.tables[name]
    column = plain_columns(table)[0]
    with connected(database, as_owner=True) as connection:
        row = dict(connection.execute(select(table).limit(1)).mappings().one())
        changed = {column: other_value(table.c[column], row[column])}
        try:
            write(connection, table, row, changed)
            fault = verify_records.verify().fault
        finally:
            connection.rollback()
            write(connection, table, {**row, **changed}, {column: row[column]})  # the column may be the row's key
    assert fault is not None
    assert name in RECORD_TABLES or (fault.table, fault.row_id) == (name, row["id"])


def write(connection: Connection, table: Table, row: dict[str, object], values: dict[str, object]) -> None:
    here = [column == row[column.name] for column in table.primary_key]
    connection.execute(update(table).where(*here).values(values))
    connection.commit()
