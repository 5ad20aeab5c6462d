"""What the database itself refuses, whoever asks: a change without its record, a change of a record, of what is locked.

Each guard is a predicate that must hold; one generator turns them into triggers for SQLite and for PostgreSQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Table, UniqueConstraint

from workflow.lifecycle import action_item, improvement, interview, ledger_entry, rating, report
from workflow.lifecycle.scorecard import LOCKED, State
from workflow.models.database import Base
from workflow.models.ledger import FACTS
from workflow.models.personal import ERASABLE, ERASED, Way
from workflow.models.recorded import RECORDED, RecordedTable

LOG_TABLES = ("log_entry", "log_tile", "log_checkpoint", "log_cosignature")

RECORD_TABLES = ("record", "record_content", "record_pending", *LOG_TABLES)
"""The written record itself and its log: inserted and read, never changed."""

APPEND_ONLY = (
    *RECORD_TABLES,
    "signature",
    "signature_void",
    "scheme_signature",
    "ranking_entry",
    "payroll_batch",
    "payroll_line",
    "bonus_base",
    "objection_step",
    "evidence_content",
    "evidence_file",
    "ledger_evidence",
    "improvement_note",
    "exchange_rate",
    "reminder",
    "report_signature",
    "interview_correction",
)

FROZEN_AFTER = {
    "scorecard": tuple(sorted(LOCKED)),
    "scheme_version": ("approved", "retired"),
    "ranking": ("provisional", "final"),
    "standing": ("valid", "void"),
    "level": ("valid", "void"),
    "delegation": ("given", "ended"),
    "ledger_entry": tuple(ledger_entry.State),
    "improvement": tuple(state for state in improvement.State if state is not improvement.State.DRAFT),
    "rating": tuple(rating.State),
    "report": tuple(state for state in State if state is not State.DRAFT),
    "action_item": (action_item.State.DONE, action_item.State.DISMISSED),
    "interview": tuple(interview.State),
}
"""The states of a table's row from which on only its life goes on."""

STILL_MOVES = {
    "scorecard": ("state", "version", "published_at", "superseded_by", "record_id"),
    "scheme_version": ("state", "version", "record_id"),
    "ranking": ("state", "version", "record_id"),
    "standing": ("state", "void_reason", "version", "record_id"),
    "level": ("state", "void_reason", "version", "record_id"),
    "delegation": ("state", "version", "record_id"),
    "ledger_entry": (
        *("state", "version", "record_id", "acknowledged_at", "question", "questioned_at"),
        *("answer", "answered_by", "answered_at", "voided_by", "voided_at", "void_reason"),
    ),
    "improvement": (
        *("state", "version", "record_id", "finished_on", "before_period", "before_value"),
        *("after_period", "after_value", "judgement", "next_step"),
    ),
    "rating": ("state", "version", "record_id", "given", "comment", "given_at", "revoke_reason"),
    "report": ("state", "version", "published_at", "superseded_by", "record_id"),
    "action_item": (),
    "interview": ("state", "version", "record_id", "acknowledged_at", "comment", "declined"),
}

LOCKED_MOVES = {
    "scorecard": (
        (State.APPROVED, State.PUBLISHED),
        (State.APPROVED, State.SUPERSEDED),
        (State.PUBLISHED, State.SUPERSEDED),
    ),
    "scheme_version": (("approved", "retired"),),
    "ranking": (("provisional", "final"),),
    "standing": (("valid", "void"),),
    "level": (("valid", "void"),),
    "delegation": (("given", "ended"),),
    "ledger_entry": tuple((edge.source, edge.target) for edge in ledger_entry.LIFECYCLE.edges if not edge.internal),
    "improvement": tuple((edge.source, edge.target) for edge in improvement.LIFECYCLE.edges),
    "rating": tuple((edge.source, edge.target) for edge in rating.LIFECYCLE.edges),
    "report": tuple((edge.source, edge.target) for edge in report.LIFECYCLE.edges if edge.begins is None),
    "action_item": (),
    "interview": tuple((edge.source, edge.target) for edge in interview.LIFECYCLE.edges),
}

