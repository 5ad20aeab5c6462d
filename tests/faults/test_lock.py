"""Approved is locked for ever: no edge, no use case, no raw SQL leads out of it (source: lifecycle.md, Lock)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select, update
from sqlalchemy.exc import DBAPIError

from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.raw import FORGED_AT, Intruder, Row, everything, forge, intruding, rows_of
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stocked import adjust, approve, stock
from tests.support.world import BY_PASSWORD, World, card_of, find_world, move
from workflow.errors import ErrorCode, Reason, Refusal
from workflow.lifecycle.scorecard import LIFECYCLE, LOCKED
from workflow.models.database import db
from workflow.models.guards import LOCKED_MOVES, RECORD_TABLES, STILL_MOVES
from workflow.models.scorecards import Scorecard
from workflow.models.tables import metadata
from workflow.models.types import new_id
from workflow.policy import Grant, Role, State
from workflow.services.scorecards import appraise, sign
from workflow.services.scorecards.appraise import CardEdit, ItemEdit
from workflow.services.scorecards.asking import Asked

LOCKED_SUBJECTS = {"customer": "published", "E102": "approved", "E103": "superseded"}
CLOCK = SettableClock()
FRESH_KEYS = {"scorecard_item": {"code": "extra"}, "adjustment": {"number": 9}, "signature_void": {"signature_id": 1}}
PARTS = ("scorecard_item", "adjustment", "signature", "signature_void")


def table_of(name: str) -> Table:
    return metadata.tables[name]


# First: there is no way out


def test_no_edge_leads_from_a_locked_card_to_an_editable_one() -> None:
    moves = {(edge.source, edge.target) for edge in LIFECYCLE.edges if edge.source in LOCKED}
    assert {(source, target) for source, target in moves if source != target} == set(LOCKED_MOVES["scorecard"])
    assert all(target in LOCKED for _, target in moves)


# Second: no use case changes it


@pytest.fixture(scope="module")
def stocked(module_database: Database) -> Iterator[Intruder]:
    """Cards that are locked in each of the three ways, of which every row has to be the same after all attempts."""
    clock = SettableClock()
    with opened(module_database):
        world = stock(clock)
        adjust(world, clock, card_of("E103"))
        approve(world, clock, card_of("E103"))
        revision = move(world, clock, card_of("E103"), "admin", "revise", reason="录入有误")
        approve(world, clock, revision)
        move(world, clock, revision, "admin", "publish")
    before = all_but_records(module_database)
    with intruding(module_database) as intruder:
        yield intruder
    assert all_but_records(module_database) == before


def all_but_records(database: Database) -> dict[str, Any]:
    """Every guarded row; but refused signings are recorded, so records may come."""
    return {name: found for name, found in everything(database).items() if name not in RECORD_TABLES}


@pytest.fixture
def world(stocked: Intruder) -> Iterator[World]:
    with opened(stocked.database):
        yield find_world()


def locked_card(subject: str) -> Scorecard:
    """The card of October, which the plan of the company's report does not hold."""
    query = select(Scorecard).where(Scorecard.subject_code == subject, Scorecard.state == LOCKED_SUBJECTS[subject])
    return db.session.scalars(query.where(Scorecard.number.startswith("2026-10-"))).one()


def editing(world: World, card: Scorecard, note: str | None = None) -> Any:
    edit = ItemEdit(item_of(card), None, note)
    return appraise.edit_item(world.actor("preparer"), CLOCK, card.id, edit, seen_version=card.version)


def editing_many(world: World, card: Scorecard) -> Any:
    edits = [CardEdit(card.id, card.version, ItemEdit(item_of(card), None))]
    (answer,) = appraise.edit_many(world.actor("preparer"), CLOCK, edits)
    assert isinstance(answer, Refusal)
    raise answer


def adjusting(world: World, card: Scorecard) -> Any:
    entry = {"on": "2026-10-20", "reason": "补记", "points": "-1"}
    preparer = world.actor("preparer")
    return appraise.add_adjustment(preparer, CLOCK, card.id, "quality", entry, seen_version=card.version)


def voiding(world: World, card: Scorecard) -> Any:
    preparer = world.actor("preparer")
    return appraise.void_adjustment(preparer, CLOCK, card.id, "quality", 1, "不对", seen_version=card.version)


def item_of(card: Scorecard) -> str:
    return "survey" if card.subject_kind == "unit" else "processing"


@pytest.mark.parametrize("subject", LOCKED_SUBJECTS)
@pytest.mark.parametrize("attempt", [editing, partial(editing, note="改"), editing_many])
def test_no_use_case_edits_it(world: World, subject: str, attempt: Callable[[World, Scorecard], Any]) -> None:
    with refused(Reason.LOCKED):
        attempt(world, locked_card(subject))


@pytest.mark.parametrize("subject", ["E102", "E103"])
@pytest.mark.parametrize("attempt", [adjusting, voiding])
def test_no_use_case_touches_its_adjustments(
    world: World, subject: str, attempt: Callable[[World, Scorecard], Any]
) -> None:
    with refused(Reason.LOCKED):
        attempt(world, locked_card(subject))


@pytest.mark.parametrize("subject", LOCKED_SUBJECTS)
@pytest.mark.parametrize("trigger", ["prepare", "review", "approve", "return", "withdraw", "void"])
def test_no_move_takes_it_back(world: World, subject: str, trigger: str) -> None:
    card = locked_card(subject)
    actor = replace(world.actor("admin"), grants=tuple(Grant(role) for role in Role))
    asked = Asked(trigger, BY_PASSWORD, reason="需要重新核对")
    with pytest.raises(Refusal) as refusal:
        sign.move(actor, CLOCK, card.id, asked, seen_version=card.version)
    assert refusal.value.denied.code in {ErrorCode.LOCKED, ErrorCode.WRONG_STATE, ErrorCode.FORBIDDEN}


