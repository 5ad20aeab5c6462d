"""Ratings 评价: who is asked to rate whom, and what they gave. Cards take means and counts of them, never these rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.lifecycle.rating import State
from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import BigId, Document, Instant

_STATES = ", ".join(f"'{state}'" for state in State)


class Rating(Entity, Base):
    """What one person is asked to say of one subject of a plan, and once they have said it: a value for each rated item."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("plan_id", "scheme_code", "subject_kind", "subject_id", "rater_id"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("subject_kind IN ('unit', 'person')", name="subject_kind"),
        CheckConstraint("way IN ('rule', 'hand')", name="way"),
        CheckConstraint("person_id IS NULL OR person_id <> rater_id", name="not_oneself"),
        CheckConstraint("state <> 'open' OR given_at IS NULL", name="open"),
        CheckConstraint("state <> 'given' OR given_at IS NOT NULL", name="given"),
        CheckConstraint("(state = 'revoked') = (revoke_reason IS NOT NULL)", name="why_revoked"),
        Index("ix_rating_rater", "rater_id", "state", "id"),
        Index("ix_rating_person", "person_id"),
        Index("ix_rating_plan", "plan_id", "id"),
    )

    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("plan.id"))
    scheme_version_id: Mapped[int] = mapped_column(BigId, ForeignKey("scheme_version.id"))
    scheme_code: Mapped[str] = mapped_column(String(64))
    period: Mapped[str] = mapped_column(String(10))
    subject_kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int] = mapped_column(BigId)
    subject_code: Mapped[str] = mapped_column(String(64))
    subject_name: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))  # whom the card appraises
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    rater_group: Mapped[str] = mapped_column(String(64))
    rater_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    way: Mapped[str] = mapped_column(String(8))
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(16), default=State.OPEN)
    given: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)  # by item: a level, or a value as text
    comment: Mapped[str] = mapped_column(String(1000), default="")
    given_at: Mapped[datetime | None] = mapped_column(Instant)
    revoke_reason: Mapped[str | None] = mapped_column(String(1000))
