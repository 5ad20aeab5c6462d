"""Reminders of what is late in a plan."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Reminders of what is late in a plan."""
    op.create_table(
        "reminder",
        sa.Column("plan_id", BigId, nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent_by", BigId, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reminder_account_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_reminder_plan_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_reminder_record_id")),
        sa.ForeignKeyConstraint(["sent_by"], ["account.id"], name=op.f("fk_reminder_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "account_id", "plan_id", "step", "day", name=op.f("uq_reminder_account_id_plan_id_step_day")
        ),
    )
    op.create_index(op.f("ix_reminder_plan_id"), "reminder", ["plan_id"])
