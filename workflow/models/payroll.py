"""Pay 工资: what was handed to payroll when a plan became final, later differences, and the bonus bases of people.

A batch with its lines is made at once and never changes: what is corrected later follows in a batch of differences.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId, Document, Exact, Instant


class PayrollBatch(Entity, Base):
    """A payroll batch 工资批次 of a plan: the first is the one frozen when it became final, the later ones are differences."""

    __tablename__ = "payroll_batch"
    __table_args__ = (UniqueConstraint("plan_id", "number"), CheckConstraint("number >= 1", name="number"))

    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("plan.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)


class PayrollLine(Recorded, Base):
    """One person's pay by one card, with all that it was worked out from.

    `gaps` says for each part without an amount why; `paid_before` is what the earlier batches told to pay in all.
    """

    __tablename__ = "payroll_line"
    __table_args__ = (
        UniqueConstraint("payroll_batch_id", "scorecard_id"),
        CheckConstraint("difference IS NULL OR total IS NOT NULL", name="difference_of_a_total"),
        Index("ix_payroll_line_card", "card_number"),
    )

    payroll_batch_id: Mapped[int] = mapped_column(BigId, of_entity("payroll_batch.id"))
    scorecard_id: Mapped[int] = mapped_column(BigId, ForeignKey("scorecard.id"), index=True)
    card_number: Mapped[str] = mapped_column(String(96))
    card_revision: Mapped[int]
    card_digest: Mapped[str] = mapped_column(String(64))  # of the approving signature
    scheme_code: Mapped[str] = mapped_column(String(64))
    scheme_version_id: Mapped[int] = mapped_column(BigId, ForeignKey("scheme_version.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    person_code: Mapped[str] = mapped_column(String(64))
    person_name: Mapped[str] = mapped_column(String(128))
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    points: Mapped[Decimal | None] = mapped_column(Exact)
    grade: Mapped[str | None] = mapped_column(String(32))
    level: Mapped[str | None] = mapped_column(String(32))
    attendance: Mapped[Decimal | None] = mapped_column(Exact)
    bonus_base: Mapped[Decimal | None] = mapped_column(Exact)
    stopped_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("action_item.id"))
    base: Mapped[Decimal | None] = mapped_column(Exact)
    benefit: Mapped[Decimal | None] = mapped_column(Exact)
    bonus: Mapped[Decimal | None] = mapped_column(Exact)
    total: Mapped[Decimal | None] = mapped_column(Exact)
    gaps: Mapped[dict[str, str]] = mapped_column(Document, default=dict)  # reason by part
    arithmetic: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)  # steps with their values
    paid_before: Mapped[Decimal | None] = mapped_column(Exact)
    difference: Mapped[Decimal | None] = mapped_column(Exact)

    @property
    def paid(self) -> Decimal | None:
        """What payroll has been told to pay in all, this line included; None while it has been told no amount."""
        return self.paid_before if self.total is None else self.total


class BonusBase(Entity, Base):
    """The amount from which a person's bonus is worked out, from a day on, where the scheme says `base: person`.

    Never changed: of those that have begun the one with the latest day holds, and of the same day the one entered last.
    """

    __tablename__ = "bonus_base"
    __table_args__ = (Index("ix_bonus_base_person", "person_id", "starts_on"),)

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    amount: Mapped[Decimal] = mapped_column(Exact)
    starts_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(1000))