BEGINS_AS = {
    "scorecard": "draft",
    "scheme_version": "draft",
    "ranking": "provisional",
    "action_item": "proposed",
    "standing": "valid",
    "level": "valid",
    "objection": "submitted",
    "delegation": "given",
    "improvement": "draft",
    "ledger_entry": "recorded",
    "rating": "open",
    "report": "draft",
    "interview": "recorded",
}
"""The state in which a row of the table begins."""

GOES_WHEN = {
    "record_content": "EXISTS (SELECT 1 FROM erased_content e WHERE e.erased_record_id = OLD.record_id)",
    "record_pending": "EXISTS (SELECT 1 FROM log_entry e WHERE e.record_id = OLD.record_id)",
}
"""When a row may be deleted; of every other guarded table never."""

CHANGES_WHEN = {
    "evidence_content": (
        "NEW.hash = OLD.hash AND length(NEW.content) = 0 AND EXISTS (SELECT 1 FROM evidence_file f"
        " JOIN record r ON r.entity_kind = 'evidence' AND r.entity_id = f.id"
        " JOIN erased_content e ON e.erased_record_id = r.id WHERE f.hash = OLD.hash)"
    ),
}
"""When a row of a table that has no records of its own may change: its content goes, and that by order."""

COMES_WHEN = {
    "record_pending": "NOT EXISTS (SELECT 1 FROM log_entry e WHERE e.record_id = NEW.record_id)",
    "log_entry": (
        "(NEW.log_index = 0 OR EXISTS (SELECT 1 FROM log_entry x WHERE x.log_index = NEW.log_index - 1))"
        " AND EXISTS (SELECT 1 FROM record r WHERE r.id = NEW.record_id AND r.hash = NEW.leaf_hash)"
    ),
    "log_tile": (
        "NEW.number = 0 OR EXISTS (SELECT 1 FROM log_tile x WHERE x.level = NEW.level AND x.number = NEW.number - 1)"
    ),
    "log_checkpoint": "NEW.size = 0 OR EXISTS (SELECT 1 FROM log_entry e WHERE e.log_index = NEW.size - 1)",
}
"""What must hold besides for a row of the log to come into being: it goes on where the log ends."""

_SAME_FACTS = " AND ".join(f"e.{name} IS NOT DISTINCT FROM NEW.{name}" for name in FACTS)

_SIGNED_IN = (
    "(NEW.meaning = 'prepare' AND {state} = 'draft') OR (NEW.meaning = 'review' AND {state} = 'prepared')"
    " OR (NEW.meaning = 'approve' AND {state} = 'reviewed')"
)

WRITABLE_IN = {
    "scorecard_item": "{state} = 'draft'",
    "adjustment": (
        "{state} = 'draft' AND (NEW.ledger_entry_id IS NULL OR EXISTS"
        f" (SELECT 1 FROM ledger_entry e WHERE e.id = NEW.ledger_entry_id AND {_SAME_FACTS}))"
    ),
    # What a signed card counts stands in the ledger.
    "ledger_entry": (
        "NEW.state <> 'void' OR NOT EXISTS (SELECT 1 FROM adjustment a JOIN scorecard s ON s.id = a.scorecard_id"
        " WHERE a.ledger_entry_id = NEW.id AND a.voided_at IS NULL AND s.state NOT IN ('superseded', 'void'))"
    ),
    "ledger_evidence": "NOT EXISTS (SELECT 1 FROM ledger_entry p WHERE p.id = NEW.ledger_entry_id)",  # it comes with it
    # What a signed card has taken stands as it was given.
    "rating": (
        "EXISTS (SELECT 1 FROM scorecard s WHERE s.plan_id = NEW.plan_id AND s.scheme_code = NEW.scheme_code"
        " AND s.subject_kind = NEW.subject_kind AND s.subject_id = NEW.subject_id AND s.state = 'draft')"
    ),
    "signature": _SIGNED_IN,
    "report_signature": _SIGNED_IN,
    "report_remark": "{state} = 'draft'",
    "signature_void": "{state} IN ('prepared', 'reviewed')",
    "scheme_signature": "{state} IN ('draft', 'prepared', 'reviewed')",
    "improvement_note": "{state} = 'in_progress'",
    "committee_seat": "{state} = 'escalated'",
    "ranking_entry": "NOT EXISTS (SELECT 1 FROM ranking p WHERE p.id = NEW.ranking_id)",  # all of them come with it
    "payroll_line": "NOT EXISTS (SELECT 1 FROM payroll_batch p WHERE p.id = NEW.payroll_batch_id)",  # likewise
}
"""When a row may be written; for a part `state` is its entity's before the change."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A predicate on NEW and OLD that must hold, and what is said when it doesn't; some dangers are one database's own."""

    predicate: str
    message: str
    dialect: str | None = None