# Third: the database refuses, whatever record somebody forges for it


def locked_rows(connection: Connection, name: str) -> Iterator[Row]:
    """The rows of a table that belong to locked cards."""
    column = "id" if name == "scorecard" else "scorecard_id"
    locked = {row["id"] for row in rows_of(connection, table_of("scorecard")) if row["state"] in LOCKED}
    return (row for row in rows_of(connection, table_of(name)) if row[column] in locked)


def guarded(intruder: Intruder, attack: Callable[[Connection], object], *, says: str) -> None:
    """Try to commit an attack as the owner, whom no missing right keeps from it."""

    def commit(connection: Connection) -> None:
        attack(connection)
        connection.commit()

    with intruder.connected(as_owner=True) as connection, pytest.raises(DBAPIError, match=says):
        commit(connection)


@pytest.mark.parametrize("column", [c.name for c in table_of("scorecard").c if c.name not in STILL_MOVES["scorecard"]])
@pytest.mark.parametrize("target", ["its own", "published", "superseded"])
def test_no_column_of_a_locked_card_changes_not_even_with_a_declared_move(
    stocked: Intruder, column: str, target: str
) -> None:
    def attack(connection: Connection, subject: str) -> None:
        table = table_of("scorecard")
        row = next(each for each in locked_rows(connection, "scorecard") if each["subject_code"] == subject)
        moved = {"published": {"state": target, "published_at": FORGED_AT}, "superseded": {"state": target}}
        moved["superseded"]["superseded_by"] = row["id"]
        values = {"version": row["version"] + 1, "record_id": forge(connection, "scorecard", row["id"])}
        values |= moved.get(target, {}) | {column: other_value(table.c[column], row[column])}
        connection.execute(update(table).where(table.c.id == row["id"]).values(values))

    for subject in LOCKED_SUBJECTS:
        guarded(stocked, partial(attack, subject=subject), says="kaogong: ")


@pytest.mark.parametrize("state", [state for state in State if state not in LOCKED])
def test_no_locked_card_leaves_the_lock(stocked: Intruder, state: str) -> None:
    def attack(connection: Connection, row: Row) -> None:
        table = table_of("scorecard")
        values = {"state": state, "version": row["version"] + 1, "published_at": None, "superseded_by": None}
        values["record_id"] = forge(connection, "scorecard", row["id"])
        connection.execute(update(table).where(table.c.id == row["id"]).values(values))

    with stocked.connected() as connection:
        cards_found = list(locked_rows(connection, "scorecard"))
    for row in cards_found:
        guarded(stocked, partial(attack, row=row), says="kaogong: scorecard: ")


def test_the_declared_moves_of_a_locked_card_are_taken_with_a_record(stocked: Intruder) -> None:
    """So that the refusals above are about what they say."""
    table = table_of("scorecard")
    with stocked.connected() as connection:
        row = next(each for each in locked_rows(connection, "scorecard") if each["state"] == "approved")
        for version, values in enumerate(
            [{"state": "published", "published_at": FORGED_AT}, {"state": "superseded", "superseded_by": row["id"]}],
            start=row["version"] + 1,
        ):
            values |= {"version": version, "record_id": forge(connection, "scorecard", row["id"])}
            connection.execute(update(table).where(table.c.id == row["id"]).values(values))
        connection.rollback()


@pytest.mark.parametrize("name", PARTS)
def test_nothing_in_a_locked_card_changes(stocked: Intruder, name: str) -> None:
    def attack(connection: Connection, row: Row, column: str) -> None:
        table = table_of(name)
        values = {column: other_value(table.c[column], row[column])}
        values["record_id"] = forge(connection, "scorecard", row["scorecard_id"])
        connection.execute(update(table).where(table.c.id == row["id"]).values(values))

    with stocked.connected() as connection:
        rows = list(locked_rows(connection, name))[:3]
    for row, column in product(rows, table_of(name).c.keys()):
        guarded(stocked, partial(attack, row=row, column=column), says=f"kaogong: {name}: ")


@pytest.mark.parametrize("name", PARTS)
def test_nothing_is_added_to_a_locked_card(stocked: Intruder, name: str) -> None:
    def attack(connection: Connection, card: Row) -> None:
        table = table_of(name)
        row = {**rows_of(connection, table)[0], "id": new_id(), "scorecard_id": card["id"], **FRESH_KEYS.get(name, {})}
        row["record_id"] = forge(connection, "scorecard", card["id"])
        connection.execute(table.insert().values(row))

    with stocked.connected() as connection:
        locked = list(locked_rows(connection, "scorecard"))
    for card in locked:
        guarded(stocked, partial(attack, card=card), says=f"kaogong: {name}: this state takes no such row")


def other_value(column: Any, value: Any) -> Any:
    """A value that the column takes and that is not the present one."""
    if column.name in {"state", "meaning"}:
        return "draft" if column.name == "state" else "review"
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    if isinstance(value, str):
        return value[:-1] + ("x" if value[-1:] != "x" else "y")
    if isinstance(value, list | dict):
        return [] if value else [{"forged": "1"}]
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    return {"BIGINT": 1, "INTEGER": 1}.get(str(column.type), FORGED_AT if "at" in column.name else "x")
