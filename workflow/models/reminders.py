"""Reminders 催办: that somebody was told, on a day, that their step of a plan is late."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import BigId


class Reminder(Entity, Base):
    """At most one for an account, a step of a plan and a day; it is sent once and never changes."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("account_id", "plan_id", "step", "day"),)

    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("plan.id"), index=True)
    step: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    day: Mapped[date]
    sent_by: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
