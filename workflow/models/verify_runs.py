"""Proofs of the whole record that somebody asked for: what they have come to, and what they found."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.types import BigId, Document, Instant, new_id


class VerifyRun(Base):
    """One proof: waiting until the worker begins it, seen as long as it goes on, and done with a verdict.

    It changes nothing and stands in no record: whoever doubts a verdict runs the proof again.
    """

    __tablename__ = "verify_run"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=new_id)
    asked_by: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    steps: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    verdict: Mapped[dict[str, Any] | None] = mapped_column(Document)
