"""A standing or a level is never overwritten: even with a record made by hand the database takes nothing but its voiding."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.raw import connected, forge, rows_of
from tests.support.settable_clock import SettableClock
from tests.support.stocked import stock
from workflow.models.recorded import RECORDED
from workflow.models.tables import metadata

TABLES = ("standing", "level")
VOID = {"state": "void", "void_reason": "录入日期有误"}
OTHERS = {"starts_on": date(2025, 1, 1), "ends_on": date(2030, 1, 1), "person_id": 1, "reason": "改写"}


@pytest.fixture(scope="module")
def stocked(module_database: Database) -> Database:
    """A database in which somebody has a standing and a level."""
    with opened(module_database):
        stock(SettableClock())
    return module_database


def change(database: Database, name: str, values: dict[str, Any]) -> str:
    """Change a row together with a forged record, and take it back again; gives what the database says against it."""
    table = metadata.tables[name]
    with connected(database) as connection:
        (row,) = rows_of(connection, table)
        record = forge(connection, RECORDED[name].kind, row["id"])
        moved = {"version": row["version"] + 1, "record_id": record, **values}
        try:
            connection.execute(update(table).where(table.c.id == row["id"]).values(**moved))
        except DBAPIError as error:
            return str(error.orig)
        return ""


@pytest.mark.parametrize("name", TABLES)
def test_it_is_voided(stocked: Database, name: str) -> None:
    assert change(stocked, name, VOID) == ""


@pytest.mark.parametrize(("name", "column"), list(product(TABLES, OTHERS)))
def test_nothing_else_of_it_changes(stocked: Database, name: str, column: str) -> None:
    assert "it is locked" in change(stocked, name, {column: OTHERS[column]})
    assert "it is locked" in change(stocked, name, {**VOID, column: OTHERS[column]})
