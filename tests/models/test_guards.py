"""Raw SQL on a fresh connection, against every recorded table of the schema and against the record itself.

The cases come from the schema, so a new table is attacked from its first day on.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, Integer, LargeBinary, Table, delete, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.support.bare_app import opened
from tests.support.databases import POSTGRESQL, SQLITE, Database, PostgresTemplates
from tests.support.postgres import APPLICATION
from tests.support.raw import Intruder, Row, connected, everything, forge, intruding, rows_of
from tests.support.settable_clock import SettableClock
from tests.support.stocked import stock
from workflow.models.guards import APPEND_ONLY, FROZEN_AFTER, GOES_WHEN, RECORD_TABLES, tables
from workflow.models.personal import ERASABLE, ERASED, Way
from workflow.models.record import Record
from workflow.models.recorded import RECORDED, Entity, Recorded
from workflow.models.tables import metadata
from workflow.models.types import new_id

GUARDED = [table.name for table in tables()]
TIED = sorted(RECORDED)
ENTITIES = [name for name in TIED if RECORDED[name].parent_table is None]
PARTS = [name for name in TIED if RECORDED[name].parent_table is not None]

CONFLICTS = {SQLITE: ["OR REPLACE", "OR IGNORE", "OR FAIL", "OR ROLLBACK", ""], POSTGRESQL: [""]}

Attack = Callable[[Connection], object]


@pytest.fixture(scope="module")
def stocked(module_database: Database) -> Iterator[Intruder]:
    """A database in which every recorded table has rows, of which every one has to be the same after all attacks."""
    with opened(module_database):
        stock(SettableClock())
    before = everything(module_database)
    with intruding(module_database) as intruder:
        yield intruder
    assert everything(module_database) == before


def refused(intruder: Intruder, attack: Attack, *, as_owner: bool = False) -> str:
    """Try to commit an attack; gives what the database said when it refused."""

    def commit(connection: Connection) -> None:
        attack(connection)
        connection.commit()

    with intruder.connected(as_owner=as_owner) as connection:
        with pytest.raises(DBAPIError) as refusal:
            commit(connection)
        return str(refusal.value.orig)


def guarded(intruder: Intruder, attack: Attack) -> None:
    """Try to commit an attack: a guard refuses it, not some constraint by chance; at the latest from the owner."""
    said = refused(intruder, attack)
    if "permission denied" in said:
        said = refused(intruder, attack, as_owner=True)
    assert "kaogong: " in said


def table_of(name: str) -> Table:
    return metadata.tables[name]


def rows(intruder: Intruder, name: str) -> list[Row]:
    with intruder.connected() as connection:
        return rows_of(connection, table_of(name))


def entity_of(name: str, row: Row) -> int:
    """The entity that a row is or belongs to."""
    column = RECORDED[name].parent_column
    return int(row[column] if column else row["id"])


def other_value(table: Table, column: str, value: Any) -> Any:
    """A value of the column's type that differs."""
    kind = table.c[column].type
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes) or isinstance(kind, LargeBinary):
        return b"\x00" * 32
    if isinstance(value, str):
        return value[:-1] + ("x" if value[-1:] != "x" else "y")
    if value is None:
        return 1 if isinstance(kind, Integer) else None
    return type(value)() if isinstance(value, (dict, list)) and value else value


# What is there


def models(of: type) -> Iterator[type]:
    for model in of.__subclasses__():
        if hasattr(model, "__table__"):
            yield model
        yield from models(model)


def test_every_model_that_descends_from_recorded_is_in_the_table_of_recorded_models() -> None:
    assert {model.__tablename__ for model in models(Recorded)} == set(RECORDED)
    assert {model.__tablename__ for model in models(Entity)} == set(ENTITIES)


def test_parts_belong_to_an_entity_of_the_kind_that_their_records_name() -> None:
    for name in PARTS:
        tie = RECORDED[name]
        assert RECORDED[str(tie.parent_table)] == type(tie)(tie.kind)
        assert tie.parent_column in table_of(name).c
    kinds = [RECORDED[name].kind for name in ENTITIES]
    assert len(kinds) == len(set(kinds))


