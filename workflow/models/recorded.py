"""What every recorded row carries, and which tables are recorded: the one table that triggers are generated from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, FromClause
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from workflow.models.types import BigId, new_id


class Recorded:
    """A row that the record names: its id, and the record that made it as it is."""

    __table__: ClassVar[FromClause]
    __tablename__: str

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=new_id)

    @declared_attr
    @classmethod
    def record_id(cls) -> Mapped[int]:
        """The record of the change that made this row so."""
        return mapped_column(BigId, ForeignKey("record.id"))


class Entity(Recorded):
    """A recorded thing with a life of its own: every change of it or of anything in it moves its version by one."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let an update hit only the version that was read; services count versions themselves."""
        return {"version_id_col": cls.version, "version_id_generator": False}


def of_entity(column: str) -> ForeignKey:
    """Lead from a part to its entity, which comes into being after it in the same transaction (the guards' order)."""
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


@dataclass(frozen=True, slots=True)
class RecordedTable:
    """How a table is tied: the kind its records name, and for a part the column that leads to its entity's table."""

    kind: str
    parent_table: str | None = None
    parent_column: str | None = None


RECORDED: Mapping[str, RecordedTable] = {
    "unit": RecordedTable("unit"),
    "unit_function": RecordedTable("unit", "unit", "unit_id"),
    "person": RecordedTable("person"),
    "membership": RecordedTable("person", "person", "person_id"),
    "account": RecordedTable("account"),
    "role_grant": RecordedTable("grant"),
    "delegation": RecordedTable("delegation"),
    "reminder": RecordedTable("reminder"),
    "scheme_version": RecordedTable("scheme"),
    "scheme_signature": RecordedTable("scheme", "scheme_version", "scheme_version_id"),
    "plan": RecordedTable("plan"),
    "measurement": RecordedTable("measurement"),
    "import_batch": RecordedTable("import"),
    "scorecard": RecordedTable("scorecard"),
    "scorecard_item": RecordedTable("scorecard", "scorecard", "scorecard_id"),
    "adjustment": RecordedTable("scorecard", "scorecard", "scorecard_id"),
    "signature": RecordedTable("scorecard", "scorecard", "scorecard_id"),
    "signature_void": RecordedTable("scorecard", "scorecard", "scorecard_id"),
    "acknowledgement": RecordedTable("acknowledgement"),
    "ranking_group": RecordedTable("group"),
    "ranking_group_unit": RecordedTable("group", "ranking_group", "ranking_group_id"),
    "ranking": RecordedTable("ranking"),
    "ranking_entry": RecordedTable("ranking", "ranking", "ranking_id"),
    "action_item": RecordedTable("action"),
    "interview": RecordedTable("interview"),
    "interview_correction": RecordedTable("interview", "interview", "interview_id"),
    "improvement": RecordedTable("improvement"),
    "improvement_note": RecordedTable("improvement", "improvement", "improvement_id"),
    "report": RecordedTable("report"),
    "report_remark": RecordedTable("report", "report", "report_id"),
    "report_signature": RecordedTable("report", "report", "report_id"),
    "standing": RecordedTable("standing"),
    "level": RecordedTable("level"),
    "payroll_batch": RecordedTable("payroll"),
    "payroll_line": RecordedTable("payroll", "payroll_batch", "payroll_batch_id"),
    "bonus_base": RecordedTable("bonus-base"),
    "objection": RecordedTable("objection"),
    "objection_step": RecordedTable("objection", "objection", "objection_id"),
    "committee_seat": RecordedTable("objection", "objection", "objection_id"),
    "card_question": RecordedTable("question"),
    "calendar_day": RecordedTable("calendar"),
    "log_key": RecordedTable("log"),
    "erasure": RecordedTable("erasure"),
    "erased_content": RecordedTable("erasure", "erasure", "erasure_id"),
    "evidence_file": RecordedTable("evidence"),
    "ledger_entry": RecordedTable("ledger"),
    "ledger_evidence": RecordedTable("ledger", "ledger_entry", "ledger_entry_id"),
    "rating": RecordedTable("rating"),
    "exchange_rate": RecordedTable("rate"),
    "customer": RecordedTable("customer"),
    "customer_manager": RecordedTable("customer", "customer", "customer_id"),
    "customer_figure": RecordedTable("customer", "customer", "customer_id"),
    "growth_target": RecordedTable("growth"),
}
"""Every table whose model descends from `Recorded`."""
