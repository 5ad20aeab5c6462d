"""Portfolios 客户组合: the customers whom a manager looks after, with last year's figures and what is to be added to them."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId, Exact


class Customer(Entity, Base):
    """A customer 客户 of the company."""

    __tablename__ = "customer"

    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))


class CustomerManager(Recorded, Base):
    """That a manager looks after a customer for a time; a handover ends one and begins another."""

    __tablename__ = "customer_manager"

    customer_id: Mapped[int] = mapped_column(BigId, of_entity("customer.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class CustomerFigure(Recorded, Base):
    """One part of a customer's year: the figure of the year before as base, and the growth that is expected."""

    __tablename__ = "customer_figure"
    __table_args__ = (UniqueConstraint("customer_id", "year", "part", "currency"),)

    customer_id: Mapped[int] = mapped_column(BigId, of_entity("customer.id"))
    year: Mapped[int]
    part: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    last_year: Mapped[Decimal] = mapped_column(Exact)  # the base
    growth: Mapped[Decimal] = mapped_column(Exact)


class GrowthTarget(Entity, Base):
    """What a manager is to add in a year beyond the customers' own growth, by part."""

    __tablename__ = "growth_target"
    __table_args__ = (UniqueConstraint("person_id", "year", "part", "currency"),)

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    year: Mapped[int]
    part: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    growth: Mapped[Decimal] = mapped_column(Exact)
