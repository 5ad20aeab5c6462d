"""Interview records 谈话记录: where and when a talk was held and by whom, whether the person has read it, corrections."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.lifecycle.interview import State
from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId, Instant

_STATES = ", ".join(f"'{state}'" for state in State)

WORDS_LENGTH = 1000


class Interview(Entity, Base):
    """The record of one talk; what was said and agreed stands in its action item, which never changes once it is done."""

    __tablename__ = "interview"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("subject_kind IN ('unit', 'person')", name="subject_kind"),
        CheckConstraint("(state = 'acknowledged') = (acknowledged_at IS NOT NULL)", name="acknowledged"),
        CheckConstraint("state = 'acknowledged' OR comment IS NULL", name="comment"),
        CheckConstraint("(state = 'declined') = (declined IS NOT NULL)", name="declined"),
        Index("ix_interview_unit", "unit_id", "id"),
        Index("ix_interview_person", "person_id", "state"),
    )

    action_item_id: Mapped[int] = mapped_column(BigId, ForeignKey("action_item.id"), unique=True)
    subject_kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int] = mapped_column(BigId)
    subject_code: Mapped[str] = mapped_column(String(64))
    subject_name: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))  # with whom was spoken
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    held_on: Mapped[date]
    held_at: Mapped[str | None] = mapped_column(String(5))  # the time of day, like 14:30
    place: Mapped[str] = mapped_column(String(128))
    held_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    held_by: Mapped[str] = mapped_column(String(64))
    present: Mapped[str] = mapped_column(String(256), default="")  # who else was there
    state: Mapped[str] = mapped_column(String(16), default=State.RECORDED)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    comment: Mapped[str | None] = mapped_column(String(WORDS_LENGTH))  # of the person
    declined: Mapped[str | None] = mapped_column(String(WORDS_LENGTH))  # why it was not marked as read


class InterviewCorrection(Recorded, Base):
    """What is to be read otherwise in an interview record; the record itself stays as it was."""

    __tablename__ = "interview_correction"
    __table_args__ = (UniqueConstraint("interview_id", "number"),)

    interview_id: Mapped[int] = mapped_column(BigId, of_entity("interview.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(WORDS_LENGTH))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
