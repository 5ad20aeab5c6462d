"""Interview records of talks, and their corrections."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Instant

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Interview records and their corrections."""
    op.create_table(
        "interview",
        sa.Column("action_item_id", BigId, nullable=False),
        sa.Column("subject_kind", sa.String(length=8), nullable=False),
        sa.Column("subject_id", BigId, nullable=False),
        sa.Column("subject_code", sa.String(length=64), nullable=False),
        sa.Column("subject_name", sa.String(length=128), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("unit_id", BigId, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("held_at", sa.String(length=5), nullable=True),
        sa.Column("place", sa.String(length=128), nullable=False),
        sa.Column("held_by_id", BigId, nullable=True),
        sa.Column("held_by", sa.String(length=64), nullable=False),
        sa.Column("present", sa.String(length=256), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("acknowledged_at", Instant(), nullable=True),
        sa.Column("comment", sa.String(length=1000), nullable=True),
        sa.Column("declined", sa.String(length=1000), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.CheckConstraint(
            "(state = 'acknowledged') = (acknowledged_at IS NOT NULL)", name=op.f("ck_interview_acknowledged")
        ),
        sa.CheckConstraint("(state = 'declined') = (declined IS NOT NULL)", name=op.f("ck_interview_declined")),
        sa.CheckConstraint("state = 'acknowledged' OR comment IS NULL", name=op.f("ck_interview_comment")),
        sa.CheckConstraint(
            "state IN ('recorded', 'acknowledged', 'declined', 'corrected')", name=op.f("ck_interview_state")
        ),
        sa.CheckConstraint("subject_kind IN ('unit', 'person')", name=op.f("ck_interview_subject_kind")),
        sa.ForeignKeyConstraint(["action_item_id"], ["action_item.id"], name=op.f("fk_interview_action_item_id")),
        sa.ForeignKeyConstraint(["held_by_id"], ["person.id"], name=op.f("fk_interview_held_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interview_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_interview_record_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_interview_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("action_item_id", name=op.f("uq_interview_action_item_id")),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index("ix_interview_person", ["person_id", "state"], unique=False)
        batch_op.create_index("ix_interview_unit", ["unit_id", "id"], unique=False)
    op.create_table(
        "interview_correction",
        sa.Column("interview_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_interview_correction_account_id")),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_interview_correction_interview_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_interview_correction_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_correction")),
        sa.UniqueConstraint("interview_id", "number", name=op.f("uq_interview_correction_interview_id_number")),
    )
