"""The company's calendar: days that are not what their weekday says."""

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity

DAY_KINDS = ("holiday", "workday", "usual")
"""A day off, a worked weekend, and a day that was one of these by mistake and is as usual again."""


class CalendarDay(Entity, Base):
    """A day on which the company rests on a weekday, or works on a weekend."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        CheckConstraint("kind IN ({})".format(", ".join(f"'{kind}'" for kind in DAY_KINDS)), name="kind"),
    )

    day: Mapped[date] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(64))
