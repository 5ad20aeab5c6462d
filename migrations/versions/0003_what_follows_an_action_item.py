"""Kinds, steps and outcomes of action items."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId

revision = "0003"
down_revision = "0002"

KINDS = "'talk', 'off-post', 'training', 'test', 'return', 'dismissal', 'commendation', 'bonus', 'warning', 'level'"
NOTHING_BEFORE_DONE = "state = 'done' OR (done_on IS NULL AND agreed IS NULL AND passed IS NULL)"


def upgrade() -> None:
    """Kinds, steps and outcomes of action items."""
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("bonus", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("follows_id", BigId, nullable=True))
        batch_op.add_column(sa.Column("done_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("agreed", sa.String(length=2000), nullable=True))
        batch_op.add_column(sa.Column("passed", sa.Boolean(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_action_item_bonus"), "bonus IN ('none')")
        batch_op.create_check_constraint(batch_op.f("ck_action_item_kind"), f"kind IN ({KINDS})")
        batch_op.create_check_constraint(batch_op.f("ck_action_item_nothing_before_done"), NOTHING_BEFORE_DONE)
        batch_op.create_index("ix_action_item_follows", ["follows_id"], unique=False)
        batch_op.create_index("ix_action_item_person", ["person_id", "state"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_action_item_follows_id"), "action_item", ["follows_id"], ["id"])
