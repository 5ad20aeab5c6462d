"""Queries 查询 and appeals 绩效申诉, what was said in them, and the committee that decides an escalated appeal."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.lifecycle import appeal, query
from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId, Instant

QUERY, APPEAL = "query", "appeal"
KINDS = (QUERY, APPEAL)
TEXT_LENGTH = 2000


def _one_of(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class Objection(Entity, Base):
    """A query or an appeal of the appraised person about one item of a published card, or about the whole card."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint(
            f"(kind = 'query' AND state IN ({_one_of(query.State)}))"
            f" OR (kind = 'appeal' AND state IN ({_one_of(appeal.State)}))",
            name="state_of_kind",
        ),
        CheckConstraint("(state = 'upheld') = (revision_id IS NOT NULL)", name="upheld_revises"),
        CheckConstraint("state NOT IN ('answered', 'accepted', 'upheld') OR handler_id IS NOT NULL", name="handled"),
        CheckConstraint("state <> 'rejected' OR escalate_until IS NOT NULL", name="escalation_ends"),
        CheckConstraint("kind = 'appeal' OR NOT escalated", name="only_appeals_escalate"),
        Index("ix_objection_card", "scorecard_id", "item"),
        Index("ix_objection_plan", "plan_id", "state"),
        Index("ix_objection_person", "person_id", "id"),
        Index("ix_objection_unit", "unit_id", "state"),
    )

    kind: Mapped[str] = mapped_column(String(8))
    scorecard_id: Mapped[int] = mapped_column(BigId, ForeignKey("scorecard.id"))
    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("plan.id"))
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    item: Mapped[str | None] = mapped_column(String(64))  # none: the whole card
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))  # who objects
    state: Mapped[str] = mapped_column(String(16), default=appeal.State.SUBMITTED)
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date]  # by when it is to be answered or decided
    handler_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))  # who answered, accepted or decided
    escalated: Mapped[bool] = mapped_column(default=False)
    escalate_until: Mapped[date | None]
    revision_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("scorecard.id"))


class ObjectionStep(Recorded, Base):
    """What somebody did and said in a query or an appeal: `submit`, or a move of it; never changed."""

    __tablename__ = "objection_step"
    __table_args__ = (UniqueConstraint("objection_id", "number"),)

    objection_id: Mapped[int] = mapped_column(BigId, of_entity("objection.id"))
    number: Mapped[int]
    trigger: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str | None] = mapped_column(String(32))  # none: the appraised person
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class CommitteeSeat(Recorded, Base):
    """One of the three who decide an escalated appeal, and how they voted: `uphold` or `reject`."""

    __tablename__ = "committee_seat"
    __table_args__ = (
        UniqueConstraint("objection_id", "account_id"),
        CheckConstraint("vote IN ('uphold', 'reject')", name="vote"),
    )

    objection_id: Mapped[int] = mapped_column(BigId, of_entity("objection.id"))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(64))
    vote: Mapped[str | None] = mapped_column(String(8))
