"""Questions that signers ask about cards."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Instant

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Questions that signers ask about cards."""
    op.create_table(
        "card_question",
        sa.Column("scorecard_id", BigId, nullable=False),
        sa.Column("unit_id", BigId, nullable=False),
        sa.Column("item", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asker_id", BigId, nullable=False),
        sa.Column("asker_person_id", BigId, nullable=True),
        sa.Column("asker_name", sa.String(length=64), nullable=False),
        sa.Column("asker_role", sa.String(length=32), nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("answerer_id", BigId, nullable=True),
        sa.Column("answerer_name", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.CheckConstraint("state IN ('asked', 'answered', 'withdrawn')", name=op.f("ck_card_question_state")),
        sa.CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name=op.f("ck_card_question_answered")),
        sa.ForeignKeyConstraint(["answerer_id"], ["account.id"], name=op.f("fk_card_question_answerer_id")),
        sa.ForeignKeyConstraint(["asker_id"], ["account.id"], name=op.f("fk_card_question_asker_id")),
        sa.ForeignKeyConstraint(["asker_person_id"], ["person.id"], name=op.f("fk_card_question_asker_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_card_question_record_id")),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecard.id"], name=op.f("fk_card_question_scorecard_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_card_question_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_question")),
    )
    op.create_index("ix_card_question_card", "card_question", ["scorecard_id", "id"])
    op.create_index("ix_card_question_unit", "card_question", ["unit_id", "state"])
    op.create_index("ix_card_question_asker", "card_question", ["asker_id", "state"])
