"""Exchange rates 汇率: what one unit of a currency is worth in the company's, from a day on."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import Exact


class ExchangeRate(Entity, Base):
    """A rate from one day on, until a later one; `number` counts the corrections of that day, of which the greatest holds.

    A row never changes. A correction says why; one without a rate takes back what was entered.
    """

    __tablename__ = "exchange_rate"
    __table_args__ = (
        UniqueConstraint("currency", "starts_on", "number"),
        CheckConstraint("number = 1 OR reason <> ''", name="corrected_with_a_reason"),
        CheckConstraint("number > 1 OR rate IS NOT NULL", name="begins_with_a_rate"),
    )

    currency: Mapped[str] = mapped_column(String(3))
    starts_on: Mapped[date]
    number: Mapped[int]
    rate: Mapped[Decimal | None] = mapped_column(Exact)
    source: Mapped[str] = mapped_column(String(128))
    reason: Mapped[str] = mapped_column(String(1000), default="")
