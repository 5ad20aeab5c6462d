"""The devices that make one-time codes."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Instant

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """The devices that make one-time codes."""
    op.create_table(
        "code_maker",
        sa.Column("account_id", BigId, autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(length=128), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("last_step", BigId, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_code_maker_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_code_maker")),
    )
