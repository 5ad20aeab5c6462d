"""Imports 数据导入: a file of people or measurements, what it would change, and what it changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.lifecycle.import_batch import Kind, State
from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import BigId, Document, Instant

_KINDS = ", ".join(f"'{kind}'" for kind in Kind)
_STATES = ", ".join(f"'{state}'" for state in State)


class ImportBatch(Entity, Base):
    """One file that somebody brought in; the record binds the file by its SHA-256."""

    __tablename__ = "import_batch"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index("ix_import_batch_file", "file_hash"),
    )

    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=State.UPLOADED)
    file_name: Mapped[str] = mapped_column(String(256))
    file_hash: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, str]] = mapped_column(Document, default=dict)  # the file's header by field
    counts: Mapped[dict[str, int]] = mapped_column(Document, default=dict)  # rows by outcome
    uploaded_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))  # none: by the command
    uploaded_at: Mapped[datetime] = mapped_column(Instant)


class ImportContent(Base):
    """The file itself, and once applied the entities it changed with what they were before; too long for a record."""

    __tablename__ = "import_content"

    import_id: Mapped[int] = mapped_column(BigId, ForeignKey("import_batch.id"), primary_key=True, autoincrement=False)
    file: Mapped[bytes] = mapped_column(LargeBinary)
    effects: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
