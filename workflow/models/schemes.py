"""Scheme versions 考核方案: the scheme as data, immutable once approved."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded
from workflow.models.types import BigId, Document, Instant


class SchemeVersion(Entity, Base):
    """One version of a scheme; its content is the structure of scoring.md with decimals as text."""

    __tablename__ = "scheme_version"
    __table_args__ = (
        UniqueConstraint("code", "number"),
        CheckConstraint("state IN ('draft', 'prepared', 'reviewed', 'approved', 'retired')", name="state"),
    )

    code: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(16), default="draft")
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    effective_from: Mapped[str | None] = mapped_column(String(10))  # a period


class SchemeSignature(Recorded, Base):
    """A signature 编制/审核/批准 under a scheme version."""

    __tablename__ = "scheme_signature"

    scheme_version_id: Mapped[int] = mapped_column(BigId, ForeignKey("scheme_version.id"), index=True)
    meaning: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(64))
    on_behalf_of: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    method: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64))
