"""Rankings 排名: who competes in a plan, who came where, and why somebody is not ranked; never overwritten, only followed."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId, Document, Exact, Instant
from workflow.scoring.terms import Absence, Within

RANKING_STATES = ("provisional", "final")

_STATES = ", ".join(f"'{state}'" for state in RANKING_STATES)
_WITHIN = ", ".join(f"'{within}'" for within in Within)
_ABSENCES = ", ".join(f"'{absence}'" for absence in Absence)


class RankingGroup(Entity, Base):
    """A ranking group 考核单元: units whose people compete with each other."""

    __tablename__ = "ranking_group"

    code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(128))


class RankingGroupUnit(Recorded, Base):
    """That a unit belongs to a ranking group for a time."""

    __tablename__ = "ranking_group_unit"

    ranking_group_id: Mapped[int] = mapped_column(BigId, of_entity("ranking_group.id"), index=True)
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Ranking(Entity, Base):
    """The ranking of one group and family in a plan; `number` counts its versions, of which the greatest holds."""

    __tablename__ = "ranking"
    __table_args__ = (
        UniqueConstraint("plan_id", "family", "within", "group_code", "number"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint(f"within IN ({_WITHIN})", name="within"),
    )

    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("plan.id"))
    family: Mapped[str] = mapped_column(String(64))
    within: Mapped[str] = mapped_column(String(8))
    group_code: Mapped[str] = mapped_column(String(64))  # of the unit, the ranking group or the plan
    group_title: Mapped[str] = mapped_column(String(128))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="provisional")
    at: Mapped[datetime] = mapped_column(Instant)


class RankingEntry(Recorded, Base):
    """One subject's place in a ranking, with what it competed with; or why it has none."""

    __tablename__ = "ranking_entry"
    __table_args__ = (
        UniqueConstraint("ranking_id", "scorecard_id"),
        CheckConstraint("(rank IS NULL) = (absence IS NOT NULL)", name="ranked_or_absent"),
        CheckConstraint("rank IS NULL OR total IS NOT NULL", name="ranked_by_total"),
        CheckConstraint(f"absence IN ({_ABSENCES})", name="absence"),
    )

    ranking_id: Mapped[int] = mapped_column(BigId, of_entity("ranking.id"))
    scorecard_id: Mapped[int] = mapped_column(BigId, ForeignKey("scorecard.id"), index=True)
    total: Mapped[Decimal | None] = mapped_column(Exact)
    tie_values: Mapped[list[str | None]] = mapped_column(Document, default=list)  # points of sections, in turn
    rank: Mapped[int | None]
    absence: Mapped[str | None] = mapped_column(String(16))
    grade: Mapped[str | None] = mapped_column(String(32))
