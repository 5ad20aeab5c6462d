"""Orders of erasure, and the records whose content they name."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Instant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Orders of erasure."""
    op.create_table(
        "erasure",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("order_text", sa.String(length=512), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_erasure_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("number", name=op.f("uq_erasure_number")),
    )
    op.create_index(op.f("ix_erasure_person_id"), "erasure", ["person_id"])
    op.create_table(
        "erased_content",
        sa.Column("erasure_id", BigId, nullable=False),
        sa.Column("erased_record_id", BigId, nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["erasure_id"],
            ["erasure.id"],
            name=op.f("fk_erased_content_erasure_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["erased_record_id"], ["record.id"], name=op.f("fk_erased_content_erased_record_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_erased_content_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_content")),
        sa.UniqueConstraint("erased_record_id", name=op.f("uq_erased_content_erased_record_id")),
    )
    op.create_index(op.f("ix_erased_content_erasure_id"), "erased_content", ["erasure_id"])