def test_a_migrated_database_has_every_trigger(database: Database) -> None:
    events = {SQLITE: ("insert", "update", "delete"), POSTGRESQL: ("insert", "update", "delete", "truncate")}
    expected = {f"guard_{name}_{event}" for name in GUARDED for event in events[database.kind]}
    found = {
        SQLITE: "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        POSTGRESQL: "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'",
    }
    with connected(database) as connection:
        assert set(connection.execute(text(found[database.kind])).scalars()) == expected


def test_the_stocked_database_has_rows_in_every_guarded_table(stocked: Intruder) -> None:
    assert [name for name, found in everything(stocked.database).items() if not found] == []


# Changes of recorded rows


@pytest.mark.parametrize("name", TIED)
@pytest.mark.parametrize("record_id", ["its original's", "nobody's", "another entity's"])
def test_no_row_comes_into_being_without_its_record(stocked: Intruder, name: str, record_id: str) -> None:
    def attack(connection: Connection, row: Row) -> None:
        foreign = select(Record.id).where(Record.entity_kind != RECORDED[name].kind).limit(1)
        records = {
            "its original's": row["record_id"],
            "nobody's": new_id(),
            "another entity's": connection.execute(foreign).scalar_one(),
        }
        connection.execute(insert(table_of(name)).values({**row, "id": new_id(), "record_id": records[record_id]}))

    for row in rows(stocked, name)[:3]:
        guarded(stocked, partial(attack, row=row))


@pytest.mark.parametrize("name", PARTS)
def test_no_part_is_slipped_into_an_entity_that_is_as_it_was_made(stocked: Intruder, name: str) -> None:
    """The record of its making stands for what was made then, not for what somebody adds later."""
    tie = RECORDED[name]
    row = rows(stocked, name)[0]
    fresh = [each for each in rows(stocked, str(tie.parent_table)) if each["version"] == 1]
    for parent in fresh:
        values = {**row, "id": new_id(), str(tie.parent_column): parent["id"], "record_id": parent["record_id"]}
        guarded(stocked, partial(Connection.execute, statement=insert(table_of(name)).values(values)))


@pytest.mark.parametrize("name", TIED)
def test_no_column_changes_without_a_new_record(stocked: Intruder, name: str) -> None:
    row, table = rows(stocked, name)[0], table_of(name)
    for column in table.c:
        value = other_value(table, column.name, row[column.name])
        attack = update(table).where(table.c.id == row["id"]).values({column.name: value})
        guarded(stocked, partial(Connection.execute, statement=attack))


@pytest.mark.parametrize("name", TIED)
@pytest.mark.parametrize("record", ["an old one", "another entity's"])
def test_no_row_changes_with_a_record_of_something_else(stocked: Intruder, name: str, record: str) -> None:
    table = table_of(name)
    for row in rows(stocked, name)[:2]:
        own = (Record.entity_kind == RECORDED[name].kind) & (Record.entity_id == entity_of(name, row))
        with stocked.connected() as connection:
            found = connection.execute(select(Record.id, Record.version).where(own if record == "an old one" else ~own))
            candidates = found.all()[:10]
        for record_id, version in candidates:
            values = {"record_id": record_id, **({"version": version} if "version" in table.c else {})}
            attack = update(table).where(table.c.id == row["id"]).values(values)
            guarded(stocked, partial(Connection.execute, statement=attack))


@pytest.mark.parametrize("name", ENTITIES)
@pytest.mark.parametrize("version", [-1, 0, 2])
def test_an_entity_moves_on_by_exactly_one_version(stocked: Intruder, name: str, version: int) -> None:
    table = table_of(name)

    def attack(connection: Connection) -> None:
        row = rows_of(connection, table)[0]
        record_id = forge(connection, RECORDED[name].kind, row["id"])
        values = {"record_id": record_id, "version": row["version"] + version}
        connection.execute(update(table).where(table.c.id == row["id"]).values(values))

    guarded(stocked, attack)


