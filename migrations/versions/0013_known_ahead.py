"""What is known elsewhere of the log and lies ahead of this database."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Instant

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """What is known elsewhere of the log and lies ahead of this database."""
    op.create_table(
        "log_ahead",
        sa.Column("known_by", sa.String(length=128), nullable=False),
        sa.Column("size", BigId, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("known_by", name=op.f("pk_log_ahead")),
    )
