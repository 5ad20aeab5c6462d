"""Whoever holds the database file can change it, but not unnoticed: the record's proof names the place (source: records.md)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

from tests.support.attacks import Prey, Row, change, exchange, other_value, prey_of, put, rows_of, take
from tests.support.bare_app import opened
from tests.support.databases import SqliteTemplates
from tests.support.raw import forge
from tests.support.settable_clock import SettableClock
from tests.support.stocked import stock
from workflow.models.guards import RECORD_TABLES
from workflow.models.recorded import RECORDED
from workflow.models.tables import metadata
from workflow.records.faults import Fault, FaultCode
from workflow.records.tiles import WIDTH
from workflow.services.record.verify_records import verify
from workflow.wording import Language

UNPROVEN = {("log_checkpoint", "at"), ("log_cosignature", "at")}
"""When the log was signed is shown and never proven: what counts is the order."""

KEPT_ELSEWHERE = {"log_cosignature"}
"""What a witness signed lies with the witness too; without it the log is as true as before."""

COLUMNS = [
    pytest.param(name, column.name, id=f"{name}.{column.name}")
    for name in (*RECORDED, *RECORD_TABLES)
    for column in metadata.tables[name].columns
    if (name, column.name) not in UNPROVEN
]
"""Every column of every recorded table, of the record itself and of its log."""


@pytest.fixture(scope="module")
def prey(sqlite_templates: SqliteTemplates) -> Iterator[Prey]:
    """A company with rows in every recorded table, without its triggers."""
    with sqlite_templates.fresh() as database:
        with opened(database):
            stock(SettableClock())
        with prey_of(database) as prey:
            yield prey


def table_of(name: str) -> Table:
    return metadata.tables[name]


def found() -> Fault:
    """The fault that the proof names, in words for both readers."""
    fault = verify().fault
    assert fault is not None
    assert all(fault.sentence(language) and fault.advice(language) for language in Language)
    return fault


def names(fault: Fault, name: str, *rows: Row) -> bool:
    """Say whether a fault names one of the rows, its record or its entity."""
    tie = RECORDED.get(name)
    if tie is None:
        ids = {row.get("record_id", row.get("id")) for row in rows}
        entities = {row.get("entity_id") for row in rows}
        return fault.record_id in ids or fault.entity_id in entities
    parents = {row[tie.parent_column or "id"] for row in rows}
    return (fault.table == name and fault.row_id in {row["id"] for row in rows}) or fault.entity_id in parents


def test_the_untouched_copy_holds(prey: Prey) -> None:
    prey.restore()
    verdict = verify()
    assert verdict.holds
    assert verdict.records == verdict.pending + verdict.log.size > WIDTH
    assert verdict.log.signed == verdict.log.size


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_no_value_changes_unnoticed(prey: Prey, name: str, column: str) -> None:
    table = table_of(name)
    with prey.attacked() as connection:
        row = rows_of(connection, table)[0]
        changed = {column: other_value(table.c[column], row[column])}
        change(connection, table, row, changed)
    assert names(found(), name, row, {**row, **changed})


GUARDED = (*RECORD_TABLES, *RECORDED)


@pytest.mark.parametrize("name", [name for name in GUARDED if name not in KEPT_ELSEWHERE])
def test_no_row_is_taken_unnoticed(prey: Prey, name: str) -> None:
    with prey.attacked() as connection:
        row = rows_of(connection, table_of(name))[-1]
        take(connection, table_of(name), row)
    assert names(found(), name, row)


@pytest.mark.parametrize("name", GUARDED)
def test_no_row_is_slipped_in_unnoticed(prey: Prey, name: str) -> None:
    table = table_of(name)
    with prey.attacked() as connection:
        row = rows_of(connection, table)[-1]
        fresh = with_other_keys(table, row)
        put(connection, table, fresh)
    assert names(found(), name, row, fresh)


@pytest.mark.parametrize("name", [name for name in GUARDED if len(metadata.tables[name].columns) > 1])
def test_no_rows_change_places_unnoticed(prey: Prey, name: str) -> None:
    with prey.attacked() as connection:
        rows = rows_of(connection, table_of(name))
        first, last = rows[0], rows[-1] if len(rows) > 1 else with_other_keys(table_of(name), rows[0])
        exchange(connection, table_of(name), first, last)
    assert names(found(), name, first, last)


@pytest.mark.parametrize("name", [name for name in GUARDED if name not in KEPT_ELSEWHERE])
def test_no_table_is_emptied_unnoticed(prey: Prey, name: str) -> None:
    with prey.attacked() as connection:
        rows = rows_of(connection, table_of(name))
        for row in rows:
            take(connection, table_of(name), row)
    assert names(found(), name, *rows)


@pytest.mark.parametrize("version", [None, "its next"])
def test_a_record_that_holds_together_is_not_enough(prey: Prey, version: str | None) -> None:
    """Somebody writes a whole record by hand: of a change that was not made, or a note that follows nothing."""
    with prey.attacked() as connection:
        card = rows_of(connection, table_of("scorecard"))[0]
        wrong = {} if version else {"version": None, "previous_hash": b"\1" * 32}
        content = {"changes": [], "parts": {}, "reason": ""}
        forge(connection, "scorecard", card["id"], content=content, **wrong)
    assert found().entity_id == card["id"]


@pytest.mark.parametrize("stored", ["5", "-1", "'true'", "1.5"])
def test_a_truth_is_stored_as_one_or_nought(prey: Prey, stored: str) -> None:
    """Readers of the database would take other numbers now for true and now for false."""
    with prey.attacked() as connection:
        connection.exec_driver_sql(f"UPDATE account SET disabled = {stored} WHERE username = 'employee'")
    fault = found()
    assert (fault.code, fault.table, fault.column) == (FaultCode.UNREADABLE, "account", "disabled")


@pytest.mark.parametrize("written", ["3e0", "03.00", "3.0", "三"])
def test_points_are_stored_as_they_were_written(prey: Prey, written: str) -> None:
    with prey.attacked() as connection:
        connection.exec_driver_sql(f"UPDATE scorecard_item SET points = '{written}' WHERE points = '3.00'")
    fault = found()
    assert (fault.table, fault.column, fault.told, fault.found) == ("scorecard_item", "points", "3.00", written)


def with_other_keys(table: Table, row: Row) -> Row:
    """A row like this one whose keys nothing else has."""
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint | PrimaryKeyConstraint)]
    keys = {list(each.columns)[-1].name for each in unique}
    return {**row, **{key: other_value(table.c[key], row[key]) for key in keys}}
