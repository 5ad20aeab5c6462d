"""What ids in the record stand for: the people, units, cards and other things that a change of a field points at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, String, case, cast, literal, select, union_all

from workflow.models.accounts import Account, RoleGrant
from workflow.models.actions import ActionItem
from workflow.models.database import Base, db
from workflow.models.evidence import EvidenceFile
from workflow.models.ledger import LedgerEntry
from workflow.models.log import LogEntry
from workflow.models.organisation import Person, Unit
from workflow.models.plans import Plan
from workflow.models.recorded import RECORDED
from workflow.models.reports import Report
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Scorecard, Signature
from workflow.policy import ROLE_NAMES
from workflow.wording import Language

_NOT_TOLD = ("id", "record_id")
"""What ties a row to its record: no change tells of it."""


def _points_at() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set, subject_id={"unit", "person"})
    for name, tie in RECORDED.items():
        for column in Base.metadata.tables[name].columns:
            if column.foreign_keys and column.name not in {*_NOT_TOLD, tie.parent_column}:
                found[column.name] |= {key.column.table.name for key in column.foreign_keys}
    return {column: frozenset(tables) for column, tables in found.items()}


POINTS_AT: Mapping[str, frozenset[str]] = _points_at()
"""The tables to which a column leads that changes tell of, by its name, wherever it stands."""


def names_of(wanted: Iterable[tuple[str, Any]], language: Language) -> Mapping[str, str]:
    """Give what the ids in these columns are called, in one query; an id whose row is gone is left out."""
    ids: dict[str, set[Any]] = defaultdict(set)
    for column, value in wanted:
        for table in POINTS_AT[column]:
            ids[table].add(value if column == "hash" else int(value))
    if not ids:
        return {}
    queries = (_named(language)[table].where(_KEYS[table].in_(sorted(found))) for table, found in ids.items())
    return {key: name for key, name in db.session.execute(union_all(*queries)) if name}


_KEYS: Mapping[str, SQLColumnExpression[Any]] = {
    "account": Account.id,
    "action_item": ActionItem.id,
    "evidence_content": EvidenceFile.hash,
    "ledger_entry": LedgerEntry.id,
    "person": Person.id,
    "plan": Plan.id,
    "record": LogEntry.record_id,
    "report": Report.id,
    "role_grant": RoleGrant.id,
    "scheme_version": SchemeVersion.id,
    "scorecard": Scorecard.id,
    "signature": Signature.id,
    "unit": Unit.id,
}
"""By what a row of each table is found."""


@cache
def _named(language: Language) -> Mapping[str, Select[Any]]:
    """Give the query for the names of what each table holds; a revision is told apart from what it revises."""
    plan = select(Plan.title).where(Plan.id == Report.plan_id).scalar_subquery()
    names: Mapping[str, SQLColumnExpression[Any]] = {
        "account": Account.name,
        "action_item": ActionItem.title,
        "evidence_content": EvidenceFile.file_name,
        "ledger_entry": LedgerEntry.reason,
        "person": Person.name,
        "plan": Plan.title,
        "record": literal("#") + cast(LogEntry.log_index, String),
        "report": plan + _revision(Report.revision),
        "role_grant": case(*((RoleGrant.role == role, name.say(language)) for role, name in ROLE_NAMES.items())),
        "scheme_version": SchemeVersion.title,
        "scorecard": Scorecard.number + _revision(Scorecard.revision),
        "signature": Signature.name,
        "unit": Unit.title,
    }
    return {table: select(cast(_KEYS[table], String), name) for table, name in names.items()}


def _revision(number: SQLColumnExpression[int]) -> ColumnElement[str]:
    return case((number > 0, literal("-R") + cast(number, String)), else_="")
