"""Puts the guards into the database as triggers, and on PostgreSQL takes from the application what it must not have."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Table

from workflow.models.database import Base
from workflow.models.guards import (
    APPEND_ONLY,
    CHANGES_WHEN,
    GOES_WHEN,
    Guard,
    delete_guard,
    insert_guards,
    tables,
    update_guards,
)
from workflow.models.personal import DESTROYED, ERASABLE


def install(connection: Connection, application_role: str | None = None) -> None:
    """Make all triggers anew; on PostgreSQL also set the application role's rights. The caller commits."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
    if application_role is not None and connection.dialect.name == "postgresql":
        for statement in _rights(application_role):
            connection.exec_driver_sql(statement)


def statements(dialect: str) -> Iterator[str]:
    """Give the DDL of every guard for `sqlite` or `postgresql`."""
    make = _sqlite if dialect == "sqlite" else _postgresql
    for table in tables():
        for event, guards in (("INSERT", insert_guards(table)), ("UPDATE", update_guards(table))):
            yield from make(table, event, [guard for guard in guards if guard.dialect in (None, dialect)])
        yield from make(table, "DELETE", [delete_guard(table)])
        if dialect == "postgresql":
            yield from make(table, "TRUNCATE", [Guard("FALSE", "nothing recorded is ever deleted")])


def _sqlite(table: Table, event: str, guards: Iterable[Guard]) -> Iterator[str]:
    name = f"guard_{table.name}_{event.lower()}"
    yield f"DROP TRIGGER IF EXISTS {name}"
    checks = "\n".join(
        f"  SELECT RAISE(ABORT, 'kaogong: {table.name}: {guard.message}') WHERE ({_in_sqlite(guard)}) IS NOT TRUE;"
        for guard in guards
    )
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table.name} BEGIN\n{checks}\nEND"


def _in_sqlite(guard: Guard) -> str:
    """SQLite writes the comparison that knows NULL shorter, and older releases only so."""
    return guard.predicate.replace(" IS NOT DISTINCT FROM ", " IS ")


def _postgresql(table: Table, event: str, guards: Iterable[Guard]) -> Iterator[str]:
    name = f"guard_{table.name}_{event.lower()}"
    checks = "\n".join(
        f"  IF ({guard.predicate}) IS NOT TRUE THEN RAISE EXCEPTION 'kaogong: {table.name}: {guard.message}'; END IF;"
        for guard in guards
    )
    rows = "STATEMENT" if event == "TRUNCATE" else "ROW"
    answer = {"TRUNCATE": "NULL", "DELETE": "OLD"}.get(event, "NEW")
    yield (
        # Its own search path: else a temporary table called `record` would be asked in place of the written one.
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp"
        " AS $guard$\n"
        f"BEGIN\n{checks}\n  RETURN {answer};\nEND\n$guard$"
    )
    yield f"DROP TRIGGER IF EXISTS {name} ON {table.name}"
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table.name} FOR EACH {rows} EXECUTE FUNCTION {name}()"
    yield f"ALTER TABLE {table.name} ENABLE ALWAYS TRIGGER {name}"


def _rights(role: str) -> Iterator[str]:
    """The application reads and inserts everything, changes no record, and deletes nothing recorded but what may go."""
    guarded = {table.name for table in tables()}
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT SELECT ON alembic_version TO "{role}"'  # so that readiness can tell an old database
    for table in Base.metadata.sorted_tables:
        rights = "SELECT, INSERT"
        if table.name not in APPEND_ONLY:
            rights += ", UPDATE"
        if table.name not in guarded or table.name in GOES_WHEN:
            rights += ", DELETE"
        yield f'REVOKE ALL ON {table.name} FROM "{role}"'
        yield f'GRANT {rights} ON {table.name} TO "{role}"'
        if table.name in APPEND_ONLY and (columns := _erasable(table)):
            yield f'GRANT UPDATE ({", ".join(columns)}) ON {table.name} TO "{role}"'


def _erasable(table: Table) -> list[str]:
    """Give the columns that erasing by order writes in a table which nothing else changes."""
    if table.name in CHANGES_WHEN:
        return DESTROYED[table.name].split()
    ties = [name for name in ("version", "record_id") if name in table.columns]
    return [*ERASABLE[table.name].columns, *ties] if table.name in ERASABLE else []