@pytest.mark.parametrize("name", ENTITIES)
def test_no_entity_begins_at_another_version_than_its_first(stocked: Intruder, name: str) -> None:
    def attack(connection: Connection) -> None:
        row = {**rows_of(connection, table_of(name))[0], "id": new_id(), "version": 2}
        forge(connection, RECORDED[name].kind, row["id"])
        record_id = forge(connection, RECORDED[name].kind, row["id"])
        connection.execute(insert(table_of(name)).values({**row, "record_id": record_id}))

    guarded(stocked, attack)


@pytest.mark.parametrize("name", PARTS)
def test_no_part_moves_to_another_entity(stocked: Intruder, name: str) -> None:
    tie, table = RECORDED[name], table_of(name)

    def attack(connection: Connection) -> None:
        row = rows_of(connection, table)[0]
        parents = [each["id"] for each in rows_of(connection, table_of(str(tie.parent_table)))]
        other = next(each for each in parents if each != row[tie.parent_column])
        values = {tie.parent_column: other, "record_id": forge(connection, tie.kind, other)}
        connection.execute(update(table).where(table.c.id == row["id"]).values(values))

    guarded(stocked, attack)


# Erasing by order, the one way in which what is locked or written changes

HELD = sorted(name for name, speaks in ERASABLE.items() if speaks.columns and {name} & {*APPEND_ONLY, *FROZEN_AFTER})


def held_row(connection: Connection, name: str) -> Row:
    """A row that its state holds fast."""
    frozen = FROZEN_AFTER.get(name, ())
    return next(row for row in rows_of(connection, table_of(name)) if not frozen or row["state"] in frozen)


def order_about(connection: Connection, record_id: int) -> None:
    """Write an order that names a record, with a record of its own that holds together."""
    erasure = {**rows_of(connection, table_of("erasure"))[-1], "id": new_id(), "number": 99, "version": 1}
    erasure["record_id"] = forge(connection, "erasure", erasure["id"])
    named = {"id": new_id(), "record_id": erasure["record_id"], "erasure_id": erasure["id"]}
    connection.execute(insert(table_of("erased_content")).values(**named, erased_record_id=record_id))
    connection.execute(insert(table_of("erasure")).values(erasure))


def erase_row(connection: Connection, name: str, *, ordered: bool, besides: bool = False) -> None:
    """Blank what a row says of somebody, with or without an order, and with something else besides."""
    row, table, ways = held_row(connection, name), table_of(name), ERASABLE[name].columns
    if ordered:
        order_about(connection, row["record_id"])
    values = {
        column: {Way.WORDS: ERASED, Way.DOCUMENT: type(row[column])()}[way]
        for column, way in ways.items()
        if row[column] is not None and way in {Way.WORDS, Way.DOCUMENT}
    }
    values["record_id"] = forge(connection, RECORDED[name].kind, entity_of(name, row))
    if name in ENTITIES:
        values["version"] = row["version"] + 1
    if besides:
        other = next(each for each in table.c if each.name not in {*ways, "id", "record_id", "version"})
        values[other.name] = other_value(table, other.name, row[other.name])
    connection.execute(update(table).where(table.c.id == row["id"]).values(values))


@pytest.mark.parametrize("name", HELD)
def test_what_is_held_is_blanked_by_order_alone(stocked: Intruder, name: str) -> None:
    guarded(stocked, partial(erase_row, name=name, ordered=False))
    with stocked.connected() as connection:  # so that the refusals are about what they say
        erase_row(connection, name, ordered=True)
        connection.rollback()


@pytest.mark.parametrize("name", HELD)
def test_an_order_takes_nothing_but_what_is_said_of_the_person(stocked: Intruder, name: str) -> None:
    guarded(stocked, partial(erase_row, name=name, ordered=True, besides=True))


def test_a_file_of_evidence_goes_by_order_alone(stocked: Intruder) -> None:
    content = table_of("evidence_content")
    for left in (b"", b"%PDF-1.7 of somebody else"):
        guarded(stocked, lambda connection, left=left: connection.execute(update(content).values(content=left)))