def tables() -> tuple[Table, ...]:
    """Give every guarded table, in the order in which they are created."""
    names = {*RECORDED, *APPEND_ONLY}
    return tuple(table for table in Base.metadata.sorted_tables if table.name in names)


def insert_guards(table: Table) -> Iterator[Guard]:
    """Give what must hold for a row to come into being."""
    for columns in _unique_keys(table):
        same = " AND ".join(f"x.{column} = NEW.{column}" for column in columns)
        # INSERT OR REPLACE would silently remove what holds the same key.
        yield Guard(f"NOT EXISTS (SELECT 1 FROM {table.name} x WHERE {same})", "the row is there already", "sqlite")
    if table.name == "record":
        yield Guard(_CHAINED, "records of an entity follow each other without a gap")
    if table.name in COMES_WHEN:
        yield Guard(COMES_WHEN[table.name], "the log goes on where it ends, with what is recorded")
    tie = RECORDED.get(table.name)
    if tie is None:
        return
    if tie.parent_table is None:
        yield Guard(f"NEW.version = 1 AND {_names(tie, 'NEW.id', 'NEW.version')}", "no record makes this row")
    else:
        yield Guard(_in_next_version(tie), "no record makes this row")
    if table.name in BEGINS_AS:
        yield Guard(f"NEW.state = '{BEGINS_AS[table.name]}'", "nothing begins in this state")
    yield from _writable(table, tie)


def update_guards(table: Table) -> Iterator[Guard]:
    """Give what must hold for a row to change."""
    if table.name in APPEND_ONLY and table.name not in ERASABLE:
        yield Guard(CHANGES_WHEN.get(table.name, "FALSE"), "this is a written record and never changes")
        return
    tie = RECORDED[table.name]
    yield Guard("NEW.id = OLD.id AND NEW.record_id <> OLD.record_id", "a change needs a record of its own")
    for columns in _unique_keys(table):
        same = " AND ".join(f"x.{column} = NEW.{column}" for column in columns)
        taken = f"EXISTS (SELECT 1 FROM {table.name} x WHERE {same} AND x.id <> OLD.id)"
        yield Guard(f"NOT {taken}", "the key is taken", "sqlite")
    if tie.parent_table is None:
        next_version = f"NEW.version = OLD.version + 1 AND {_names(tie, 'NEW.id', 'NEW.version')}"
        yield Guard(next_version, "no record makes this change")
    else:
        same_parent = f"NEW.{tie.parent_column} = OLD.{tie.parent_column}"
        yield Guard(f"{same_parent} AND {_in_next_version(tie)}", "no record makes this change")
    erases = _erases(table)
    if table.name in APPEND_ONLY:
        yield Guard(erases, "this is a written record and never changes")
        return
    for guard in (*_writable(table, tie), *_lock(table)):
        yield replace(guard, predicate=f"({guard.predicate}) OR ({erases})")


def delete_guard(table: Table) -> Guard:
    """Give what must hold for a row to go."""
    return Guard(GOES_WHEN.get(table.name, "FALSE"), "nothing recorded is ever deleted")


