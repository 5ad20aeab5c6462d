"""Orders by which a person's content is erased from the record; what an order names, and nothing else, may be deleted."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.database import Base
from workflow.models.recorded import Entity, Recorded, of_entity
from workflow.models.types import BigId, Instant


class Erasure(Entity, Base):
    """One order: whose content is erased, under which number, by what paper it was ordered, and when."""

    __tablename__ = "erasure"

    number: Mapped[int] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    order_text: Mapped[str] = mapped_column(String(512))
    at: Mapped[datetime] = mapped_column(Instant)


class ErasedContent(Recorded, Base):
    """A record whose content an order names: it alone may be deleted."""

    __tablename__ = "erased_content"

    erasure_id: Mapped[int] = mapped_column(BigId, of_entity("erasure.id"), index=True)
    erased_record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), unique=True)
