"""Improvement plans 改进: what is to be done about an indicator, by whom until when, and what came of it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.lifecycle.improvement import State
from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId, Exact, Instant


class MeasuredBy(StrEnum):
    """By what the effect is measured: the item's points on published cards, or its indicator."""

    POINTS = "points"
    MEASUREMENT = "measurement"


class Better(StrEnum):
    """Which way an indicator improves."""

    HIGHER = "higher"
    LOWER = "lower"


def _any_of(choices: type[StrEnum]) -> str:
    return ", ".join(f"'{each}'" for each in choices)


class Improvement(Entity, Base):
    """One improvement plan for a person or a unit; `before` and `after` are taken from its item when it is evaluated."""

    __tablename__ = "improvement"
    __table_args__ = (
        CheckConstraint(f"state IN ({_any_of(State)})", name="state"),
        CheckConstraint("subject_kind IN ('unit', 'person')", name="subject_kind"),
        CheckConstraint(f"measured_by IN ({_any_of(MeasuredBy)})", name="measured_by"),
        CheckConstraint(f"better IN ({_any_of(Better)})", name="better"),
        CheckConstraint("better = 'higher' OR measured_by = 'measurement'", name="more_points_are_better"),
        CheckConstraint("(state = 'draft') = (agreed_on IS NULL)", name="agreed"),
        CheckConstraint("(state IN ('done', 'evaluated')) = (finished_on IS NOT NULL)", name="finished"),
        CheckConstraint(
            "(state = 'evaluated') = (before_value IS NOT NULL AND before_period IS NOT NULL"
            " AND after_value IS NOT NULL AND after_period IS NOT NULL AND judgement IS NOT NULL)",
            name="evaluated",
        ),
        CheckConstraint("state = 'evaluated' OR next_step IS NULL", name="next_step"),
        Index("ix_improvement_unit", "unit_id", "id"),
        Index("ix_improvement_person", "person_id", "id"),
        Index("ix_improvement_owner", "owner_id", "state"),
    )

    subject_kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int] = mapped_column(BigId)
    subject_code: Mapped[str] = mapped_column(String(64))
    subject_name: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))  # whom it is for
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    scheme_code: Mapped[str] = mapped_column(String(64))
    item_code: Mapped[str] = mapped_column(String(64))
    item_title: Mapped[str] = mapped_column(String(128))
    frequency: Mapped[str] = mapped_column(String(16))  # of the scheme, in which before and after are taken
    measured_by: Mapped[str] = mapped_column(String(16), default=MeasuredBy.POINTS)
    better: Mapped[str] = mapped_column(String(8), default=Better.HIGHER)
    problem: Mapped[str] = mapped_column(String(1000))
    measures: Mapped[str] = mapped_column(String(2000))  # what is to be done
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(16), default=State.DRAFT)
    agreed_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    before_period: Mapped[str | None] = mapped_column(String(10))
    before_value: Mapped[Decimal | None] = mapped_column(Exact)
    after_period: Mapped[str | None] = mapped_column(String(10))
    after_value: Mapped[Decimal | None] = mapped_column(Exact)
    judgement: Mapped[str | None] = mapped_column(String(2000))
    next_step: Mapped[str | None] = mapped_column(String(1000))


class ImprovementNote(Recorded, Base):
    """What was said of an improvement plan's progress; the last one of what was reached."""

    __tablename__ = "improvement_note"
    __table_args__ = (UniqueConstraint("improvement_id", "number"),)

    improvement_id: Mapped[int] = mapped_column(BigId, of_entity("improvement.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(1000))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
