"""Units, people, and where and what they were when.

What holds for a time includes its last day. It can't be deleted: what was a mistake ends on the day before it starts.
"""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId


class Unit(Entity, Base):
    """A unit 单位 of the tree; its path holds the ids from the root, so everything below it shares its beginning."""

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(128))
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(String(512), index=True)


class UnitFunction(Recorded, Base):
    """A function that a unit gives to a person for a time: 责任人, 业务服务室经理, 部门负责人, hr."""

    __tablename__ = "unit_function"

    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"), index=True)
    function: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Person(Entity, Base):
    """A person of the organisation 被考核人; the name key sorts Chinese names by their sound."""

    __tablename__ = "person"

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    name_key: Mapped[str] = mapped_column(String(128), index=True)


class Membership(Recorded, Base):
    """A person's post in a unit for a time; a transfer ends one and begins another."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_unit", "unit_id", "starts_on"),)

    person_id: Mapped[int] = mapped_column(BigId, of_entity("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    post: Mapped[str] = mapped_column(String(64), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
