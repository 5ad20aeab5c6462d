"""Standings 岗位状态 and levels 等级 of people, with their days; entered once and never overwritten, at most voided."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.lifecycle.level import Employment, Level, Way
from workflow.lifecycle.personnel import State
from workflow.lifecycle.standing import Kind
from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import BigId, Document


def _one_of(column: str, choices: type[Kind] | type[Level] | type[Way] | type[Employment] | type[State]) -> str:
    return "{} IN ({})".format(column, ", ".join(f"'{choice}'" for choice in choices))


class Standing(Entity, Base):
    """A person's standing from one day to another; of whom nothing is said is on post."""

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint(_one_of("kind", Kind), name="kind"),
        CheckConstraint(_one_of("state", State), name="state"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="in_order"),
        CheckConstraint("kind <> 'on-post' OR ends_on IS NULL", name="on_post_has_no_end"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="why_void"),
        Index("ix_standing_person", "person_id", "starts_on"),
    )

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(16))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(1000))
    evidence: Mapped[str] = mapped_column(String(500), default="")  # which papers prove it
    action_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("action_item.id"), index=True)  # that led to it
    state: Mapped[str] = mapped_column(String(8), default=State.VALID)
    void_reason: Mapped[str | None] = mapped_column(String(1000))


class LevelGiven(Entity, Base):
    """A level that a person was given, and how it was gained; the newest one that has begun holds, until its last day."""

    __tablename__ = "level"
    __table_args__ = (
        CheckConstraint(_one_of("level", Level), name="level"),
        CheckConstraint(_one_of("way", Way), name="way"),
        CheckConstraint(_one_of("employment", Employment), name="employment"),
        CheckConstraint(_one_of("state", State), name="state"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="in_order"),
        CheckConstraint("way <> 'deposits' OR level = '初级'", name="deposits_give_the_lowest"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="why_void"),
        Index("ix_level_person", "person_id", "starts_on"),
    )

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    level: Mapped[str] = mapped_column(String(8))
    way: Mapped[str] = mapped_column(String(16))
    employment: Mapped[str] = mapped_column(String(8), default=Employment.STAFF)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    figures: Mapped[dict[str, str]] = mapped_column(Document, default=dict)  # exact decimals as text, by name
    papers: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(8), default=State.VALID)
    void_reason: Mapped[str | None] = mapped_column(String(1000))
