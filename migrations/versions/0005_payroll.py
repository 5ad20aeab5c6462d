"""Payroll batches with their lines, and the bonus bases of people."""

import sqlalchemy as sa
from alembic import op

from workflow.models.types import BigId, Document, Exact, Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Payroll batches with their lines, and the bonus bases of people."""
    op.create_table(
        "bonus_base",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("amount", Exact(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bonus_base_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_bonus_base_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bonus_base")),
    )
    with op.batch_alter_table("bonus_base", schema=None) as batch_op:
        batch_op.create_index("ix_bonus_base_person", ["person_id", "starts_on"], unique=False)

    op.create_table(
        "payroll_batch",
        sa.Column("plan_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_payroll_batch_number")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_payroll_batch_plan_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_payroll_batch_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payroll_batch")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_payroll_batch_plan_id_number")),
    )
    op.create_table(
        "payroll_line",
        sa.Column("payroll_batch_id", BigId, nullable=False),
        sa.Column("scorecard_id", BigId, nullable=False),
        sa.Column("card_number", sa.String(length=96), nullable=False),
        sa.Column("card_revision", sa.Integer(), nullable=False),
        sa.Column("card_digest", sa.String(length=64), nullable=False),
        sa.Column("scheme_code", sa.String(length=64), nullable=False),
        sa.Column("scheme_version_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("person_code", sa.String(length=64), nullable=False),
        sa.Column("person_name", sa.String(length=128), nullable=False),
        sa.Column("unit_id", BigId, nullable=False),
        sa.Column("points", Exact(), nullable=True),
        sa.Column("grade", sa.String(length=32), nullable=True),
        sa.Column("level", sa.String(length=32), nullable=True),
        sa.Column("attendance", Exact(), nullable=True),
        sa.Column("bonus_base", Exact(), nullable=True),
        sa.Column("stopped_by", BigId, nullable=True),
        sa.Column("base", Exact(), nullable=True),
        sa.Column("benefit", Exact(), nullable=True),
        sa.Column("bonus", Exact(), nullable=True),
        sa.Column("total", Exact(), nullable=True),
        sa.Column("gaps", Document, nullable=False),
        sa.Column("arithmetic", Document, nullable=False),
        sa.Column("paid_before", Exact(), nullable=True),
        sa.Column("difference", Exact(), nullable=True),
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.CheckConstraint(
            "difference IS NULL OR total IS NOT NULL", name=op.f("ck_payroll_line_difference_of_a_total")
        ),
        sa.ForeignKeyConstraint(
            ["payroll_batch_id"],
            ["payroll_batch.id"],
            name=op.f("fk_payroll_line_payroll_batch_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payroll_line_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_payroll_line_record_id")),
        sa.ForeignKeyConstraint(
            ["scheme_version_id"], ["scheme_version.id"], name=op.f("fk_payroll_line_scheme_version_id")
        ),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecard.id"], name=op.f("fk_payroll_line_scorecard_id")),
        sa.ForeignKeyConstraint(["stopped_by"], ["action_item.id"], name=op.f("fk_payroll_line_stopped_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_payroll_line_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payroll_line")),
        sa.UniqueConstraint(
            "payroll_batch_id", "scorecard_id", name=op.f("uq_payroll_line_payroll_batch_id_scorecard_id")
        ),
    )
    with op.batch_alter_table("payroll_line", schema=None) as batch_op:
        batch_op.create_index("ix_payroll_line_card", ["card_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_payroll_line_scorecard_id"), ["scorecard_id"], unique=False)
