"""The ledger 加减分台账: additions and deductions as they happen, and the evidence that each names."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.lifecycle.ledger_entry import State
from workflow.models.database import Base
from workflow.models.evidence import HASH_LENGTH
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId, Document, Exact, Instant

_STATES = ", ".join(f"'{state}'" for state in State)

FACTS = ("happened_on", "reason", "cause", "count", "points", "evidence", "entered_by", "entered_at")
"""What happened, who says so: never changed once recorded, and the same on every card that counts the entry."""


class LedgerEntry(Entity, Base):
    """One addition or deduction of a subject in a period; its facts never change, its life goes on beside them."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("subject_kind IN ('unit', 'person')", name="subject_kind"),
        CheckConstraint("count IS NULL OR points IS NULL", name="count_or_points"),
        CheckConstraint("(question IS NULL) = (questioned_at IS NULL)", name="questioned"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("state <> 'questioned' OR question IS NOT NULL", name="question_asked"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="why_void"),
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="voided"),
        Index("ix_ledger_entry_subject", "subject_kind", "subject_id", "scheme_code", "period"),
        Index("ix_ledger_entry_person", "person_id", "period", "id"),
        Index("ix_ledger_entry_unit", "unit_id", "period", "id"),
        Index("ix_ledger_entry_period", "period", "id"),
    )

    scheme_version_id: Mapped[int] = mapped_column(BigId, ForeignKey("scheme_version.id"))  # by which it was read
    scheme_code: Mapped[str] = mapped_column(String(64))
    period: Mapped[str] = mapped_column(String(10))
    subject_kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int] = mapped_column(BigId)
    subject_code: Mapped[str] = mapped_column(String(64))
    subject_name: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))  # whom it concerns
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    item_code: Mapped[str] = mapped_column(String(64))
    happened_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    cause: Mapped[str | None] = mapped_column(String(64))
    count: Mapped[int | None]
    points: Mapped[Decimal | None] = mapped_column(Exact)
    evidence: Mapped[list[str]] = mapped_column(Document, default=list)
    entered_by: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(16), default=State.RECORDED)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    question: Mapped[str | None] = mapped_column(String(1000))  # the newest; earlier ones are in the record
    questioned_at: Mapped[datetime | None] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(String(1000))  # to the newest question
    answered_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    voided_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
    void_reason: Mapped[str | None] = mapped_column(String(1000))


class LedgerEvidence(Recorded, Base):
    """A file that an entry names as its evidence: who may see the entry may see the file."""

    __tablename__ = "ledger_evidence"
    __table_args__ = (UniqueConstraint("ledger_entry_id", "hash"), Index("ix_ledger_evidence_hash", "hash"))

    ledger_entry_id: Mapped[int] = mapped_column(BigId, of_entity("ledger_entry.id"))
    number: Mapped[int]  # in the order in which the entry names them
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH), ForeignKey("evidence_content.hash"))
