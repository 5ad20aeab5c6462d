"""The written record: one row for each change of an entity, appended and never touched again (source: records.md)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.types import BigId, Document, Instant, new_id


class Record(Base):
    """Who changed which entity to which version, when, as what and for whom; the change itself is its content."""

    __tablename__ = "record"
    __table_args__ = (
        UniqueConstraint("entity_kind", "entity_id", "version"),
        Index("ix_record_actor_at", "actor_id", "at"),
        Index("ix_record_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=new_id)
    entity_kind: Mapped[str] = mapped_column(String(32))
    entity_id: Mapped[int] = mapped_column(BigId)
    version: Mapped[int | None]  # a refused signing changes nothing and has none
    event: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(BigId)  # none: the system itself, before there is an account
    role: Mapped[str | None] = mapped_column(String(32))
    on_behalf_of: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str | None] = mapped_column(String(32))
    request_id: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    content_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class RecordContent(Base):
    """The disclosed part of a record, kept apart so that an erasure by order can take it and leave the chain whole."""

    __tablename__ = "record_content"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    content: Mapped[dict[str, Any]] = mapped_column(Document)


class RecordPending(Base):
    """A committed record that the sequencer has not yet given an index in the log."""

    __tablename__ = "record_pending"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
