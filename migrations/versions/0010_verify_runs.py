"""Proofs of the whole record that somebody asked for."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Document, Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Proofs of the whole record that somebody asked for."""
    op.create_table(
        "verify_run",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("asked_by", BigId, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("verdict", Document, nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_verify_run_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verify_run")),
    )
