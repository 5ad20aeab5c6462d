"""Action items 奖惩事项: what a scheme proposes for somebody after a plan is final, and what people made of it."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.lifecycle.action_item import State
from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import BigId, Document
from workflow.scoring.terms import ActionKind

_STATES = ", ".join(f"'{state}'" for state in State)
_KINDS = ", ".join(f"'{kind}'" for kind in ActionKind)


class ActionItem(Entity, Base):
    """One consequence for one subject of a plan, or a step that follows a confirmed one.

    The evidence lists `{period, group, rank, ranked}`, oldest first; a step and a prolongation carry what they rest on.
    """

    __tablename__ = "action_item"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("subject_kind IN ('unit', 'person')", name="subject_kind"),
        CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name="outcome_when_done"),
        CheckConstraint(
            "state = 'done' OR (done_on IS NULL AND agreed IS NULL AND passed IS NULL)", name="nothing_before_done"
        ),
        CheckConstraint("bonus IN ('none')", name="bonus"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("(state = 'dismissed') = (dismissal IS NOT NULL OR lapsed)", name="why_dismissed"),
        Index("ix_action_item_plan", "plan_id", "id"),
        Index("ix_action_item_unit", "unit_id", "id"),
        Index("ix_action_item_person", "person_id", "state"),
        Index("ix_action_item_follows", "follows_id"),
        Index("ix_action_item_subject", "subject_kind", "subject_id", "period"),
    )

    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("plan.id"))
    scorecard_id: Mapped[int] = mapped_column(BigId, ForeignKey("scorecard.id"))
    period: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(64))  # of the consequence in its scheme
    title: Mapped[str] = mapped_column(String(128))
    function: Mapped[str] = mapped_column(String(64))  # of the unit, by which it is seen to
    kind: Mapped[str | None] = mapped_column(String(16))  # what sort of action, where the scheme says so
    lasts: Mapped[int | None]  # periods, directly after its own
    bonus: Mapped[str | None] = mapped_column(String(8))  # `none`: while it holds there is no bonus
    follows_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("action_item.id"))  # the item that led to it
    subject_kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int] = mapped_column(BigId)
    subject_code: Mapped[str] = mapped_column(String(64))
    subject_name: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))  # whom it concerns
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    state: Mapped[str] = mapped_column(String(16), default=State.PROPOSED)
    owner_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    due_on: Mapped[date]
    outcome: Mapped[str | None] = mapped_column(String(2000))  # what was said or done
    done_on: Mapped[date | None]
    agreed: Mapped[str | None] = mapped_column(String(2000))
    passed: Mapped[bool | None]  # of a test
    dismissal: Mapped[str | None] = mapped_column(String(1000))
    lapsed: Mapped[bool] = mapped_column(default=False)  # a revision took its ground away
