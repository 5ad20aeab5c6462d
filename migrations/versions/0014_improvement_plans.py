"""Improvement plans."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Exact, Instant

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Improvement plans."""
    op.create_table(
        "improvement",
        sa.Column("subject_kind", sa.String(length=8), nullable=False),
        sa.Column("subject_id", BigId, nullable=False),
        sa.Column("subject_code", sa.String(length=64), nullable=False),
        sa.Column("subject_name", sa.String(length=128), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("unit_id", BigId, nullable=False),
        sa.Column("scheme_code", sa.String(length=64), nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("item_title", sa.String(length=128), nullable=False),
        sa.Column("frequency", sa.String(length=16), nullable=False),
        sa.Column("measured_by", sa.String(length=16), nullable=False),
        sa.Column("better", sa.String(length=8), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=False),
        sa.Column("measures", sa.String(length=2000), nullable=False),
        sa.Column("owner_id", BigId, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("before_period", sa.String(length=10), nullable=True),
        sa.Column("before_value", Exact(), nullable=True),
        sa.Column("after_period", sa.String(length=10), nullable=True),
        sa.Column("after_value", Exact(), nullable=True),
        sa.Column("judgement", sa.String(length=2000), nullable=True),
        sa.Column("next_step", sa.String(length=1000), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.CheckConstraint("(state = 'draft') = (agreed_on IS NULL)", name=op.f("ck_improvement_agreed")),
        sa.CheckConstraint(
            "(state = 'evaluated') = (before_value IS NOT NULL AND before_period IS NOT NULL AND after_value IS NOT NULL AND after_period IS NOT NULL AND judgement IS NOT NULL)",
            name=op.f("ck_improvement_evaluated"),
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'evaluated')) = (finished_on IS NOT NULL)", name=op.f("ck_improvement_finished")
        ),
        sa.CheckConstraint(
            "better = 'higher' OR measured_by = 'measurement'", name=op.f("ck_improvement_more_points_are_better")
        ),
        sa.CheckConstraint("better IN ('higher', 'lower')", name=op.f("ck_improvement_better")),
        sa.CheckConstraint("measured_by IN ('points', 'measurement')", name=op.f("ck_improvement_measured_by")),
        sa.CheckConstraint("state = 'evaluated' OR next_step IS NULL", name=op.f("ck_improvement_next_step")),
        sa.CheckConstraint(
            "state IN ('draft', 'agreed', 'in_progress', 'done', 'evaluated')", name=op.f("ck_improvement_state")
        ),
        sa.CheckConstraint("subject_kind IN ('unit', 'person')", name=op.f("ck_improvement_subject_kind")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_improvement_owner_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_improvement_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_improvement_record_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_improvement_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement")),
    )
    with op.batch_alter_table("improvement", schema=None) as batch_op:
        batch_op.create_index("ix_improvement_owner", ["owner_id", "state"], unique=False)
        batch_op.create_index("ix_improvement_person", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_improvement_unit", ["unit_id", "id"], unique=False)

    op.create_table(
        "improvement_note",
        sa.Column("improvement_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_improvement_note_account_id")),
        sa.ForeignKeyConstraint(
            ["improvement_id"],
            ["improvement.id"],
            name=op.f("fk_improvement_note_improvement_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_improvement_note_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_note")),
        sa.UniqueConstraint("improvement_id", "number", name=op.f("uq_improvement_note_improvement_id_number")),
    )
