"""Questions 询问 that a signer asks of those who filled a card in, without returning it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.lifecycle.question import State
from workflow.models.database import Base
from workflow.models.recorded import Entity
from workflow.models.types import BigId, Instant

TEXT_LENGTH = 1000


class CardQuestion(Entity, Base):
    """A signer's question about one item of a card, or about the whole card, and its answer."""

    __tablename__ = "card_question"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in State)})", name="state"),
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered"),
        Index("ix_card_question_card", "scorecard_id", "id"),
        Index("ix_card_question_unit", "unit_id", "state"),
        Index("ix_card_question_asker", "asker_id", "state"),
    )

    scorecard_id: Mapped[int] = mapped_column(BigId, ForeignKey("scorecard.id"))
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    item: Mapped[str | None] = mapped_column(String(64))  # none: the whole card
    state: Mapped[str] = mapped_column(String(16), default=State.ASKED)
    asker_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    asker_person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    asker_name: Mapped[str] = mapped_column(String(64))
    asker_role: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answerer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    answerer_name: Mapped[str | None] = mapped_column(String(64))
    answer: Mapped[str | None] = mapped_column(String(TEXT_LENGTH))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