# Ways that silently remove a row


def unique_keys(intruder: Intruder, name: str) -> list[list[str]]:
    """The keys of a table as the database itself tells them."""
    with intruder.connected() as connection:
        inspector = inspect(connection)
        keys = [each["column_names"] for each in inspector.get_unique_constraints(name)]
        keys += [each["column_names"] for each in inspector.get_indexes(name) if each["unique"]]
        return [inspector.get_pk_constraint(name)["constrained_columns"], *keys]


def with_the_key_of(connection: Connection, name: str, key: list[str]) -> Row:
    """A row that has the key of one that is there, and a record of its own that holds together."""
    found = rows_of(connection, table_of(name))
    row = next(each for each in found if all(each[column] is not None for column in key))
    if name not in TIED:
        return row
    fresh = dict(row) if key == ["id"] else {**row, "id": new_id()}
    if name in ENTITIES:
        fresh["version"] = 1
    return {**fresh, "record_id": forge(connection, RECORDED[name].kind, entity_of(name, fresh))}


@pytest.mark.parametrize("name", GUARDED)
def test_no_insert_removes_the_row_that_has_its_key(stocked: Intruder, name: str) -> None:
    def attack(connection: Connection, key: list[str], conflict: str) -> None:
        row = with_the_key_of(connection, name, key)
        connection.execute(insert(table_of(name)).prefix_with(conflict).values(row))

    for key, conflict in product(unique_keys(stocked, name), CONFLICTS[stocked.database.kind]):
        refused(stocked, partial(attack, key=key, conflict=conflict))


@pytest.mark.parametrize("name", GUARDED)
def test_no_row_is_replaced_by_itself(stocked: Intruder, name: str) -> None:
    order = "REPLACE" if stocked.database.kind == SQLITE else "INSERT"
    refused(stocked, lambda connection: connection.exec_driver_sql(f"{order} INTO {name} SELECT * FROM {name}"))


@pytest.mark.parametrize("name", GUARDED)
def test_no_insert_turns_into_an_update(stocked: Intruder, name: str) -> None:
    keys = table_of(name).primary_key.columns.keys()
    upsert = (
        f"INSERT INTO {name} SELECT * FROM {name} WHERE TRUE"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {keys[0]} = {name}.{keys[0]}"
    )
    guarded(stocked, lambda connection: connection.exec_driver_sql(upsert))


@pytest.mark.parametrize("name", TIED)
def test_no_update_removes_the_row_whose_key_it_takes(stocked: Intruder, name: str) -> None:
    table = table_of(name)

    def attack(connection: Connection, key: list[str], conflict: str) -> None:
        row, *others = [each for each in rows_of(connection, table) if all(each[column] is not None for column in key)]
        other = next((each for each in others if each[key[-1]] != row[key[-1]]), None) or {**row, "id": row["id"] + 1}
        values = {column: other[column] for column in key}
        if name in ENTITIES:
            values["version"] = row["version"] + 1
        values["record_id"] = forge(connection, RECORDED[name].kind, entity_of(name, row))
        connection.execute(update(table).prefix_with(conflict).where(table.c.id == row["id"]).values(values))

    for key, conflict in product(unique_keys(stocked, name), CONFLICTS[stocked.database.kind]):
        if len(rows(stocked, name)) > 1 or key == ["id"]:
            refused(stocked, partial(attack, key=key, conflict=conflict))


@pytest.mark.parametrize("name", GUARDED)
def test_no_row_is_deleted(stocked: Intruder, name: str) -> None:
    refused(stocked, lambda connection: connection.execute(delete(table_of(name))))
    assert "kaogong: " in refused(stocked, lambda c: c.execute(delete(table_of(name))), as_owner=True)


@pytest.mark.parametrize("name", GUARDED)
@pytest.mark.parametrize("as_owner", [False, True])
def test_no_table_is_emptied_at_once(stocked: Intruder, name: str, as_owner: bool) -> None:
    order = f"TRUNCATE {name} CASCADE" if stocked.database.kind == POSTGRESQL else f"DELETE FROM {name}"
    said = refused(stocked, lambda connection: connection.exec_driver_sql(order), as_owner=as_owner)
    assert "kaogong: " in said or "permission denied" in said


