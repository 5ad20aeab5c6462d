"""Scorecards 评分表 and everything in them: items, adjustments, signatures."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId, Document, Exact, Instant
from workflow.policy import Meaning, State

_STATES = ", ".join(f"'{state}'" for state in State)
_MEANINGS = ", ".join(f"'{meaning}'" for meaning in Meaning)


class Scorecard(Entity, Base):
    """One subject's card of one period under one scheme version; the version moves with any change in the card."""

    __tablename__ = "scorecard"
    __table_args__ = (
        UniqueConstraint("number", "revision"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("subject_kind IN ('unit', 'person')", name="subject_kind"),
        CheckConstraint("(total IS NOT NULL) = complete", name="total_when_complete"),
        CheckConstraint("(state IN ('published', 'superseded')) OR published_at IS NULL", name="published"),
        CheckConstraint("(superseded_by IS NOT NULL) = (state = 'superseded')", name="superseded"),
        Index("ix_scorecard_plan", "plan_id", "id"),
        Index("ix_scorecard_plan_number", "plan_id", "number", "revision"),
        Index("ix_scorecard_unit", "unit_id", "period", "id"),
        Index("ix_scorecard_state", "state", "unit_id", "id"),
        Index("ix_scorecard_subject", "subject_kind", "subject_id", "scheme_code", "period"),
        Index("ix_scorecard_appraised", "appraised_person_id", "state", "period"),
    )

    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("plan.id"))
    scheme_version_id: Mapped[int] = mapped_column(BigId, ForeignKey("scheme_version.id"))
    scheme_code: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(96))
    revision: Mapped[int] = mapped_column(default=0)
    revises_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("scorecard.id"))
    superseded_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("scorecard.id"))
    period: Mapped[str] = mapped_column(String(10))
    subject_kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int] = mapped_column(BigId)
    subject_code: Mapped[str] = mapped_column(String(64))
    subject_name: Mapped[str] = mapped_column(String(128))
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    appraised_person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(16), default=State.DRAFT)
    total: Mapped[Decimal | None] = mapped_column(Exact)
    provisional_total: Mapped[Decimal] = mapped_column(Exact)
    complete: Mapped[bool] = mapped_column(default=False)
    grade: Mapped[str | None] = mapped_column(String(32))
    missing: Mapped[list[list[str]]] = mapped_column(Document, default=list)  # pairs of item and reason
    sections: Mapped[dict[str, str]] = mapped_column(Document, default=dict)  # points by section
    vetoes: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    published_at: Mapped[datetime | None] = mapped_column(Instant)


class ScorecardItem(Recorded, Base):
    """One item of a card: what was put in, what it gave, and why (its basis, steps with their values)."""

    __tablename__ = "scorecard_item"
    __table_args__ = (UniqueConstraint("scorecard_id", "code"),)

    scorecard_id: Mapped[int] = mapped_column(BigId, of_entity("scorecard.id"))
    code: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    input: Mapped[dict[str, Any] | None] = mapped_column(Document)
    note: Mapped[str] = mapped_column(String(1000), default="")
    source: Mapped[str] = mapped_column(String(256), default="")  # who or what supplied the input, as the basis says it
    is_fed: Mapped[bool] = mapped_column(default=False)  # the input came from a measurement, not from a person
    points: Mapped[Decimal | None] = mapped_column(Exact)
    basis: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)


class Adjustment(Recorded, Base):
    """An entry of the ledger as this card counts it: its facts are the entry's, which the guards compare; never deleted.

    Those from before there was a ledger have no entry.
    """

    __tablename__ = "adjustment"
    __table_args__ = (
        UniqueConstraint("scorecard_id", "item_code", "number"),
        CheckConstraint("count IS NULL OR points IS NULL", name="count_or_points"),
        CheckConstraint("(voided_at IS NULL) = (voided_by IS NULL)", name="voided"),
    )

    scorecard_id: Mapped[int] = mapped_column(BigId, of_entity("scorecard.id"))
    ledger_entry_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ledger_entry.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    happened_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    cause: Mapped[str | None] = mapped_column(String(64))
    count: Mapped[int | None]
    points: Mapped[Decimal | None] = mapped_column(Exact)
    evidence: Mapped[list[str]] = mapped_column(Document, default=list)
    entered_by: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    voided_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
    void_reason: Mapped[str | None] = mapped_column(String(1000))


class Signature(Recorded, Base):
    """A signature: who signed as what, how they proved themselves, and the digest of what they signed."""

    __tablename__ = "signature"
    __table_args__ = (CheckConstraint(f"meaning IN ({_MEANINGS})", name="meaning"),)

    scorecard_id: Mapped[int] = mapped_column(BigId, ForeignKey("scorecard.id"), index=True)
    meaning: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(64))
    on_behalf_of: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    method: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64))


class SignatureVoid(Recorded, Base):
    """That a signature no longer stands, because it was withdrawn or the card was returned or voided."""

    __tablename__ = "signature_void"

    scorecard_id: Mapped[int] = mapped_column(BigId, ForeignKey("scorecard.id"), index=True)
    signature_id: Mapped[int] = mapped_column(BigId, ForeignKey("signature.id"), unique=True)
    at: Mapped[datetime] = mapped_column(Instant)


class Acknowledgement(Entity, Base):
    """That the appraised person has read the published card 已阅: read is not agreed."""

    __tablename__ = "acknowledgement"
    __table_args__ = (UniqueConstraint("scorecard_id", "person_id"),)

    scorecard_id: Mapped[int] = mapped_column(BigId, ForeignKey("scorecard.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
