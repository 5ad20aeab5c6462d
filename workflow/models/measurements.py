"""Measurements: the value of an indicator for a subject in a period, from which inputs and baselines are taken."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import BigId, Exact


class Measurement(Entity, Base):
    """What an indicator was; a newer value moves the version, and the record keeps what it was before."""

    __tablename__ = "measurement"
    __table_args__ = (
        UniqueConstraint("item", "subject_kind", "subject_id", "frequency", "period"),
        CheckConstraint("subject_kind IN ('unit', 'person')", name="subject_kind"),
    )

    item: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int] = mapped_column(BigId)
    subject_code: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[int] = mapped_column(BigId)
    frequency: Mapped[str] = mapped_column(String(16))
    period: Mapped[str] = mapped_column(String(10))
    value: Mapped[Decimal] = mapped_column(Exact)
    source: Mapped[str] = mapped_column(String(256), default="")
    withdrawn: Mapped[bool] = mapped_column(default=False)  # an import was undone: it counts for nothing