# The record itself


@pytest.mark.parametrize("name", RECORD_TABLES)
@pytest.mark.parametrize("as_owner", [False, True])
def test_no_column_of_a_record_changes(stocked: Intruder, name: str, as_owner: bool) -> None:
    row, table = rows(stocked, name)[0], table_of(name)
    for column in table.c:
        value = other_value(table, column.name, row[column.name])
        attack = update(table).values({column.name: value})
        refused(stocked, partial(Connection.execute, statement=attack), as_owner=as_owner)


@pytest.mark.parametrize("version", [-1, 0, 1, "the same", "one too many"])
def test_the_records_of_an_entity_have_no_gap_and_no_fork(stocked: Intruder, version: int | str) -> None:
    card = rows(stocked, "scorecard")[0]
    versions = {"the same": card["version"], "one too many": card["version"] + 2}
    refused(stocked, lambda c: forge(c, "scorecard", card["id"], version=versions.get(str(version), version)))


@pytest.mark.parametrize("previous_hash", [None, b"\x00" * 32])
def test_a_record_carries_the_hash_of_the_one_before(stocked: Intruder, previous_hash: bytes | None) -> None:
    card = rows(stocked, "scorecard")[0]
    guarded(stocked, lambda c: forge(c, "scorecard", card["id"], previous_hash=previous_hash))


def test_the_first_record_of_an_entity_follows_none(stocked: Intruder) -> None:
    guarded(stocked, lambda c: forge(c, "scorecard", new_id(), previous_hash=b"\x00" * 32))


def test_a_record_that_holds_together_is_taken(stocked: Intruder) -> None:
    """So that the refusals above are about what they say."""
    with stocked.connected() as connection:
        card = rows_of(connection, table_of("scorecard"))[-1]
        forge(connection, "scorecard", card["id"])
        connection.rollback()


# What the application's role has on PostgreSQL


@pytest.mark.postgresql
def test_the_applications_role_owns_nothing(postgres_templates: PostgresTemplates) -> None:
    owned = text("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
    routines = text("SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = current_user")
    with postgres_templates.fresh() as database, connected(database) as connection:
        assert connection.execute(text("SELECT current_user")).scalar_one() == APPLICATION
        assert [*connection.execute(owned), *connection.execute(routines)] == []


@pytest.mark.postgresql
def test_the_applications_role_changes_no_record_and_deletes_nothing_recorded(
    postgres_templates: PostgresTemplates,
) -> None:
    query = text("SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = :role")
    with postgres_templates.fresh() as database, connected(database) as connection:
        granted = {tuple(row) for row in connection.execute(query, {"role": APPLICATION})}
    assert {right for _, right in granted} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert {name for name, right in granted if right == "DELETE"} & set(GUARDED) == set(GOES_WHEN)
    assert {name for name, right in granted if right == "UPDATE"}.isdisjoint(APPEND_ONLY)


def test_no_temporary_table_stands_in_for_the_record(stocked: Intruder) -> None:
    def attack(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE record AS SELECT * FROM record")
        row = rows_of(connection, table_of("plan"))[0]
        schema = "temp" if stocked.database.kind == SQLITE else "pg_temp"
        # A record that is there satisfies the foreign key; only the false one says that it is the plan's.
        borrowed = connection.exec_driver_sql("SELECT min(id) FROM record WHERE entity_kind = 'unit'").scalar_one()
        connection.exec_driver_sql(
            f"UPDATE {schema}.record SET entity_kind = 'plan', entity_id = {row['id']}, version = {row['version'] + 1}"
            f" WHERE id = {borrowed}"
        )
        values = {"version": row["version"] + 1, "record_id": borrowed, "title": "改过"}
        connection.execute(update(table_of("plan")).where(table_of("plan").c.id == row["id"]).values(values))

    with intruding(stocked.database) as another:  # whose connection goes with its temporary table
        guarded(another, attack)