_CHAINED = (
    "NEW.version IS NULL OR (NEW.version = 1 AND NEW.previous_hash IS NULL) OR EXISTS (SELECT 1 FROM record x WHERE"
    " x.entity_kind = NEW.entity_kind AND x.entity_id = NEW.entity_id AND x.version = NEW.version - 1"
    " AND x.hash = NEW.previous_hash)"
)


def _unique_keys(table: Table) -> Iterator[tuple[str, ...]]:
    """Give each key of the table."""
    yield tuple(column.name for column in table.primary_key)
    for constraint in sorted(table.constraints, key=lambda each: str(each.name)):
        if isinstance(constraint, UniqueConstraint):
            yield tuple(column.name for column in constraint.columns)
    for index in sorted(table.indexes, key=lambda each: str(each.name)):
        if index.unique:
            yield tuple(column.name for column in index.columns)


def _names(tie: RecordedTable, entity: str, version: str) -> str:
    """Say that the new row's record names this very entity and version."""
    return (
        f"EXISTS (SELECT 1 FROM record r WHERE r.id = NEW.record_id AND r.entity_kind = '{tie.kind}'"
        f" AND r.entity_id = {entity} AND r.version = {version})"
    )


def _in_next_version(tie: RecordedTable) -> str:
    """Say that the part's record names its entity's next version: parts are written before the entity's own row."""
    return _names(tie, f"NEW.{tie.parent_column}", f"{_of_parent(tie, 'version', '0')} + 1")


def _of_parent(tie: RecordedTable, column: str, unborn: str) -> str:
    """Give a column of the part's entity as it is before the change, or what counts while the entity is not there."""
    row = f"SELECT p.{column} FROM {tie.parent_table} p WHERE p.id = NEW.{tie.parent_column}"
    return f"COALESCE(({row}), {unborn})"


def _writable(table: Table, tie: RecordedTable) -> Iterator[Guard]:
    if table.name in WRITABLE_IN:
        begins_as = BEGINS_AS.get(str(tie.parent_table), "")
        state = _of_parent(tie, "state", f"'{begins_as}'") if tie.parent_table else "NEW.state"
        yield Guard(WRITABLE_IN[table.name].format(state=state), "this state takes no such row")


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
    yield Guard(f"OLD.state NOT IN ({frozen}) OR (({same}) AND ({moves or 'FALSE'}))", "it is locked")
    if table.name == "scorecard":
        unmoved = "NEW.published_at IS NOT DISTINCT FROM OLD.published_at"
        yield Guard(f"NEW.state = '{State.PUBLISHED}' OR {unmoved}", "only publishing says when it was published")
        yield Guard(f"OLD.state <> '{State.VOID}'", "it is void")


def _erases(table: Table) -> str:
    """Say that an order names the record that the row stands on, and that nothing of it changes but what is to be erased."""
    if table.name not in ERASABLE:
        return "FALSE"
    ways = ERASABLE[table.name].columns
    parts = ["EXISTS (SELECT 1 FROM erased_content e WHERE e.erased_record_id = OLD.record_id)"]
    for column in table.columns:
        same = f"NEW.{column.name} IS NOT DISTINCT FROM OLD.{column.name}"
        if column.name in ways:
            parts.append(f"({same} OR {_erased(column.name, ways[column.name])})")
        elif column.name not in {"version", "record_id"}:
            parts.append(same)
    return " AND ".join(parts)


def _erased(column: str, way: Way) -> str:
    """Say that a column holds what an order leaves of it."""
    match way:
        case Way.WORDS:
            return f"NEW.{column} = '{ERASED}'"
        case Way.DOCUMENT:
            return f"NEW.{column} IS NULL OR CAST(NEW.{column} AS TEXT) IN ('[]', '{{}}', 'null')"
        case Way.MENTION:
            return (
                "EXISTS (SELECT 1 FROM erased_content e JOIN erasure o ON o.id = e.erasure_id"
                " JOIN person p ON p.id = o.person_id WHERE e.erased_record_id = OLD.record_id"
                f" AND NEW.{column} = REPLACE(OLD.{column}, p.name, '{ERASED}'))"
            )
        case Way.SORT_KEY | Way.LOGIN:
            return "TRUE"  # of tables that nothing locks
