"""Plans 考核计划: a period, the schemes in it and whom they appraise."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import Document

DISCLOSURES = ("none", "own-rank", "top-n", "all")
PLAN_STATES = ("draft", "opening", "open", "closing", "published", "final", "archived", "cancelled")


class Plan(Entity, Base):
    """One period's appraisal; `contents` lists `{scheme, version, units, posts}`, the calendar its due dates."""

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in PLAN_STATES)), name="state"),
        CheckConstraint("disclosure IN ({})".format(", ".join(f"'{each}'" for each in DISCLOSURES)), name="disclosure"),
        Index("ix_plan_period", "period", "id"),
    )

    code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(128))
    period: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(16), default="draft")
    disclosure: Mapped[str] = mapped_column(String(16), default="own-rank")
    contents: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    calendar: Mapped[dict[str, str]] = mapped_column(Document, default=dict)
