"""What the database itself refuses, whoever asks: a change without its record, a change of a record, of what is locked.

Each guard is a predicate that must hold; one generator turns them into triggers for SQLite and for PostgreSQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table, UniqueConstraint

from workflow.lifecycle.scorecard import LOCKED, State
from workflow.models.database import Base
from workflow.models.recorded import RecordedTable, recorded_tables

RECORD_TABLES = ("record", "record_content")
"""The written record itself: inserted and read, never changed."""

APPEND_ONLY = (*RECORD_TABLES, "signature", "signature_void", "scheme_signature")

FROZEN_AFTER = {"scorecard": tuple(sorted(LOCKED)), "scheme_version": ("approved", "retired")}
"""The states of a table's row from which on only its life goes on."""

STILL_MOVES = {
    "scorecard": ("state", "version", "published_at", "superseded_by", "record_id"),
    "scheme_version": ("state", "version", "record_id"),
}

LOCKED_MOVES = {
    "scorecard": (
        (State.APPROVED, State.PUBLISHED),
        (State.APPROVED, State.SUPERSEDED),
        (State.PUBLISHED, State.SUPERSEDED),
    ),
    "scheme_version": (("approved", "retired"),),
}

WRITABLE_IN = {
    "scorecard_item": "p.state = 'draft'",
    "adjustment": "p.state = 'draft'",
    "signature": (
        "(NEW.meaning = 'prepare' AND p.state = 'draft') OR (NEW.meaning = 'review' AND p.state = 'prepared')"
        " OR (NEW.meaning = 'approve' AND p.state = 'reviewed')"
    ),
    "signature_void": "p.state IN ('prepared', 'reviewed')",
    "scheme_signature": "p.state IN ('draft', 'prepared', 'reviewed')",
}
"""When the parts of an entity may be written: `p` is the entity's row as it is before the change."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A predicate on NEW and OLD that must hold, and what is said when it doesn't."""

    predicate: str
    message: str


def tables() -> tuple[Table, ...]:
    """Give every guarded table, in the order in which they are created."""
    names = {*recorded_tables(), *RECORD_TABLES}
    return tuple(table for table in Base.metadata.sorted_tables if table.name in names)


def insert_guards(table: Table) -> Iterator[Guard]:
    """Give what must hold for a row to come into being."""
    for columns in _unique_keys(table):
        same = " AND ".join(f"x.{column} = NEW.{column}" for column in columns)
        yield Guard(f"NOT EXISTS (SELECT 1 FROM {table.name} x WHERE {same})", "the row is there already")
    if table.name == "record":
        yield Guard(
            "NEW.version IS NULL OR NEW.version = 1 OR EXISTS (SELECT 1 FROM record x WHERE"
            " x.entity_kind = NEW.entity_kind AND x.entity_id = NEW.entity_id AND x.version = NEW.version - 1)",
            "records of an entity have no gaps",
        )
    tie = recorded_tables().get(table.name)
    if tie is None:
        return
    if tie.parent_table is None:
        yield Guard(f"NEW.version = 1 AND {_names(tie, 'NEW.id', 'NEW.version')}", "no record makes this row")
        return
    born = f" OR (p.version = 1 AND {_names(tie, 'p.id', '1')})" if tie.born_with_parent else ""
    yield Guard(_of_parent(tie, f"{_names(tie, 'p.id', 'p.version + 1')}{born}"), "no record makes this row")
    yield from _writable(table, tie)


def update_guards(table: Table) -> Iterator[Guard]:
    """Give what must hold for a row to change."""
    if table.name in APPEND_ONLY:
        yield Guard("FALSE", "this is a written record and never changes")
        return
    tie = recorded_tables()[table.name]
    yield Guard("NEW.id = OLD.id AND NEW.record_id <> OLD.record_id", "a change needs a record of its own")
    for columns in _unique_keys(table):
        same = " AND ".join(f"x.{column} = NEW.{column}" for column in columns)
        yield Guard(f"NOT EXISTS (SELECT 1 FROM {table.name} x WHERE {same} AND x.id <> OLD.id)", "the key is taken")
    if tie.parent_table is None:
        next_version = f"NEW.version = OLD.version + 1 AND {_names(tie, 'NEW.id', 'NEW.version')}"
        yield Guard(next_version, "no record makes this change")
    else:
        same_parent = f"NEW.{tie.parent_column} = OLD.{tie.parent_column}"
        named = _of_parent(tie, _names(tie, "p.id", "p.version + 1"))
        yield Guard(f"{same_parent} AND {named}", "no record makes this change")
        yield from _writable(table, tie)
    yield from _lock(table)


def _unique_keys(table: Table) -> Iterator[tuple[str, ...]]:
    """Give each key of the table: INSERT OR REPLACE would silently remove what holds the same key."""
    yield tuple(column.name for column in table.primary_key)
    for constraint in sorted(table.constraints, key=lambda each: str(each.name)):
        if isinstance(constraint, UniqueConstraint):
            yield tuple(column.name for column in constraint.columns)


def _names(tie: RecordedTable, entity: str, version: str) -> str:
    """Say that the new row's record names this very entity and version."""
    return (
        f"EXISTS (SELECT 1 FROM record r WHERE r.id = NEW.record_id AND r.entity_kind = '{tie.kind}'"
        f" AND r.entity_id = {entity} AND r.version = {version})"
    )


def _of_parent(tie: RecordedTable, predicate: str) -> str:
    return f"EXISTS (SELECT 1 FROM {tie.parent_table} p WHERE p.id = NEW.{tie.parent_column} AND ({predicate}))"


def _writable(table: Table, tie: RecordedTable) -> Iterator[Guard]:
    if table.name in WRITABLE_IN:
        yield Guard(_of_parent(tie, WRITABLE_IN[table.name]), "this state takes no such row")


def _lock(table: Table) -> Iterator[Guard]:
    """From approval on a row keeps everything but its declared moves."""
    if table.name not in FROZEN_AFTER:
        return
    frozen = ", ".join(f"'{state}'" for state in FROZEN_AFTER[table.name])
    kept = [column.name for column in table.columns if column.name not in STILL_MOVES[table.name]]
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in kept)
    moves = " OR ".join(
        f"(OLD.state = '{source}' AND NEW.state = '{target}')" for source, target in LOCKED_MOVES[table.name]
    )
    yield Guard(f"OLD.state NOT IN ({frozen}) OR (({same}) AND ({moves}))", "it is locked")
    if table.name == "scorecard":
        yield Guard("OLD.state <> 'void'", "it is void")
