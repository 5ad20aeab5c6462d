"""Reports 考核报告 of plans: the administrator's words, the figures as they stood, and who has signed them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId, Document, Instant
from workflow.policy import Meaning, State

_STATES = ", ".join(f"'{state}'" for state in State)
_MEANINGS = ", ".join(f"'{meaning}'" for meaning in Meaning)

WORDS_LENGTH = 4000
REMARK_LENGTH = 1000


class Report(Entity, Base):
    """One revision of a plan's report; its statistics are those of the moment `as_of` and name cards by their ids."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("plan_id", "revision"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("(state IN ('published', 'superseded')) OR published_at IS NULL", name="published"),
        CheckConstraint("(superseded_by IS NOT NULL) = (state = 'superseded')", name="superseded"),
        Index("ix_report_state", "state", "id"),
    )

    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("plan.id"))
    unit_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("unit.id")
    )  # holds all of the plan's; none: the company
    period: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column(default=0)
    revises_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("report.id"))
    superseded_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("report.id"))
    state: Mapped[str] = mapped_column(String(16), default=State.DRAFT)
    problems: Mapped[str] = mapped_column(String(WORDS_LENGTH), default="")
    directions: Mapped[str] = mapped_column(String(WORDS_LENGTH), default="")
    statistics: Mapped[dict[str, Any]] = mapped_column(Document)
    as_of: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)


class ReportRemark(Recorded, Base):
    """What a report says of one item of a scheme, or (without a scheme) of one unit; empty words are taken back."""

    __tablename__ = "report_remark"
    __table_args__ = (UniqueConstraint("report_id", "scheme_code", "code"),)

    report_id: Mapped[int] = mapped_column(BigId, of_entity("report.id"))
    scheme_code: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[str] = mapped_column(String(64))  # of the item or the unit
    title: Mapped[str] = mapped_column(String(128))
    problem: Mapped[str] = mapped_column(String(REMARK_LENGTH), default="")
    direction: Mapped[str] = mapped_column(String(REMARK_LENGTH), default="")


class ReportSignature(Recorded, Base):
    """A signature 编制/审核/批准 under a report: it binds the words and the figures as they stood."""

    __tablename__ = "report_signature"
    __table_args__ = (CheckConstraint(f"meaning IN ({_MEANINGS})", name="meaning"),)

    report_id: Mapped[int] = mapped_column(BigId, ForeignKey("report.id"), index=True)
    meaning: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(64))
    on_behalf_of: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    method: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64))
