"""Evidence 凭证: files kept once by the SHA-256 of their content, and who handed each in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import BigId, Instant

HASH_LENGTH = 64
"""The length of a SHA-256 in hex."""


class EvidenceContent(Base):
    """The bytes of a file under their own hash; never changed, and checked whenever they are read."""

    __tablename__ = "evidence_content"

    hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class EvidenceFile(Entity, Base):
    """That an account handed a file in, under which name; the same content handed in by two stands twice here."""

    __tablename__ = "evidence_file"
    __table_args__ = (UniqueConstraint("hash", "uploaded_by"), CheckConstraint("size > 0", name="not_empty"))

    hash: Mapped[str] = mapped_column(String(HASH_LENGTH), ForeignKey("evidence_content.hash"))
    file_name: Mapped[str] = mapped_column(String(256))
    media_type: Mapped[str] = mapped_column(String(128))
    size: Mapped[int]  # bytes
    uploaded_by: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
